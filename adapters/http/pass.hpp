// SPDX-License-Identifier: Apache-2.0
// Makes and checks the pass and the known-browser cookie.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/message.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/stamp.hpp"
#include "adapters/http/tools.hpp"
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

// Whether the request has a good pass of the account that the host names; false where the account's state
// knows no code (`look`), as passes of a factor that is gone are dead. The gate and every page ask here.
// Requires: host.account.
bool holds_pass(const Tools& tools, const fastcgi::Request& request, const HostPerson& host,
                const service::Look& look, Seconds now);

// What a known-browser cookie is valid for. The epoch is not in the cookie either, so signing out everywhere
// ends it too.
struct KnownFacts {
  std::string_view account;
  const Token& epoch;
};

std::string make_known(const keys::KeyRing& keys, const KnownFacts& facts, Seconds now, Seconds life_s,
                       const Nonce& nonce);
bool check_known(const keys::KeyRing& keys, const KnownFacts& facts, Seconds now, Seconds life_s,
                 std::string_view known);

inline constexpr std::size_t others_kept_max = 4;    // other accounts whose cookies a browser keeps
inline constexpr std::size_t surplus_names_max = 8;  // of each kind, in one answer: its head has 4 KiB

// Names the pass and known-browser cookies of other accounts that the browser should forget: all but the
// newest of others_kept_max accounts. Else a browser that many people share sends a header that web servers
// refuse.
std::vector<std::string> surplus_cookies(const CookieJar& jar, const std::vector<fastcgi::Cookie>& sent,
                                         std::string_view account);

}  // namespace twinlock::http
