// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "adapters/store/port.hpp"

namespace twinlock::store {

TEST(Account, takes_one_to_128_bytes) {
  EXPECT_FALSE(Account::from(""));
  EXPECT_TRUE(Account::from("a"));
  EXPECT_TRUE(Account::from(std::string(128, 'a')));
  EXPECT_FALSE(Account::from(std::string(129, 'a')));
}

TEST(Account, takes_every_byte_but_controls) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name = {'a', static_cast<char>(byte), 'b'};
    EXPECT_EQ(Account::from(name).has_value(), byte >= 0x20 && byte != 0x7F) << byte;
  }
}

TEST(Account, is_compared_byte_for_byte) {
  EXPECT_NE(*Account::from("Ann"), *Account::from("ann"));
  EXPECT_NE(*Account::from("ann"), *Account::from("ann "));
  EXPECT_LT(*Account::from("z"), *Account::from("\x80"));
}

}  // namespace twinlock::store
