// SPDX-License-Identifier: Apache-2.0
// Makes and checks the pass and the known-browser cookie.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/stamp.hpp"
#include "kernel/record.hpp"

namespace twinlock::http {

// What a pass is valid for. The epoch is not in the cookie: the check takes it from the account, so a revoked
// pass is refused at once.
struct PassFacts {
  std::string_view account;
  std::string_view session;  // the host's; "": it gives none
  const Token& epoch;
};

std::string make_pass(const keys::KeyRing& keys, const PassFacts& facts, Seconds now, Seconds life_s,
                      const Nonce& nonce);
bool check_pass(const keys::KeyRing& keys, const PassFacts& facts, Seconds now, Seconds life_s,
                std::string_view pass);

std::string make_known(const keys::KeyRing& keys, std::string_view account, Seconds now, Seconds life_s,
                       const Nonce& nonce);
bool check_known(const keys::KeyRing& keys, std::string_view account, Seconds now, Seconds life_s,
                 std::string_view known);

}  // namespace twinlock::http
