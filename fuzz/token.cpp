// SPDX-License-Identifier: Apache-2.0
// Claim: a pass, a known-browser cookie and a form token are good only as they were minted, for exactly the
// account, session or form, purpose and life that they were minted for, and under a key of the ring; and a
// mailed link's token names exactly the account and the secret that it was made of.
//
// Input: which token is minted, which is asked for; the seconds between; which byte of it is changed and how
// (0: none); which ring asks; then lines: account, session or route, both again as asked for (missing: the
// same), and any text.
#include <array>
#include <string>
#include <vector>

#include "adapters/http/pass.hpp"
#include "adapters/pages/form_token.hpp"
#include "adapters/service/service.hpp"
#include "fuzz/claim.hpp"

namespace {

using namespace twinlock;
using namespace twinlock::http;
using fuzz::claim;

constexpr Seconds minted_at = 1'700'000'000;
constexpr Seconds life_s = pages::form_s_max;  // of all of them here
constexpr Nonce nonce{{7}}, browser{{1, 2, 3}};
constexpr Token epoch{{4, 5, 6}};
constexpr std::size_t head_bytes = 7;

struct Facts {
  unsigned what;  // 0 a pass, 1 a known-browser cookie, 2 a form token
  std::string account, more;

  bool operator==(const Facts& other) const {
    return what == other.what && account == other.account && (more == other.more || what == 1);
  }
};

const keys::KeyRing& ring(unsigned which) {
  constexpr const char* one = "key 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  constexpr const char* two = "key 2 AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
  const auto parsed = [](const std::string& text) {
    return std::move(*keys::KeyRing::parse("twinlock-keys 1\n" + text + "\n"));
  };
  static const std::array<keys::KeyRing, 3> rings{parsed(std::string(one) + " current"),
                                                  parsed(std::string(one) + "\n" + two + " current"),
                                                  parsed(std::string(two) + " current")};
  return rings[which % rings.size()];
}

std::string mint(const Facts& f) {
  if (f.what == 0) return make_pass(ring(0), {f.account, f.more, epoch}, minted_at, life_s, nonce);
  if (f.what == 1) return make_known(ring(0), {f.account, epoch}, minted_at, life_s, nonce);
  return pages::make_form_token(ring(0), {browser, f.account, f.more}, minted_at, nonce);
}

bool good(const keys::KeyRing& keys, const Facts& f, Seconds now, const std::string& token) {
  if (f.what == 0) return check_pass(keys, {f.account, f.more, epoch}, now, life_s, token);
  if (f.what == 1) return check_known(keys, {f.account, epoch}, now, life_s, token);
  return pages::check_form_token(keys, {browser, f.account, f.more}, now, token).has_value();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  for (; out.size() < 4 && at < text.size(); at += out.back().size() + 1)
    out.push_back(text.substr(at, std::min(text.find('\n', at), text.size()) - at));
  while (out.size() < 2) out.emplace_back();
  while (out.size() < 4) out.push_back(out[out.size() - 2]);
  out.push_back(text.substr(std::min(at, text.size())));
  return out;
}

void claim_link(const std::string& name, const std::string& text) {
  if (const auto account = store::Account::from(name)) {
    const auto link = service::parse_link_token(service::link_token(*account, epoch));
    claim(link && link->account.bytes() == name && token_bytes == sizeof link->link.b);
    claim(std::equal(std::begin(epoch.b), std::end(epoch.b), std::begin(link->link.b)));
  }
  if (const auto link = service::parse_link_token(text))
    claim(service::link_token(link->account, link->link) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < head_bytes) return 0;
  const auto text = lines({reinterpret_cast<const char*>(data) + head_bytes, size - head_bytes});
  const Facts minted{data[0] % 3U, text[0], text[1]}, asked{data[1] % 3U, text[2], text[3]};
  const Seconds now = minted_at - 32'768 + (Seconds{data[2]} << 8U | data[3]);
  const std::string token = mint(minted);
  std::string shown = token;
  shown[data[4] % shown.size()] = static_cast<char>(shown[data[4] % shown.size()] ^ data[5]);

  const bool alive = now >= minted_at && now < minted_at + life_s;
  const bool held = data[6] % 3U != 2;  // the ring has the key that it was minted with
  claim(good(ring(data[6]), asked, now, shown) == (asked == minted && alive && held && shown == token));
  claim(!good(ring(0), asked, minted_at, text[4]) || (asked == minted && text[4] == token));
  claim_link(text[0], text[4]);
  return 0;
}
