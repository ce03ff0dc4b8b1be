// SPDX-License-Identifier: Apache-2.0
// When a mail is tried again, and when it is given up.
#include "adapters/mail/schedule.hpp"

#include <gtest/gtest.h>

namespace twinlock::mail {
namespace {

TEST(Schedule, waits_double_up_to_an_hour) {
  constexpr store::Seconds expected[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
  for (std::uint32_t attempts = 0; attempts < std::size(expected); ++attempts) {
    EXPECT_EQ(retry_after_s(attempts), expected[attempts]);
  }
  EXPECT_EQ(retry_after_s(UINT32_MAX), 3600U);
}

TEST(Schedule, a_refused_mail_is_given_up_after_a_day_a_deferred_one_after_five) {
  EXPECT_FALSE(give_up(1000, 1000 + 86'399, wire::Result::failed));
  EXPECT_TRUE(give_up(1000, 1000 + 86'400, wire::Result::failed));
  EXPECT_FALSE(give_up(1000, 1000 + 431'999, wire::Result::retry));
  EXPECT_TRUE(give_up(1000, 1000 + 432'000, wire::Result::retry));
  EXPECT_FALSE(give_up(1000, 10, wire::Result::failed)) << "a clock that went back";
}

TEST(Schedule, a_link_expires_after_its_last_second) {
  EXPECT_FALSE(expired(0, UINT64_MAX));
  EXPECT_FALSE(expired(100, 100));
  EXPECT_TRUE(expired(100, 101));
}

}  // namespace
}  // namespace twinlock::mail
