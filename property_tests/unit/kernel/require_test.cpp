// SPDX-License-Identifier: Apache-2.0
// A caller who breaks a precondition is stopped in a checked build. That no caller of ours does is proved
// (property_tests/proofs).
#include <gtest/gtest.h>

#include "kernel/clock.hpp"
#include "kernel/decide.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

#ifdef TWINLOCK_CHECKED

TEST(Require, TimeMovesOnlyAValidRecordToASaneClock) {
  World w;
  w.enroll();
  EXPECT_DEATH(static_cast<void>(advance(w.record, clock_s_limit)), "");
  EXPECT_DEATH(static_cast<void>(advance(w.record, clock_s_min - 1)), "");
  w.record.secret = TotpKey{};
  EXPECT_DEATH(static_cast<void>(advance(w.record, w.now)), "");
}

TEST(Require, WhatIsNotUnderWayIsNotEnded) {
  World w;
  EXPECT_DEATH(end_enrollment(w.record), "");
  EXPECT_DEATH(end_recovery(w.record), "");
}

TEST(Require, WhatIsNotFreeIsNotCharged) {
  World w;
  w.enroll();
  Throttle waiting = w.record.throttle;
  waiting.wait_until[0] = w.now + 1;
  EXPECT_DEATH(charge_code(waiting, Lane::known, w.now), "");
  Throttle locked = w.record.throttle;
  locked.failures[1] = lock_failures;
  EXPECT_DEATH(charge_code(locked, Lane::known, w.now), "");
  EXPECT_DEATH(charge_ticket(locked), "");
  Throttle spent = w.record.throttle;
  spent.begin_until = w.now + begin_budget_s_full;
  EXPECT_DEATH(charge_begin(spent, w.now), "");
  spent.link_until[0] = w.now + 1;
  EXPECT_DEATH(charge_link(spent, w.now), "");
  EXPECT_DEATH(static_cast<void>(code_free_at(spent, static_cast<Lane>(2), w.now)), "");
}

TEST(Require, ACodeIsSixDigitsAndAStepHasNeighbours) {
  EXPECT_DEATH(static_cast<void>(code_value(Code{{'1', '2', '3', '4', '5', 'x'}})), "");
  EXPECT_DEATH(static_cast<void>(totp_codes(TotpKey{}, 0)), "");
  EXPECT_DEATH(static_cast<void>(totp_codes(TotpKey{}, step_limit)), "");
  EXPECT_DEATH(static_cast<void>(match_code(Codes{}, 0, 0, 0, false)), "");
}

TEST(Require, TheTableHasACellForTheEvent) {
  EXPECT_DEATH(static_cast<void>(need(static_cast<Kind>(kinds_count), State::on)), "");
  EXPECT_DEATH(static_cast<void>(need(Kind::verify, static_cast<State>(states_count))), "");
}

TEST(Require, OnlyAValidRecordIsAdmittedOrDecided) {
  World w;
  w.enroll();
  const Event e = w.right(Kind::verify);
  const Situation late{{w.now, 0}, w.rules, w.account, draw_fresh(w.random)};
  EXPECT_DEATH(static_cast<void>(decide(w.record, e, Evidence{}, late)), "");
  w.record.secret_length = 15;
  EXPECT_DEATH(static_cast<void>(admit(w.record, e, w.rules)), "");
}

#endif

}  // namespace
}  // namespace twinlock::test
