// Claim: no text is a pass, a known-browser cookie or a form token but one that was made for exactly this;
// and no account makes a Set-Cookie line of more than one line or one cookie.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "adapters/http/cookies.hpp"
#include "adapters/http/form_token.hpp"
#include "adapters/http/pass.hpp"

namespace {

using namespace twinlock;
using namespace twinlock::http;

constexpr const char* key_text =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";
constexpr Seconds now = 1'700'000'000;
constexpr Seconds life_s = 600;

void claim(bool holds) {
  if (!holds) std::abort();
}

void claim_one_cookie(const std::string& account) {
  for (const bool dev : {true, false}) {
    const std::string line = CookieJar(dev).set(CookieKind::pass, account, "v", 60);
    claim(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
    claim(std::count(line.begin(), line.end(), '=') == 4);  // the value, Path, SameSite, Max-Age
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const keys::KeyRing keys = std::move(*keys::KeyRing::parse(key_text));
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Token epoch{{1, 2, 3}};
  const Nonce browser{{4, 5, 6}};
  const PassFacts facts{"alice", "session", epoch};
  const std::string pass = make_pass(keys, facts, now, life_s, Nonce{{7}});

  claim(check_pass(keys, facts, now, life_s, pass));
  claim(check_pass(keys, facts, now, life_s, text) == (text == pass));
  claim(!check_known(keys, "alice", now, life_s, text));
  claim(!check_form_token(keys, {browser, "account:alice", "/disable"}, now, text));
  claim(!check_pass(keys, {text, "session", epoch}, now, life_s, pass) || text == "alice");
  claim(!check_pass(keys, {"alice", text, epoch}, now, life_s, pass) || text == "session");

  std::string changed = pass;
  for (std::size_t i = 0; i < std::min(size, changed.size()); ++i)
    changed[i] = static_cast<char>(changed[i] ^ text[i]);
  claim(check_pass(keys, facts, now, life_s, changed) == (changed == pass));

  const auto token = read_token(text);
  claim(!token || token_text(*token) == text);
  claim_one_cookie(text);
  return 0;
}
