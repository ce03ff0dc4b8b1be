// SPDX-License-Identifier: Apache-2.0
// The account's life (spec 2), told event by event, with what the person is told by mail.
#include <gtest/gtest.h>

#include "kernel/bytes.hpp"
#include "property_tests/unit/kernel/expect.hpp"

namespace twinlock::test {
namespace {

TEST(Life, WholeStory) {
  World w;
  EXPECT_TRUE(w.see().passes_without);
  expect(w, w.right(Kind::begin_enrollment), Verdict::accepted, State::enrolling, Notice::none);
  EXPECT_TRUE(w.see().passes_without);
  expect(w, w.wrong(Kind::confirm_enrollment), Verdict::rejected, State::enrolling, Notice::none);
  const Event activation = w.right(Kind::confirm_enrollment);
  expect(w, activation, Verdict::accepted, State::on, Notice::enabled);
  EXPECT_FALSE(w.see().passes_without);
  EXPECT_TRUE(w.see().code_required);
  EXPECT_EQ(w.out.step, w.step());
  expect(w, w.right(Kind::verify), Verdict::rejected, State::on,
         Notice::none);  // the activation code is spent
  w.now += 30;
  expect(w, w.right(Kind::verify), Verdict::accepted, State::on, Notice::none);
  expect(w, w.right(Kind::verify), Verdict::rejected, State::on, Notice::none);  // replay
  w.now += 30;
  const Token old_code = w.recovery_code;
  expect(w, w.right(Kind::renew_recovery_code), Verdict::accepted, State::on, Notice::recovery_code_renewed);
  Event stale = w.right(Kind::request_recovery);
  stale.recovery_code = old_code;
  expect(w, stale, Verdict::rejected, State::on, Notice::none);
  expect(w, w.right(Kind::request_recovery), Verdict::accepted, State::recovering, Notice::recovery_asked);
  w.now += 30;
  expect(w, w.right(Kind::verify), Verdict::accepted, State::on, Notice::recovery_cancelled);
  expect(w, w.right(Kind::confirm_recovery), Verdict::wrong_state, State::on, Notice::none);
  w.recover();
  expect(w, w.right(Kind::confirm_recovery), Verdict::accepted, State::off, Notice::recovery_confirmed);
  EXPECT_TRUE(w.see().passes_without);
  w.enroll();
  w.now += 30;
  expect(w, w.right(Kind::disable), Verdict::accepted, State::off, Notice::disabled);
}

TEST(Life, OffHasNothingLeft) {
  World w;
  w.enroll();
  w.fail(7, Lane::other);
  w.now += 3600;
  ASSERT_EQ(w.send(w.right(Kind::disable)), Verdict::accepted);
  Record clean = new_record();
  clean.seen = w.now;
  EXPECT_TRUE(same_record(w.record, clean));
}

TEST(Life, EnrolledRecordHoldsWhatItShould) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  EXPECT_TRUE(same_record(w.out.record, w.record));
  const Secret shown = w.record.pending;
  const Token id = w.record.enrollment_id;
  EXPECT_EQ(w.record.deadline, w.now + 600);
  w.now += 45;
  ASSERT_EQ(w.send(w.right(Kind::confirm_enrollment, -1)), Verdict::accepted);
  EXPECT_EQ(w.out.step, w.step() - 1);
  EXPECT_EQ(w.record.last_step, w.step() - 1);
  EXPECT_EQ(w.record.enrolled_at, w.now);
  EXPECT_EQ(w.record.last_used_at, w.now);
  EXPECT_TRUE(same_bytes(w.record.secret.b, padded(shown).b, totp_key_bytes_max) != 0);
  EXPECT_EQ(w.record.secret_length, 20);
  EXPECT_EQ(w.record.recovery_drawn_at, w.now);
  EXPECT_EQ(w.record.recovery_saved_at, 0U);
  EXPECT_TRUE(absent(w.record.pending));
  EXPECT_TRUE(same(w.record.enrollment_id, id));
  EXPECT_TRUE(same(w.record.epoch, w.fresh.epoch));
  EXPECT_FALSE(same(w.record.recovery_hash, w.fresh.recovery_code));  // kept as a hash only
}

// Each code of the window is good; the two beside it are not.
TEST(Life, DriftWindow) {
  for (int offset = -3; offset <= 3; ++offset) {
    World w;
    w.enroll();
    w.now += 300;
    const bool inside = offset >= -1 && offset <= 1;
    EXPECT_EQ(w.send(w.right(Kind::verify, offset)), inside ? Verdict::accepted : Verdict::rejected)
        << offset;
    EXPECT_EQ(w.out.step, inside ? w.step() + static_cast<Step>(offset) : 0) << offset;
  }
}

TEST(Life, StrictTakesTheCurrentStepAlone) {
  for (int offset = -1; offset <= 1; ++offset) {
    World w;
    w.rules.strict = true;
    ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
    World enrolling = w;
    EXPECT_EQ(enrolling.send(enrolling.right(Kind::confirm_enrollment, offset)),
              offset == 0 ? Verdict::accepted : Verdict::rejected);
    ASSERT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
    w.now += 300;
    EXPECT_EQ(w.send(w.right(Kind::verify, offset)), offset == 0 ? Verdict::accepted : Verdict::rejected);
  }
}

// A code of the step ahead spends the present one too (K2).
TEST(Life, AcceptedStepsRise) {
  World w;
  w.enroll();
  w.now += 300;
  ASSERT_EQ(w.send(w.right(Kind::verify, 1)), Verdict::accepted);
  EXPECT_EQ(w.send(w.right(Kind::verify, 0)), Verdict::rejected);
  EXPECT_EQ(w.send(w.right(Kind::verify, 1)), Verdict::rejected);
  w.now += 30;
  EXPECT_EQ(w.send(w.right(Kind::verify, 0)), Verdict::rejected);
  EXPECT_EQ(w.send(w.right(Kind::verify, 1)), Verdict::accepted);
}

TEST(Life, TenWrongCodesCancelTheEnrollment) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  for (int i = 1; i <= 9; ++i) {
    ASSERT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
    ASSERT_EQ(w.record.state, State::enrolling) << i;
  }
  World ninth = w;
  EXPECT_EQ(ninth.send(ninth.right(Kind::confirm_enrollment)), Verdict::accepted);
  const Event late = w.right(Kind::confirm_enrollment);
  ASSERT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
  EXPECT_EQ(w.record.state, State::off);
  EXPECT_TRUE(absent(w.record.pending));
  EXPECT_EQ(w.send(late), Verdict::wrong_state);
}

// A new begin, by somebody who does not hold the id, kills the earlier secret and id, and restarts both count
// and clock.
TEST(Life, BeginningAnewReplacesThePending) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  for (int i = 0; i < 9; ++i) ASSERT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
  const Event earlier = w.right(Kind::confirm_enrollment);
  w.now += 599;
  ASSERT_EQ(w.send(w.anew()), Verdict::accepted);
  EXPECT_EQ(w.record.deadline, w.now + 600);
  EXPECT_EQ(w.record.enrollment_failures, 0);
  EXPECT_EQ(w.send(earlier), Verdict::wrong_holder);
  EXPECT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
}

// The holder of a living enrollment who begins again sees the same secret: nothing is drawn or written.
TEST(Life, RepeatedBeginShowsTheSameSecret) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  ASSERT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
  const Record begun = w.record;
  w.record.throttle.begin_until = w.now + 1200;  // the budget is not asked
  Event id_alone = w.anew();
  id_alone.enrollment_id.b[15] ^= 1U;
  EXPECT_EQ(w.send(id_alone), Verdict::waiting);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
    EXPECT_FALSE(w.out.write);
    w.now += 199;
  }
  EXPECT_TRUE(same_bytes(w.record.pending.b, begun.pending.b, secret_bytes) != 0);
  EXPECT_EQ(w.record.deadline, begun.deadline);
  EXPECT_EQ(w.record.enrollment_failures, 1);
  w.now = begun.deadline;
  const Event late = w.right(Kind::begin_enrollment);
  w.record.throttle.begin_until = 0;
  EXPECT_EQ(w.send(late), Verdict::accepted);  // it has expired: another begin
  EXPECT_TRUE(w.out.write);
  EXPECT_FALSE(same(w.record.enrollment_id, begun.enrollment_id));
}

// From replacing, too: whoever holds the enrollment needs no grant to see it again.
TEST(Life, RepeatedBeginNeedsNoGrant) {
  World w;
  ASSERT_EQ(w.send(reset(true)), Verdict::accepted);
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  Event e = w.right(Kind::begin_enrollment);
  e.grant = Token{};
  EXPECT_EQ(w.send(e), Verdict::accepted);
  EXPECT_FALSE(w.out.write);
  e.enrollment_id = Token{};
  EXPECT_EQ(w.send(e), Verdict::wrong_holder);
}

TEST(Life, EnrollmentExpires) {
  for (const Seconds age : {Seconds{599}, Seconds{600}, Seconds{601}}) {
    World w;
    ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
    w.now += age;
    const Event e = w.right(Kind::confirm_enrollment);
    EXPECT_EQ(w.send(e), age < 600 ? Verdict::accepted : Verdict::wrong_state) << age;
  }
}

// A pending secret is nobody: its codes verify nothing, and enrolling is refused while on (K3, K19).
TEST(Life, PendingIsNobody) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code})
    EXPECT_EQ(w.send(w.right(kind)), Verdict::wrong_state);
  World cancelled = w;
  expect(cancelled, cancelled.right(Kind::cancel_enrollment), Verdict::accepted, State::off, Notice::none);
  ASSERT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::wrong_state);
  w.recover();
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::wrong_state);
}

// confirm_saved: whoever types the recovery code has saved it. A new code has to be saved anew.
TEST(Life, RecoveryCodeIsConfirmedAsSaved) {
  World w;
  w.enroll();
  EXPECT_EQ(w.see().recovery_drawn_at, start_s);
  w.now += 100;
  Event wrong = w.right(Kind::confirm_saved);
  wrong.recovery_code.b[5] ^= 1U;
  expect(w, wrong, Verdict::rejected, State::on, Notice::none);
  EXPECT_EQ(w.see().recovery_saved_at, 0U);
  EXPECT_EQ(w.record.throttle.recovery_until, w.now + 360);
  const Record before = w.record;
  expect(w, w.right(Kind::confirm_saved), Verdict::accepted, State::on, Notice::none);
  EXPECT_EQ(w.see().recovery_saved_at, w.now);
  Record but_for_that = w.record;
  but_for_that.recovery_saved_at = 0;
  EXPECT_TRUE(same_record(but_for_that, before));
  World recovering = w;
  recovering.recover();
  expect(recovering, recovering.right(Kind::confirm_saved), Verdict::accepted, State::recovering,
         Notice::none);
  w.now += 30;
  ASSERT_EQ(w.send(w.right(Kind::renew_recovery_code)), Verdict::accepted);
  EXPECT_EQ(w.see().recovery_drawn_at, w.now);
  EXPECT_EQ(w.see().recovery_saved_at, 0U);
}

}  // namespace
}  // namespace twinlock::test
