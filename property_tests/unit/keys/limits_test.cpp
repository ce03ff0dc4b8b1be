// SPDX-License-Identifier: Apache-2.0
// The bounds of the key file as text, and of what a key takes from the heap.
#include <gtest/gtest.h>
#include <malloc.h>

#include "adapters/keys/crypto.hpp"
#include "adapters/keys/master_keys.hpp"
#include "property_tests/unit/keys/keys_support.hpp"

namespace twinlock::keys::test {

namespace {

TEST(KeyLimits, AFileOf64KiBIsReadAndOneByteMoreIsNot) {
  std::string text = "twinlock-keys 1\nkey 1 " + key_one + " current\n#";
  text.resize(65536, '.');
  EXPECT_TRUE(parse_keys(text, "keys"));
  text += '.';
  const auto larger = parse_keys(text, "keys");
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error(), "keys:1: the file is larger than 64 KiB");
}

// A cipher that is not freed is not wiped either. Some 600 bytes each; under a sanitizer mallinfo2() counts
// nothing, and that one's own search for leaks speaks.
TEST(KeyLimits, ACipherGivesItsMemoryBack) {
  const std::vector<std::uint8_t> key(32, 1);
  const auto before = ::mallinfo2().uordblks;
  for (int i = 0; i < 10000; ++i) EXPECT_TRUE(GcmSiv(std::span<const std::uint8_t, 32>(key.data(), 32)));
  EXPECT_LT(::mallinfo2().uordblks, before + 500000);
}

}  // namespace

}  // namespace twinlock::keys::test
