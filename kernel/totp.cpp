// SPDX-License-Identifier: Apache-2.0
#include "kernel/totp.hpp"

#include "kernel/bytes.hpp"
#include "kernel/require.hpp"

namespace twinlock {

// value mod 10^6 for value < 2^31, by a multiplication: 4503599628 = ceil(2^52 / 10^6), and the error stays
// below one unit over the whole range (an exhaustive test shows it). Division takes a time that depends on
// its operands, and memcheck cannot see it.
static std::uint32_t low_six_digits(std::uint32_t value) noexcept {
  const std::uint64_t quotient = (static_cast<std::uint64_t>(value) * 4503599628ULL) >> 52U;
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(value) - quotient * code_limit);
}

std::uint32_t truncate(const std::uint8_t (&mac)[secret_bytes]) noexcept {
  const std::uint32_t offset = mac[secret_bytes - 1] & 0x0FU;
  std::uint32_t value = 0;
  for (std::uint32_t i = 0; i < 16; ++i) {
    const std::uint32_t word =
        (static_cast<std::uint32_t>(mac[i]) << 24U) | (static_cast<std::uint32_t>(mac[i + 1]) << 16U) |
        (static_cast<std::uint32_t>(mac[i + 2]) << 8U) | static_cast<std::uint32_t>(mac[i + 3]);
    value |= word * is_zero(offset ^ i);
  }
  return low_six_digits(value & 0x7FFFFFFFU);
}

TotpKey totp_key(const Secret& secret) noexcept {
  TotpKey key{};
  for (std::size_t i = 0; i < secret_bytes; ++i) key.b[i] = secret.b[i];
  return key;
}

bool is_code(const Code& code) noexcept {
  std::uint32_t wrong = 0;
  for (std::size_t i = 0; i < code_digits; ++i) {
    // 0 to 9 for '0' to '9', above for all others.
    const std::uint32_t digit = static_cast<std::uint32_t>(code.digit[i] ^ 0x30U);
    wrong |= (digit + 246U) >> 8U;
  }
  return wrong == 0;
}

std::uint32_t code_value(const Code& code) noexcept {
  REQUIRE(is_code(code));
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < code_digits; ++i) value = value * 10U + (code.digit[i] & 0x0FU);
  return value;
}

CodeMatch match_code(const Codes& codes, std::uint32_t presented, Step now_step, Step last,
                     bool strict) noexcept {
  REQUIRE(now_step >= 1 && now_step < step_limit);
  std::uint32_t any = 0;
  Step found = 0;
  for (std::uint32_t i = 0; i < candidates_count; ++i) {
    const Step step = now_step - 1U + i;  // ascending: of equal codes the highest step stays
    // Of clock and record alone, so public.
    const std::uint32_t open = (step > last && (i == 1U || !strict)) ? 1U : 0U;
    const std::uint32_t hit = is_zero(presented ^ codes.c[i]) & open;
    found = step * hit + found * (1U - hit);
    any |= hit;
  }
  CodeMatch m;
  m.match = any != 0U;
  m.step = found;
  return m;
}

}  // namespace twinlock
