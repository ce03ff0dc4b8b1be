// SPDX-License-Identifier: Apache-2.0
// What limits guessing (spec 2.4), number by number.
#include <gtest/gtest.h>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

constexpr Seconds unit_s = 25920;

// A record that has failed nothing, with `units` of the long-run budget used.
World with_budget_used(Seconds units) {
  World w;
  w.enroll();
  w.now += 60;
  w.record.seen = w.now;
  w.record.throttle.budget_until = units == 0 ? 0 : w.now + units * unit_s;
  EXPECT_TRUE(valid(w.record));
  return w;
}

// min(30 x 2^(n-5), 3,600) s after the n-th consecutive failure, n >= 5.
TEST(Throttle, BackOffTable) {
  const Seconds pauses[] = {0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600};
  for (const Lane lane : {Lane::known, Lane::other}) {
    World w;
    w.enroll();
    const std::size_t mine = static_cast<std::size_t>(lane);
    for (const Seconds pause : pauses) {
      ASSERT_EQ(w.send(w.wrong(Kind::verify, lane)), Verdict::rejected);
      EXPECT_EQ(w.see().retry_after_s[mine], pause);
      EXPECT_EQ(w.see().retry_after_s[1 - mine], 0U);  // the other lane is not delayed
      if (pause == 0) continue;
      w.now += pause - 1;
      EXPECT_EQ(w.send(w.right(Kind::verify, 0, lane)), Verdict::waiting);  // not evaluated, though right
      EXPECT_EQ(w.out.retry_at, w.now + 1);
      w.now += 1;
    }
    w.now += 30;
    EXPECT_EQ(w.send(w.right(Kind::verify, 0, lane)), Verdict::accepted);
    EXPECT_EQ(w.see().failures, 0U);
  }
}

TEST(Throttle, AcceptedCodeClearsBothLanesButNotTheBudget) {
  World w;
  w.enroll();
  w.fail(6, Lane::known);
  w.fail(6, Lane::other);
  EXPECT_EQ(w.see().failures, 12U);
  const Seconds budget = w.record.throttle.budget_until;
  w.now += 60;
  ASSERT_EQ(w.send(w.right(Kind::verify, 0, Lane::known)), Verdict::accepted);
  EXPECT_EQ(w.see().failures, 0U);
  EXPECT_EQ(w.see().retry_after_s[0], 0U);
  EXPECT_EQ(w.see().retry_after_s[1], 0U);
  EXPECT_EQ(w.record.throttle.budget_until, budget);
}

// Every unaccepted evaluation is charged, whichever event asked for it.
TEST(Throttle, VerifyDisableAndRenewAreChargedAlike) {
  for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
    World w;
    w.enroll();
    ASSERT_EQ(w.send(w.wrong(kind, Lane::known)), Verdict::rejected);
    EXPECT_EQ(w.record.throttle.failures[0], 1);
    EXPECT_EQ(w.record.throttle.failures[1], 0);
    EXPECT_EQ(w.record.throttle.budget_until, w.now + unit_s);
    ASSERT_EQ(w.send(w.wrong(kind, Lane::other)), Verdict::rejected);
    EXPECT_EQ(w.record.throttle.failures[1], 1);
    EXPECT_EQ(w.record.throttle.budget_until, w.now + 2 * unit_s);
  }
}

// 80 units for others, the last 20 for known browsers; one unit comes back in 25,920 s.
TEST(Throttle, BudgetKeepsTheLastTwentyForKnownBrowsers) {
  struct Row {
    Seconds used;
    Verdict other, known;
  };
  const Row rows[] = {{0, Verdict::rejected, Verdict::rejected},
                      {79, Verdict::rejected, Verdict::rejected},
                      {80, Verdict::waiting, Verdict::rejected},
                      {99, Verdict::waiting, Verdict::rejected},
                      {100, Verdict::waiting, Verdict::waiting}};
  for (const Row& row : rows) {
    World w = with_budget_used(row.used);
    World v = w;
    EXPECT_EQ(w.send(w.wrong(Kind::verify, Lane::other)), row.other) << row.used;
    EXPECT_EQ(v.send(v.wrong(Kind::verify, Lane::known)), row.known) << row.used;
  }
}

TEST(Throttle, BudgetComesBackOneUnitAtATime) {
  World w = with_budget_used(100);
  EXPECT_EQ(w.see().retry_after_s[0], unit_s);
  EXPECT_EQ(w.see().retry_after_s[1], 21 * unit_s);
  w.now += unit_s - 1;
  EXPECT_EQ(w.send(w.right(Kind::verify, 0, Lane::known)), Verdict::waiting);
  EXPECT_EQ(w.out.retry_at, w.now + 1);
  w.now += 1;
  ASSERT_EQ(w.send(w.wrong(Kind::verify, Lane::known)), Verdict::rejected);
  EXPECT_EQ(w.see().retry_after_s[0], unit_s);
}

TEST(Throttle, LockAtOneHundred) {
  World w;
  w.enroll();
  w.fail(60, Lane::other);
  w.fail(34, Lane::known);
  w.unlock();
  for (int i = 0; i < 5; ++i) ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  EXPECT_EQ(w.see().failures, 99U);
  EXPECT_FALSE(w.see().locked);
  World saved = w;
  saved.now += 2592000;
  EXPECT_EQ(saved.send(saved.right(Kind::verify)), Verdict::accepted);
  w.fail(1, Lane::known);
  EXPECT_EQ(w.out.notice, Notice::locked);
  EXPECT_TRUE(w.see().locked);
  w.now += 2592000;  // time alone does not unlock
  for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
    EXPECT_EQ(w.send(w.right(kind, 0, Lane::known)), Verdict::locked);
    EXPECT_EQ(w.send(w.wrong(kind, Lane::known)), Verdict::locked);
  }
  EXPECT_EQ(w.send(event(Kind::operator_unlock)), Verdict::locked);
  World reset = w;
  EXPECT_EQ(reset.send(event(Kind::operator_reset)), Verdict::accepted);
  w.recover();
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::locked);
  EXPECT_EQ(w.send(w.right(Kind::confirm_recovery)), Verdict::accepted);
  EXPECT_EQ(w.record.state, State::off);
}

TEST(Throttle, MailAtTheTenthFailureInARow) {
  World w;
  w.enroll();
  w.fail(5, Lane::other);
  w.fail(4, Lane::known);
  EXPECT_EQ(w.out.notice, Notice::none);
  w.fail(1, Lane::known);
  EXPECT_EQ(w.out.notice, Notice::ten_failures);
  w.fail(1, Lane::known);
  EXPECT_EQ(w.out.notice, Notice::none);
}

// Wrong recovery codes: ten are written, then one in six minutes; beyond that the answer is the same, and
// nothing is written. A right one is never shut out, and nothing of it touches the code's own throttle.
TEST(Throttle, RecoveryBudget) {
  for (const Kind kind : {Kind::request_recovery, Kind::confirm_saved}) {
    World w;
    w.enroll();
    Event e = w.right(kind);
    e.recovery_code.b[0] ^= 1U;
    for (int i = 0; i < 10; ++i) {
      ASSERT_EQ(w.send(e), Verdict::rejected);
      ASSERT_TRUE(w.out.write) << i;
    }
    EXPECT_EQ(w.record.throttle.recovery_until, w.now + 3600);
    EXPECT_EQ(w.send(e), Verdict::rejected);
    EXPECT_FALSE(w.out.write);
    w.now += 359;
    EXPECT_EQ(w.send(e), Verdict::rejected);
    EXPECT_FALSE(w.out.write);
    World right = w;
    EXPECT_EQ(right.send(right.right(kind)), Verdict::accepted);
    w.now += 1;
    EXPECT_EQ(w.send(e), Verdict::rejected);
    EXPECT_TRUE(w.out.write);
    EXPECT_EQ(w.send(e), Verdict::rejected);
    EXPECT_FALSE(w.out.write);
    EXPECT_EQ(w.see().failures, 0U);
    EXPECT_EQ(w.record.throttle.budget_until, 0U);
    EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::accepted);
  }
}

// In the confirmation from another browser the same budget holds; a code behind a wrong link is not looked
// at.
TEST(Throttle, RecoveryBudgetAtTheLink) {
  World w;
  w.enroll();
  w.recover();
  Event e = w.right(Kind::confirm_recovery);
  e.has_asker = false;
  e.has_recovery_code = true;
  e.recovery_code.b[0] ^= 1U;
  Event stranger = e;
  stranger.link.b[0] ^= 1U;
  EXPECT_EQ(w.send(stranger), Verdict::wrong_holder);
  EXPECT_FALSE(w.out.write);
  for (int i = 0; i < 12; ++i) {
    ASSERT_EQ(w.send(e), Verdict::rejected);
    EXPECT_EQ(w.out.write, i < 10) << i;
  }
  World asking = w;
  EXPECT_EQ(asking.send(asking.right(Kind::confirm_recovery)), Verdict::accepted);
  e.recovery_code = w.recovery_code;
  EXPECT_EQ(w.send(e), Verdict::accepted);
}

// Twenty begun enrollments, then one a minute. Cancelling and expiry give nothing back.
TEST(Throttle, BeginBudget) {
  for (const bool cancelled : {false, true}) {
    World w;
    for (int i = 0; i < 20; ++i) {
      ASSERT_EQ(w.send(w.anew()), Verdict::accepted) << i;
      if (cancelled) {
        ASSERT_EQ(w.send(w.right(Kind::cancel_enrollment)), Verdict::accepted);
      }
      ASSERT_EQ(w.record.throttle.begin_until, w.now + 60 * (static_cast<Seconds>(i) + 1));
    }
    EXPECT_EQ(w.send(w.anew()), Verdict::waiting);
    EXPECT_EQ(w.out.retry_at, w.now + 60);
    w.now += 59;
    EXPECT_EQ(w.send(w.anew()), Verdict::waiting);
    w.now += 1;
    EXPECT_EQ(w.send(w.anew()), Verdict::accepted);
    EXPECT_EQ(w.send(w.anew()), Verdict::waiting);
  }
}

TEST(Throttle, BeginBudgetSurvivesExpiry) {
  World w;
  for (int i = 0; i < 20; ++i) ASSERT_EQ(w.send(w.anew()), Verdict::accepted);
  w.now += 600;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  EXPECT_EQ(w.record.state, State::off);
  EXPECT_EQ(w.record.throttle.begin_until, w.now + 600);
}

// The budget of begun enrollments is charged behind a right grant alone.
TEST(Throttle, ABeginWithoutItsGrantCostsNothing) {
  World w;
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(w.send(reset), Verdict::accepted);
  Event e = w.anew();
  e.grant.b[0] ^= 1U;
  for (int i = 0; i < 30; ++i) ASSERT_EQ(w.send(e), Verdict::wrong_holder);
  EXPECT_EQ(w.record.throttle.begin_until, 0U);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(w.send(w.anew()), Verdict::accepted);
  EXPECT_EQ(w.send(w.anew()), Verdict::waiting);
  EXPECT_EQ(w.send(e), Verdict::wrong_holder);
}

TEST(Throttle, ThreeLinksAnHour) {
  World w;
  w.enroll();
  const Seconds first = w.now;
  for (int i = 0; i < 3; ++i) {
    w.recover();
    w.now += 100;
  }
  EXPECT_EQ(w.send(w.right(Kind::request_recovery)), Verdict::waiting);
  EXPECT_EQ(w.out.retry_at, first + 3600);
  w.now = first + 3599;
  EXPECT_EQ(w.send(w.right(Kind::request_recovery)), Verdict::waiting);
  w.now = first + 3600;
  EXPECT_EQ(w.send(w.right(Kind::request_recovery)), Verdict::accepted);
  EXPECT_EQ(w.send(w.right(Kind::request_recovery)), Verdict::waiting);
  EXPECT_EQ(w.out.retry_at, first + 3700);
}

// While waiting or locked the answer does not depend on the code, and nothing is written.
TEST(Throttle, WaitingDoesNotLookAtTheCode) {
  World w;
  w.enroll();
  w.fail(5, Lane::other);
  w.now += 29;
  for (const Event& e : {w.right(Kind::verify), w.wrong(Kind::verify)}) {
    World v = w;
    EXPECT_EQ(v.send(e), Verdict::waiting);
    EXPECT_FALSE(v.out.write);
  }
}

// The theorem's constant, reached: 80 by others, 20 by known browsers at once, no more (K6). Successes
// between do not help.
TEST(Throttle, OneHundredGuessesAtOnceAreAllThereIs) {
  World w = with_budget_used(0);
  unsigned evaluated = 0;
  for (unsigned i = 0; i < 400; ++i) {
    const Lane lane = i % 2 == 0 ? Lane::known : Lane::other;
    w.record.throttle.failures[0] = w.record.throttle.failures[1] = 0;  // as a success would
    w.record.throttle.wait_until[0] = w.record.throttle.wait_until[1] = 0;
    if (w.send(w.wrong(Kind::verify, lane)) == Verdict::rejected) ++evaluated;
  }
  EXPECT_EQ(evaluated, 100U);
}

}  // namespace
}  // namespace twinlock::test
