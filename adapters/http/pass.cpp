// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/pass.hpp"

namespace twinlock::http {
namespace {

MacInput of(const PassFacts& facts) {
  MacInput input;
  input.add("pass").add(facts.account).add(facts.session).add(std::span<const std::uint8_t>(facts.epoch.b));
  return input;
}

MacInput of(const KnownFacts& facts) {
  MacInput input;
  input.add("known browser").add(facts.account).add(std::span<const std::uint8_t>(facts.epoch.b));
  return input;
}

}  // namespace

std::string make_pass(const keys::KeyRing& keys, const PassFacts& facts, Seconds now, Seconds life_s,
                      const Nonce& nonce) {
  return make_stamp(keys, keys::MacPurpose::pass, of(facts), now + life_s, nonce);
}

bool check_pass(const keys::KeyRing& keys, const PassFacts& facts, Seconds now, Seconds life_s,
                std::string_view pass) {
  return check_stamp(keys, keys::MacPurpose::pass, of(facts), now, life_s, pass).has_value();
}

bool holds_pass(const Tools& tools, const fastcgi::Request& request, const HostPerson& host,
                const service::Look& look, Seconds now) {
  const std::string& account = host.account->bytes();
  return look.view.code_required &&
         check_pass(tools.keys, {account, host.session, look.epoch}, now, tools.config.pass.lifetime_s,
                    tools.jar.get(request.cookies, CookieKind::pass, account));
}

std::string make_known(const keys::KeyRing& keys, const KnownFacts& facts, Seconds now, Seconds life_s,
                       const Nonce& nonce) {
  return make_stamp(keys, keys::MacPurpose::known_browser, of(facts), now + life_s, nonce);
}

bool check_known(const keys::KeyRing& keys, const KnownFacts& facts, Seconds now, Seconds life_s,
                 std::string_view known) {
  return check_stamp(keys, keys::MacPurpose::known_browser, of(facts), now, life_s, known).has_value();
}

}  // namespace twinlock::http
