// SPDX-License-Identifier: Apache-2.0
// K13: everything has a fixed size. The bounds are what is expected on 64-bit machines; the figures are
// printed.
#include <gtest/gtest.h>

#include <cstdio>
#include <type_traits>

#include "kernel/decide.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::test {
namespace {

static_assert(std::is_trivially_copyable_v<Record> && std::is_standard_layout_v<Record>);
static_assert(std::is_trivially_copyable_v<Outcome> && std::is_trivially_copyable_v<Event>);
static_assert(sizeof(Encoded) == record_bytes);

TEST(Sizes, AreFixedAndSmall) {
  EXPECT_EQ(sizeof(Encoded), 294U);
  EXPECT_LE(sizeof(Record), 352U);
  EXPECT_LE(sizeof(Outcome), sizeof(Record) + 40U);
  EXPECT_LE(sizeof(Event), 256U);
  EXPECT_LE(sizeof(Fresh), 144U);
  EXPECT_LE(sizeof(View), 128U);
  std::printf(
      "figure: bytes: encoded record %zu, Record %zu, Outcome %zu, Event %zu, Fresh %zu, View %zu, Evidence "
      "%zu\n",
      sizeof(Encoded), sizeof(Record), sizeof(Outcome), sizeof(Event), sizeof(Fresh), sizeof(View),
      sizeof(Evidence));
}

}  // namespace
}  // namespace twinlock::test
