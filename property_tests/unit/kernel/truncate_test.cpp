// SPDX-License-Identifier: Apache-2.0
// The truncation, whole: its arithmetic is a static function, so the source itself is included here.
#include <gtest/gtest.h>

#include <cstring>

#include "kernel/totp.cpp"

namespace twinlock {
namespace {

// All 2^31 values against counting, which needs no arithmetic to be trusted.
TEST(Truncate, LowSixDigitsOfEveryValue) {
  std::uint32_t expected = 0;
  std::uint64_t wrong = 0;
  for (std::uint32_t value = 0; value < 0x80000000U; ++value) {
    wrong += low_six_digits(value) != expected ? 1U : 0U;
    expected = expected == 999999 ? 0 : expected + 1;
  }
  EXPECT_EQ(expected, 0x80000000U % 1000000U);
  EXPECT_EQ(wrong, 0U);
}

// RFC 4226, 5.4: the worked example.
TEST(Truncate, Rfc4226Example) {
  const std::uint8_t mac[secret_bytes] = {0x1f, 0x86, 0x98, 0x69, 0x0e, 0x02, 0xca, 0x16, 0x61, 0x85,
                                          0x50, 0xef, 0x7f, 0x19, 0xda, 0x8e, 0x94, 0x5b, 0x55, 0x5a};
  EXPECT_EQ(truncate(mac), 872921U);
}

// Every last nibble takes the four bytes it names; the top bit is dropped, the high nibble ignored.
TEST(Truncate, EveryOffset) {
  for (unsigned last = 0; last < 256; ++last) {
    std::uint8_t mac[secret_bytes];
    for (std::size_t i = 0; i < secret_bytes; ++i) mac[i] = static_cast<std::uint8_t>(0x80U + 7U * i + last);
    mac[19] = static_cast<std::uint8_t>(last);
    std::uint64_t cut = 0;
    for (std::size_t i = 0; i < 4; ++i) cut = cut << 8U | mac[(last & 15U) + i];
    EXPECT_EQ(truncate(mac), (cut & 0x7FFFFFFFU) % 1000000U) << last;
  }
}

}  // namespace
}  // namespace twinlock
