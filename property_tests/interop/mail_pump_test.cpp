// SPDX-License-Identifier: Apache-2.0
// The whole way of a mail: outbox, pump, mailer, SMTP server.
#include "property_tests/interop/mail_pump.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>

#include "adapters/memory_store/memory_store.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::mail::test {
namespace {

std::string message_id(std::uint8_t number) { return "<" + text::to_hex(id_of(number)) + "@example.org>"; }

// Our child that runs the mailer; 0: there is none.
pid_t mailer_pid() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string pid, name, state, parent;
    if (!(file >> pid >> name >> state >> parent)) continue;
    if (name == "(twinlock-mailer)" && parent == std::to_string(getpid()) && state != "Z")
      return std::stoi(pid);
  }
  return 0;
}

TEST_F(PumpTest, delivers_each_mail_exactly_once) {
  const Sink sink({});
  Pump pump(*store, *keys, smtp(sink));
  for (std::uint8_t number = 1; number <= 20; ++number) put(number);
  pump.start();
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  put(21);
  pump.wake();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::sent) == 21 && waiting() == 0; }));
  pump.stop();
  std::vector<std::string> ids;
  for (const std::string& mail : sink.mails()) ids.push_back(header(mail, "Message-ID"));
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids.size(), 21U);
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end()) << "sent twice";
  EXPECT_EQ(pump.metrics().sent, 21U);
  EXPECT_EQ(pump.metrics().mailer_starts, 1U);
  EXPECT_EQ(mailer_pid(), 0) << "stop() leaves no process";
}

TEST_F(PumpTest, wake_is_enough_without_reading_the_outbox_again) {
  const Sink sink({});
  PumpOptions o = smtp(sink);
  o.look_every = std::chrono::hours(1);
  Pump pump(*store, *keys, o);
  pump.start();
  put(1);
  pump.wake();
  EXPECT_TRUE(eventually([this] { return waiting() == 0; }));
}

TEST_F(PumpTest, a_deferred_mail_is_sent_again_when_its_wait_is_over) {
  const Sink sink({"--behaviour", "defer-once"});
  Pump pump(*store, *keys, smtp(sink));
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::retried) == 1; }));
  EXPECT_EQ(store->outbox_list(1)->front().reason, "the server answered 451");
  now = begin + 29;
  pump.wake();
  EXPECT_EQ(sink.mails().size(), 0U);
  EXPECT_EQ(waiting(), 1U);
  now = begin + 31;
  pump.wake();
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  pump.stop();
  ASSERT_EQ(sink.mails().size(), 1U);
  EXPECT_EQ(header(sink.mails()[0], "Message-ID"), message_id(1));
  EXPECT_EQ(count(PumpEventKind::retried), 1U);
}

TEST_F(PumpTest, a_mailer_killed_in_mid_mail_sends_it_again_under_the_same_id) {
  const Sink sink({"--behaviour", "keep-and-hang-once"});
  Pump pump(*store, *keys, smtp(sink));
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([&sink] { return sink.mails().size() == 1; }));
  const pid_t mailer = mailer_pid();
  ASSERT_GT(mailer, 0);
  kill(mailer, SIGKILL);
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::retried) == 1; }));
  EXPECT_EQ(count(PumpEventKind::mailer_ended), 1U);
  now = begin + 31;
  pump.wake();
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  pump.stop();
  ASSERT_EQ(sink.mails().size(), 2U);
  EXPECT_EQ(header(sink.mails()[0], "Message-ID"), message_id(1));
  EXPECT_EQ(header(sink.mails()[1], "Message-ID"), message_id(1));
  EXPECT_EQ(pump.metrics().mailer_starts, 2U);
}

TEST_F(PumpTest, an_expired_link_is_dropped_and_told_not_sent) {
  const Sink sink({});
  Pump pump(*store, *keys, smtp(sink));
  put(1, begin - 1);
  put(2, begin + 600);
  pump.start();
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  pump.stop();
  EXPECT_EQ(count(PumpEventKind::expired), 1U);
  ASSERT_EQ(sink.mails().size(), 1U);
  EXPECT_EQ(header(sink.mails()[0], "Message-ID"), message_id(2));
  for (const PumpEvent& event : events) {
    if (event.kind != PumpEventKind::expired) continue;
    EXPECT_EQ(event.account->bytes(), "alice1");
    EXPECT_EQ(event.id, id_of(1));
  }
}

TEST_F(PumpTest, a_refused_mail_is_given_up_after_a_day_with_an_alarm) {
  const Sink sink({"--behaviour", "refuse"});
  Pump pump(*store, *keys, smtp(sink));
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::retried) == 1; }));
  EXPECT_EQ(waiting(), 1U);
  now = begin + 86'400;
  pump.wake();
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  EXPECT_EQ(count(PumpEventKind::given_up), 1U);
}

TEST_F(PumpTest, mail_sealed_for_another_id_is_an_alarm_and_never_sent) {
  const Sink sink({});
  Pump pump(*store, *keys, smtp(sink));
  put(1, 0, 2);
  pump.start();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::unopenable) == 1; }));
  pump.stop();
  EXPECT_TRUE(sink.mails().empty());
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(PumpTest, a_mailer_that_does_not_start_is_tried_again_and_mail_waits) {
  PumpOptions o = options({"--", ""});
  Pump pump(*store, *keys, o);
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::mailer_ended) >= 3; }));
  pump.stop();
  EXPECT_EQ(waiting(), 1U);
  for (const PumpEvent& event : events) {
    if (event.kind != PumpEventKind::mailer_ended) continue;
    EXPECT_EQ(event.detail, "the mailer ended: exit status 64");
  }
}

TEST_F(PumpTest, a_mailer_that_does_not_answer_is_killed) {
  PumpOptions o = options({});
  o.mailer = {"/bin/sleep", "100"};
  o.answer_within = std::chrono::milliseconds(100);
  Pump pump(*store, *keys, o);
  put(1);
  pump.start();
  EXPECT_TRUE(eventually([this] { return count(PumpEventKind::retried) == 1; }));
}

TEST_F(PumpTest, stop_waits_for_what_is_in_flight_and_no_longer) {
  const Sink sink({"--behaviour", "hang"});
  PumpOptions o = smtp(sink);
  o.stop_within = std::chrono::milliseconds(50);
  Pump pump(*store, *keys, o);
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([&pump] { return pump.metrics().in_flight == 1; }));
  const auto from = std::chrono::steady_clock::now();
  pump.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(5));
  EXPECT_EQ(waiting(), 1U);
  EXPECT_EQ(count(PumpEventKind::retried), 1U);
}

TEST_F(PumpTest, nothing_is_sent_twice_while_the_store_cannot_forget) {
  const Sink sink({});
  auto memory = std::make_unique<store::MemoryStore>();
  store::MemoryStore& faulty = *memory;
  store = std::move(memory);
  put(1);
  PumpOptions o = smtp(sink);
  std::atomic<bool> broke = false;
  const auto note = o.on_event;
  o.on_event = [&faulty, &broke, note](const PumpEvent& event) {
    if (event.kind == PumpEventKind::sent && !broke.exchange(true))
      faulty.break_down(store::StoreErrorKind::unavailable);
    note(event);
  };
  Pump pump(*store, *keys, o);
  pump.start();
  ASSERT_TRUE(eventually([this] { return count(PumpEventKind::store_failed) >= 2; }));
  now = begin + 3'600;
  faulty.break_down(std::nullopt);
  ASSERT_TRUE(eventually([this] { return waiting() == 0; }));
  pump.stop();
  EXPECT_EQ(sink.mails().size(), 1U);
}

TEST_F(PumpTest, without_a_clock_nothing_is_sent) {
  const Sink sink({});
  now = 0;
  std::atomic<int> asked = 0;
  PumpOptions o = smtp(sink);
  o.clock = [this, &asked] {
    ++asked;
    return now.load();
  };
  Pump pump(*store, *keys, o);
  put(1);
  pump.start();
  ASSERT_TRUE(eventually([&asked] { return asked >= 3; }));
  EXPECT_EQ(waiting(), 1U);
  now = begin;
  EXPECT_TRUE(eventually([this] { return waiting() == 0; }));
}

}  // namespace
}  // namespace twinlock::mail::test
