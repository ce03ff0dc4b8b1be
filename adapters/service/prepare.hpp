// SPDX-License-Identifier: Apache-2.0
// Prepares an operation: loads the row, asks the kernel, and builds the change that makes the decision
// durable. Reads the store, never writes it.
#pragma once

#include <optional>

#include "adapters/service/profile.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::service {

// What every operation uses; all of it must outlive the service.
struct Context {
  store::Store& store;
  const keys::KeyRing& keys;
  Environment& environment;
  Options options;
};

struct PreparedDecision {
  Decision decision;                    // to leave only after `change` is durable
  std::optional<store::Change> change;  // nullopt: nothing changed, so there is nothing to make durable
  Kind kind = Kind::begin_enrollment;
  Seconds now = 0;
  bool clock_went_back = false;
};

Expected<PreparedDecision> prepare(const Context& context, const Operation& operation);

// Returns the change that replaces version `expected` by `next`, with the audit entry `body`.
// Failure::entropy: it could not be sealed.
Expected<store::Change> make_change(const Context& context, const Account& account, store::Version expected,
                                    Profile& next, std::string body);

AccountTag account_tag(const Account& account);

}  // namespace twinlock::service
