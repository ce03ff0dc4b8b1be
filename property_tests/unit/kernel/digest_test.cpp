// SPDX-License-Identifier: Apache-2.0
// What a token is kept as: SHA-256 over a domain, the purpose, the account, the binding and the value, cut to
// 128 bits. So a recovery code is no link, a link no grant, and neither is one of another account or
// enrollment.
#include "kernel/digest.hpp"

#include <gtest/gtest.h>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

struct Input {
  AccountTag account{};
  Token binding{}, value{};

  Input() {
    for (std::uint8_t i = 0; i < 32; ++i) account.b[i] = i;
    for (std::uint8_t i = 0; i < token_bytes; ++i) binding.b[i] = static_cast<std::uint8_t>(100 + i);
    for (std::uint8_t i = 0; i < token_bytes; ++i) value.b[i] = static_cast<std::uint8_t>(200 + i);
  }
  [[nodiscard]] std::string of(Purpose purpose) const {
    const Token t = digest(purpose, account, binding, value);
    std::string hex;
    for (const std::uint8_t b : t.b) hex += "0123456789abcdef"[b >> 4], hex += "0123456789abcdef"[b & 15];
    return hex;
  }
};

// By Python's hashlib.
TEST(Digest, IsSha256OverWhatItIsFor) {
  EXPECT_EQ(Input().of(Purpose::recovery_code), "4240882873230273c9583b1df20135a4");
  EXPECT_EQ(Input().of(Purpose::link), "4dfa26e691475701461610b743b7e5f4");
  EXPECT_EQ(Input().of(Purpose::asker), "91c8868f39a359c6992b13b5bfa7be41");
  EXPECT_EQ(Input().of(Purpose::grant), "aad262f770ad9eb296dd684e483c4cc2");
  EXPECT_EQ(Input().of(Purpose::ticket), "86e533abb673ae32cd4665243c746973");
}

TEST(Digest, EveryByteCounts) {
  const std::string whole = Input().of(Purpose::link);
  for (std::size_t i = 0; i < 32; ++i) {
    Input changed;
    changed.account.b[i] ^= 1U;
    EXPECT_NE(changed.of(Purpose::link), whole) << i;
  }
  for (std::size_t i = 0; i < token_bytes; ++i) {
    Input changed;
    changed.binding.b[i] ^= 1U;
    EXPECT_NE(changed.of(Purpose::link), whole) << i;
    changed = Input();
    changed.value.b[i] ^= 1U;
    EXPECT_NE(changed.of(Purpose::link), whole) << i;
  }
}

// The same 128 bits under another purpose open nothing: here the link's token is the recovery code itself.
TEST(Digest, ATokenHasOnePurpose) {
  World w;
  w.enroll();
  w.recover();
  Event e = w.right(Kind::confirm_recovery);
  e.link = w.recovery_code;
  EXPECT_EQ(w.send(e), Verdict::wrong_holder);
}

}  // namespace
}  // namespace twinlock::test
