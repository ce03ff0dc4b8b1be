// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/pass.hpp"

#include <algorithm>

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

// The other accounts' cookies of one kind, newest first.
std::vector<const fastcgi::Cookie*> others(const CookieJar& jar, const std::vector<fastcgi::Cookie>& sent,
                                           CookieKind kind, std::string_view account) {
  const std::string own = jar.name(kind, account);
  std::vector<const fastcgi::Cookie*> found;
  for (const fastcgi::Cookie& cookie : sent) {
    if (jar.is_of_kind(cookie.name, kind) && cookie.name != own) found.push_back(&cookie);
  }
  std::ranges::sort(found, [](const fastcgi::Cookie* a, const fastcgi::Cookie* b) {
    const auto of_a = claimed_expiry(a->value);
    const auto of_b = claimed_expiry(b->value);
    return of_a != of_b ? of_a > of_b
                        : a > b;  // of one second's, browsers send the newer later (RFC 6265, 5.4)
  });
  return found;
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

std::vector<std::string> surplus_cookies(const CookieJar& jar, const std::vector<fastcgi::Cookie>& sent,
                                         std::string_view account) {
  std::vector<std::string> names;
  for (const CookieKind kind : {CookieKind::pass, CookieKind::known}) {
    const auto found = others(jar, sent, kind, account);
    const std::size_t end = std::min(found.size(), others_kept_max + surplus_names_max);
    for (std::size_t i = others_kept_max; i < end; ++i) names.push_back(found[i]->name);
  }
  return names;
}

}  // namespace twinlock::http
