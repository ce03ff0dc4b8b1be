// SPDX-License-Identifier: Apache-2.0
// How addresses are shown.
#include "adapters/mail/address.hpp"

#include <gtest/gtest.h>

namespace twinlock::mail {
namespace {

TEST(Address, masked) {
  EXPECT_EQ(masked("alice@example.org"), "a***@e***.org");
  EXPECT_EQ(masked("a@mail.example.org"), "a***@m***.org");
  EXPECT_EQ(masked("alice@localhost"), "a***@l***");
  EXPECT_EQ(masked("nonsense"), "***");
  EXPECT_EQ(masked(""), "***");
}

}  // namespace
}  // namespace twinlock::mail
