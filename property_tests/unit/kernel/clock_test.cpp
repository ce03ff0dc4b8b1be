// SPDX-License-Identifier: Apache-2.0
// Time as an argument (K10): the clock's bounds, and what a clock that goes back does.
#include "kernel/clock.hpp"

#include <gtest/gtest.h>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

TEST(Clock, Bounds) {
  struct Row {
    Seconds now;
    Step step;
    bool sound;
  };
  const Seconds limit = Seconds{1} << 40U;
  const Row rows[] = {{0, 0, false},
                      {29, 0, false},
                      {30, 1, true},
                      {30, 0, false},
                      {30, 2, false},
                      {59, 1, true},
                      {60, 1, false},
                      {60, 2, true},
                      {limit - 1, (limit - 1) / 30, true},
                      {limit - 1, (limit - 1) / 30 + 1, false},
                      {limit, limit / 30, false},
                      {~Seconds{0}, ~Step{0} / 30, false},
                      {60, ~Step{0}, false},
                      {60, Step{1} << 62U, false}};
  for (const Row& row : rows) {
    const Clock clock{row.now, row.step};
    EXPECT_EQ(sane(clock), row.sound) << row.now << " " << row.step;
    World w;
    const Outcome o =
        handle(w.record, event(Kind::begin_enrollment), {clock, w.rules, w.account, draw_fresh(w.random)});
    EXPECT_EQ(o.verdict, row.sound ? Verdict::accepted : Verdict::bad_clock) << row.now << " " << row.step;
    EXPECT_EQ(view(w.record, clock, HostWord::unsaid, w.rules).sound, row.sound);
    EXPECT_EQ(o.decided_at, row.sound ? row.now : 0);
  }
}

// A whole life at both ends of time.
TEST(Clock, WorksAtBothEnds) {
  for (const Seconds at : {Seconds{30}, (Seconds{1} << 40U) - 40}) {
    World w;
    w.now = at;
    w.enroll();
    w.now += 30;
    EXPECT_EQ(w.send(w.right(Kind::verify, 1)), Verdict::accepted);
    w.fail(4, Lane::other);
    EXPECT_EQ(w.send(w.wrong(Kind::verify)), Verdict::rejected);
    EXPECT_EQ(w.see().retry_after_s[1], 30U);
    w.recover();
    EXPECT_EQ(w.send(w.right(Kind::confirm_recovery)), Verdict::accepted);
  }
}

// Going back keeps exactly what remained, is committed even by a refusal, is reported, and grants nothing.
TEST(Clock, GoingBackRebasesWaits) {
  World w;
  w.enroll();
  w.fail(6, Lane::other);
  w.now += 20;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);  // seen: 40 s of the wait remain
  const Seconds budget = w.record.throttle.budget_until - w.now;
  w.now -= 1000000;
  EXPECT_EQ(w.see().retry_after_s[1], 40U);
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::waiting);
  EXPECT_TRUE(w.out.clock_went_back);
  EXPECT_TRUE(w.out.write);
  EXPECT_EQ(w.out.retry_at, w.now + 40);
  EXPECT_EQ(w.record.throttle.budget_until, w.now + budget);
  w.now += 39;
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::waiting);
  EXPECT_FALSE(w.out.clock_went_back);
  w.now += 1;
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::rejected);  // evaluated: but its step lies below the last
}

// A used step never becomes acceptable again (K2).
TEST(Clock, GoingBackDoesNotFreeASpentStep) {
  World w;
  w.enroll();
  w.now += 300;
  const Event e = w.right(Kind::verify);
  ASSERT_EQ(w.send(e), Verdict::accepted);
  const Step last = w.record.last_step;
  for (const Seconds back : {Seconds{1}, Seconds{30}, Seconds{60}, Seconds{200}}) {
    World v = w;
    v.now -= back;
    EXPECT_EQ(v.send(e), Verdict::rejected) << back;
    EXPECT_EQ(v.record.last_step, last);
    EXPECT_EQ(v.send(v.right(Kind::verify)), Verdict::rejected) << back;
  }
}

TEST(Clock, GoingBackRevivesNothing) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  const World begun = w;
  w.now += 400;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  w.now -= 400;
  EXPECT_EQ(w.see().deadline, w.now + 200);  // not 600
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  w.now += 199;
  World alive = w;
  EXPECT_EQ(alive.send(alive.right(Kind::confirm_enrollment)), Verdict::accepted);
  w.now += 1;
  EXPECT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::wrong_state);

  w = begun;
  w.now += 600;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  EXPECT_EQ(w.record.state, State::off);
  w.now -= 600;
  EXPECT_EQ(w.send(begun.right(Kind::confirm_enrollment)), Verdict::wrong_state);
}

TEST(Clock, GoingBackKeepsGrantLinkAndLinkLimit) {
  World w;
  w.enroll();
  for (int i = 0; i < 3; ++i) w.recover();
  w.now += 100;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  w.now -= 5000;
  EXPECT_EQ(w.see().deadline, w.now + 500);
  EXPECT_EQ(w.send(w.right(Kind::request_recovery)), Verdict::waiting);
  EXPECT_EQ(w.out.retry_at, w.now + 3500);
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(w.send(reset), Verdict::accepted);
  w.now -= 777;
  EXPECT_EQ(w.see().grant_until, w.now + 1800);
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
}

// Servers that share accounts differ by up to 30 s: such an event is decided at the last-seen time. Nothing
// is moved, written or reported; 31 s are a clock that went back (K10).
TEST(Clock, SkewOfThirtySecondsMovesNothing) {
  World w;
  w.enroll();
  w.fail(5, Lane::other);
  w.now += 10;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);  // seen: 20 s of the wait remain
  const Record before = w.record;
  for (const Seconds behind : {Seconds{1}, Seconds{29}, Seconds{30}}) {
    World v = w;
    v.now -= behind;
    EXPECT_EQ(v.see().retry_after_s[1], 20U);
    EXPECT_EQ(v.send(v.right(Kind::verify)), Verdict::waiting) << behind;
    EXPECT_FALSE(v.out.write);
    EXPECT_FALSE(v.out.clock_went_back);
    EXPECT_EQ(v.out.decided_at, before.seen);
    EXPECT_EQ(v.out.retry_at, before.seen + 20);
    EXPECT_TRUE(same_record(v.record, before));
    EXPECT_EQ(v.send(v.wrong(Kind::verify, Lane::known)), Verdict::rejected) << behind;  // charged at `seen`
    EXPECT_EQ(v.record.seen, before.seen);
    EXPECT_EQ(v.record.throttle.wait_until[1], before.throttle.wait_until[1]);
    EXPECT_EQ(v.record.throttle.budget_until, before.throttle.budget_until + 25920);
  }
  w.now -= 31;
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::waiting);
  EXPECT_TRUE(w.out.write && w.out.clock_went_back);
  EXPECT_EQ(w.record.seen, w.now);
  EXPECT_EQ(w.record.throttle.wait_until[1], w.now + 20);
}

// The code's step stays the clock's: a server that is behind takes the codes of its own time.
TEST(Clock, ASkewedServerTakesTheCodesOfItsTime) {
  World w;
  w.enroll();
  w.now += 300;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  w.now -= 30;
  World ahead = w;
  EXPECT_EQ(ahead.send(ahead.right(Kind::verify, 2)), Verdict::rejected);
  EXPECT_EQ(w.send(w.right(Kind::verify, -1)), Verdict::accepted);
  EXPECT_EQ(w.record.last_used_at, w.now + 30);
  EXPECT_EQ(w.record.last_step, w.step() - 1);
}

// Two servers that differ by 30 s and take turns give nobody forward movement (K6).
TEST(Clock, AlternatingServersRefillNothing) {
  World w;
  w.enroll();
  w.fail(5, Lane::other);
  const Seconds ahead = w.now;
  for (int i = 0; i < 100; ++i) {
    w.now = ahead - (i % 2 == 0 ? 30 : 0);
    EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::waiting);
    EXPECT_EQ(w.out.retry_at, ahead + 30);
  }
}

// The view looks through expired things as an event would, and changes nothing.
TEST(Clock, ViewSettles) {
  World w;
  w.enroll();
  w.recover();
  EXPECT_EQ(w.see().state, State::recovering);
  EXPECT_EQ(w.see().deadline, w.now + 600);
  w.now += 600;
  EXPECT_EQ(w.see().state, State::on);
  EXPECT_EQ(w.see().deadline, 0U);
  EXPECT_TRUE(w.see().code_required);
  EXPECT_EQ(w.see().enrolled_at, start_s);
}

}  // namespace
}  // namespace twinlock::test
