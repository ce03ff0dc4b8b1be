// SPDX-License-Identifier: Apache-2.0
// Mail that hangs at a real SMTP server leaves places for the rest.
#include "property_tests/interop/mail_pump.hpp"

namespace twinlock::mail::test {
namespace {

TEST_F(PumpTest, notices_that_hang_leave_places_for_links) {
  const Sink sink({"--behaviour", "hang-at-hanging.example"});
  Pump pump(*store, *keys, smtp(sink));
  for (std::uint8_t number = 1; number <= 20; ++number)
    put(number, 0, 0, {.destination = number, .to = "bob@hanging.example"});
  pump.start();
  ASSERT_TRUE(eventually([&pump] { return pump.metrics().in_flight >= 4; }));
  put(21, begin + 600, 0, {.urgent = true, .destination = 1});
  pump.wake();
  EXPECT_TRUE(eventually([this] { return count(PumpEventKind::sent) == 1; }, std::chrono::seconds(10)));
  EXPECT_EQ(pump.metrics().in_flight, 4U);
}

TEST_F(PumpTest, mail_that_hangs_at_one_destination_leaves_places_for_others) {
  const Sink sink({"--behaviour", "hang-at-hanging.example"});
  Pump pump(*store, *keys, smtp(sink));
  for (std::uint8_t number = 1; number <= 20; ++number)
    put(number, begin + 600, 0, {.urgent = number > 10, .destination = 2, .to = "bob@hanging.example"});
  for (std::uint8_t number = 21; number <= 30; ++number) put(number, 0, 0, {.urgent = number > 25});
  pump.start();
  EXPECT_TRUE(eventually([this] { return waiting() == 20; }, std::chrono::seconds(10)));
  EXPECT_EQ(count(PumpEventKind::sent), 10U);
  EXPECT_EQ(pump.metrics().in_flight, 3U);
  const auto listed = store->outbox_list(100);
  ASSERT_TRUE(listed);
  for (const store::LeasedMail& waiting : *listed)
    EXPECT_EQ(waiting.destination, 2U) << "another destination's mail waited";
}

}  // namespace
}  // namespace twinlock::mail::test
