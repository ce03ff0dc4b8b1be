// SPDX-License-Identifier: Apache-2.0
// What the swarm of the service knows of an account.
#pragma once

#include <string>

#include "property_tests/model/kernel_model.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

// One account: its name, the model, and what its holders were ever given.
struct Known {
  explicit Known(std::string_view name) : account(account_of(name)) {}
  Account account;
  model::Account model;
  std::string address;  // on file
  Token enrollment_id{}, recovery_code{}, link{}, asker{}, grant{}, epoch{}, ticket{};
  std::string last_accepted;  // digits
};

// What was loaded before somebody overtook it.
struct Loaded {
  model::Account model;
  std::string address;
};

// Operators do what is theirs, and nobody else does.
inline bool is_operators(Kind kind) {
  return kind == Kind::operator_reset || kind == Kind::operator_unlock || kind == Kind::set_policy ||
         kind == Kind::operator_import || kind == Kind::operator_restored;
}

// A browser is known for one epoch of a factor that is on.
inline bool of_this_epoch(const Known& known, const Token& epoch, std::int64_t now, const Rules& rules) {
  const auto& kept = known.model.token("epoch");
  return known.model.look(now, HostWord::unsaid, rules).code_required && kept &&
         std::equal(kept->begin(), kept->end(), std::begin(epoch.b), std::end(epoch.b));
}

}  // namespace twinlock::service::test
