// SPDX-License-Identifier: Apache-2.0
// Dates and times as the configuration and the command line take them.
#include <gtest/gtest.h>

#include "adapters/config/config.hpp"
#include "adapters/config/schema.hpp"

namespace twinlock::config {
namespace {

TEST(Moment, ReadsWhatItWritesAndRefusesTheRest) {
  for (const std::uint64_t seconds :
       {0ULL, 1ULL, 86'400ULL, 951'782'400ULL, 1'795'509'015ULL, 253'402'300'799ULL})
    EXPECT_EQ(read_moment(moment_text(seconds)), seconds) << moment_text(seconds);
  EXPECT_EQ(read_moment("2024-02-29"), 1'709'164'800U);
  EXPECT_EQ(read_moment("2026-11-24T00:00:00-00:30"), 1'795'480'200U);
  for (const char* bad : {"",
                          "2026",
                          "2026-11",
                          "2026-2-3",
                          "2023-02-29",
                          "2026-13-01",
                          "2026-00-01",
                          "2026-01-00",
                          "26-01-01",
                          "2026-01-01T",
                          "2026-01-01T08:00:00",
                          "2026-01-01T24:00:00Z",
                          "2026-01-01T08:60:00Z",
                          "2026-01-01T08:00:60Z",
                          "2026-01-01T08:00:00Zx",
                          "2026-01-01T08:00:00.5Z",
                          "2026-01-01T08:00:00+0100",
                          "2026-01-01T08:00:00+24:00",
                          "2026-01-01x",
                          "1970-01-01T00:00:00+00:01",
                          "+2026-01-01",
                          " 2026-01-01",
                          "tomorrow"})
    EXPECT_EQ(read_moment(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace twinlock::config
