// SPDX-License-Identifier: Apache-2.0
// Claim: what a person typed is accepted exactly when a second implementation, written from the RFCs alone,
// says so, and at the step that it says: the highest of the window's that lies above the last accepted one.
//
// Input: 64 bytes of key (zeros where it is shorter), 6 of time (little-endian), how far the last accepted
// step lies from now, which of the codes around now is typed (0 to 4; above: none) and whether the rules are
// strict; then text that stands in the middle of that code, or alone.
#include <cstring>
#include <optional>
#include <string>

#include "adapters/http/code.hpp"
#include "fuzz/claim.hpp"
#include "kernel/totp.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

constexpr std::size_t head_bytes = totp_key_bytes_max + 8;

// Six ASCII digits with blanks and hyphens anywhere among them; nothing else is a code.
std::optional<std::string> naive_digits(const std::string& typed) {
  std::string left = typed;
  std::erase(left, ' ');
  std::erase(left, '-');
  const bool six = left.size() == 6 && left.find_first_not_of("0123456789") == std::string::npos;
  return six ? std::optional(left) : std::nullopt;
}

Step naive_match(const reference::Bytes& key, const std::string& digits, Step now, Step last, bool strict) {
  for (const Step step : {now + 1, now, now - 1})
    if (step > last && (step == now || !strict) && reference::totp(key, step) == digits) return step;
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < head_bytes) return 0;
  TotpKey secret{};
  std::memcpy(secret.b, data, totp_key_bytes_max);
  const reference::Bytes key(data, data + totp_key_bytes_max);
  std::uint64_t time = 0;
  for (std::size_t i = 6; i-- > 0;) time = time << 8U | data[totp_key_bytes_max + i];
  const Step now = 1 + time / step_s % (step_limit - 1);
  const std::uint8_t distance = data[totp_key_bytes_max + 6], choice = data[totp_key_bytes_max + 7];
  const Step back = distance % 8U, last = distance >= 128 ? now + back : now - (back < now ? back : now);
  const bool strict = (choice & 128U) != 0;
  std::string typed(reinterpret_cast<const char*>(data) + head_bytes, size - head_bytes);
  if (const Step around = now + choice % 8U; choice % 8U <= 4 && around >= 2)
    typed = reference::totp(key, around - 2).insert(3, typed);

  const Codes codes = totp_codes(secret, now);
  for (Step i = 0; i < candidates_count; ++i) claim(codes.c[i] == reference::hotp(key, now - 1 + i));
  const auto code = http::read_code(typed);
  const auto digits = naive_digits(typed);
  claim(code.has_value() == digits.has_value());
  if (!code) return 0;
  claim(is_code(*code) && code_value(*code) == std::stoul(*digits));
  const CodeMatch match = match_code(codes, code_value(*code), now, last, strict);
  const Step expected = naive_match(key, *digits, now, last, strict);
  claim(match.match == (expected != 0) && match.step == expected);
  return 0;
}
