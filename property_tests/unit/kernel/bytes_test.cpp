// SPDX-License-Identifier: Apache-2.0
// The constant-time helpers over the cross product of the values where masks go wrong, and what wipe leaves.
#include "kernel/bytes.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock {
namespace {

TEST(Bytes, IsZeroAtEveryEdge) {
  EXPECT_EQ(is_zero(0), 1U);
  for (unsigned bit = 0; bit < 32; ++bit) {
    EXPECT_EQ(is_zero(1U << bit), 0U) << bit;
    EXPECT_EQ(is_zero((1U << bit) - 1U), bit == 0 ? 1U : 0U) << bit;
    EXPECT_EQ(is_zero(~(1U << bit)), 0U) << bit;
  }
}

// Each place and each bit alone makes the difference.
TEST(Bytes, OneBitAnywhereIsADifference) {
  Token a{};
  for (std::size_t i = 0; i < token_bytes; ++i) a.b[i] = static_cast<std::uint8_t>(0xF0U ^ i);
  EXPECT_TRUE(same(a, a));
  for (std::size_t i = 0; i < token_bytes; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Token b = a;
      b.b[i] = static_cast<std::uint8_t>(b.b[i] ^ (1U << bit));
      EXPECT_FALSE(same(a, b));
      Token lone{};
      lone.b[i] = static_cast<std::uint8_t>(1U << bit);
      EXPECT_FALSE(absent(lone));
    }
  }
  EXPECT_TRUE(absent(Token{}));
}

TEST(Bytes, SecretIsAbsentOnlyWhenAllZero) {
  EXPECT_TRUE(absent(Secret{}));
  for (std::size_t i = 0; i < secret_bytes; ++i) {
    Secret s{};
    s.b[i] = 0x80;
    EXPECT_FALSE(absent(s)) << i;
  }
  EXPECT_TRUE(absent(TotpKey{}));
  for (std::size_t i = 0; i < totp_key_bytes_max; ++i) {
    TotpKey k{};
    k.b[i] = 0x80;
    EXPECT_FALSE(absent(k)) << i;
  }
}

bool holds(const void* where, std::size_t n, std::uint8_t byte) {
  const auto* p = static_cast<const std::uint8_t*>(where);
  for (std::size_t i = 0; i < n; ++i)
    if (p[i] == byte) return true;
  return false;
}

// Filled with one byte, wiped: the byte is left in no secret field.
TEST(Bytes, WipeLeavesNoSecret) {
  Record r = new_record();
  std::memset(r.secret.b, 0xA5, totp_key_bytes_max);
  std::memset(r.pending.b, 0xA5, secret_bytes);
  for (Token* t :
       {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash})
    std::memset(t->b, 0xA5, token_bytes);
  Outcome o{};
  o.record = r;
  wipe(r);
  wipe(o);
  EXPECT_FALSE(holds(&r, sizeof r, 0xA5));
  EXPECT_FALSE(holds(&o, sizeof o, 0xA5));

  Event e{};
  std::memset(e.code.digit, 0xA5, code_digits);
  std::memset(e.key.b, 0xA5, totp_key_bytes_max);
  for (Token* t : {&e.enrollment_id, &e.grant, &e.ticket, &e.recovery_code, &e.link, &e.asker, &e.epoch})
    std::memset(t->b, 0xA5, token_bytes);
  wipe(e);
  EXPECT_FALSE(holds(&e, sizeof e, 0xA5));

  Fresh f;
  std::memset(&f, 0xA5, sizeof f);
  wipe(f);
  EXPECT_FALSE(holds(&f, sizeof f, 0xA5));
}

}  // namespace
}  // namespace twinlock
