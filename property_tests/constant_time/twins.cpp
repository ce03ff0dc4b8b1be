// SPDX-License-Identifier: Apache-2.0
#include "property_tests/constant_time/twins.hpp"

#include <cstring>

namespace twinlock::ct {

Twin active_twin = Twin::none;

namespace {
// Not constant: clang makes one comparison without a branch of a loop, or a memcmp(), over a known length,
// which is then no leak any more. Nor may a compiler compute what is looked up.
volatile std::size_t token_length = token_bytes;
std::uint8_t digit_value[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
}  // namespace

bool leaky_same_early_exit(const Token& a, const Token& b) {
  const std::size_t length = token_length;
  for (std::size_t i = 0; i < length; ++i) {
    if (a.b[i] != b.b[i]) return false;
  }
  return true;
}

bool leaky_same_memcmp(const Token& a, const Token& b) { return std::memcmp(a.b, b.b, token_length) == 0; }

bool leaky_is_code(const Code& code) {
  for (const std::uint8_t digit : code.digit) {
    if (digit < '0' || digit > '9') return false;
  }
  return true;
}

std::uint32_t leaky_code_value(const Code& code) {
  std::uint32_t value = 0;
  for (const std::uint8_t digit : code.digit) value = value * 10U + digit_value[digit & 0x0FU];
  return value;
}

CodeMatch leaky_match(const Codes& codes, std::uint32_t presented, Step now, Step last, bool strict) {
  for (std::uint32_t i = candidates_count; i-- > 0;) {
    const Step step = now - 1U + i;
    if (codes.c[i] == presented && step > last && (i == 1U || !strict)) return {true, step};
  }
  return {false, 0};
}

std::uint32_t leaky_truncate(const std::uint8_t (&mac)[secret_bytes]) {
  const std::size_t offset = mac[secret_bytes - 1] & 0x0FU;
  const std::uint32_t word =
      static_cast<std::uint32_t>(mac[offset]) << 24U | static_cast<std::uint32_t>(mac[offset + 1]) << 16U |
      static_cast<std::uint32_t>(mac[offset + 2]) << 8U | static_cast<std::uint32_t>(mac[offset + 3]);
  return (word & 0x7FFFFFFFU) % code_limit;
}

int leaky_mac(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i] != b[i]) return 1;
  }
  return 0;
}

std::uint32_t leaky_remainder(std::uint32_t value, std::uint32_t divisor) { return value % divisor; }

}  // namespace twinlock::ct
