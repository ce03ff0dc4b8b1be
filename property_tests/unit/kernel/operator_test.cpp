// SPDX-License-Identifier: Apache-2.0
// operator_import and operator_restored (spec 2.2.14, 2.2.15).
#include <gtest/gtest.h>

#include <cstring>

#include "kernel/bytes.hpp"
#include "property_tests/unit/kernel/expect.hpp"

namespace twinlock::test {
namespace {

TEST(Import, TurnsTheFactorOnWithThatKey) {
  for (const std::uint8_t length : std::initializer_list<std::uint8_t>{16, 20, 32, 64}) {
    World w;
    expect(w, import_of(length), Verdict::accepted, State::on, Notice::imported);
    const Record& r = w.record;
    EXPECT_EQ(r.secret_length, length);
    EXPECT_EQ(std::memcmp(r.secret.b, import_of(length).key.b, totp_key_bytes_max), 0);
    EXPECT_EQ(r.last_step, w.step() + 1);
    EXPECT_EQ(r.enrolled_at, w.now);
    EXPECT_EQ(r.last_used_at, 0U);
    EXPECT_TRUE(same(r.enrollment_id, w.fresh.enrollment_id));
    EXPECT_TRUE(same(r.epoch, w.fresh.epoch));
    EXPECT_TRUE(absent(r.recovery_hash));
    EXPECT_EQ(w.see().recovery_drawn_at, 0U);
    EXPECT_TRUE(w.see().code_required);
  }
}

// The codes up to the next step may have been used where the key came from: they are spent here (K2).
TEST(Import, SpendsTheStepsThatMayHaveBeenUsed) {
  for (int offset = -1; offset <= 1; ++offset) {
    World w;
    ASSERT_EQ(w.send(import_of(64)), Verdict::accepted);
    EXPECT_EQ(w.send(w.right(Kind::verify, offset)), Verdict::rejected);
    w.now += 30;
    EXPECT_EQ(w.send(w.right(Kind::verify, 0)), Verdict::rejected);
    EXPECT_EQ(w.send(w.right(Kind::verify, 1)), Verdict::accepted);
  }
}

// Sixteen to 64 bytes; zeros after them; not zeros alone.
TEST(Import, AKeyThatIsNoneIsMalformed) {
  for (unsigned length = 0; length < 256; ++length) {
    World w;
    const bool good = length >= 16 && length <= 64;
    EXPECT_EQ(w.send(import_of(static_cast<std::uint8_t>(length))),
              good ? Verdict::accepted : Verdict::malformed)
        << length;
  }
  World w;
  Event longer = import_of(20);
  longer.key.b[20] = 1;
  EXPECT_EQ(w.send(longer), Verdict::malformed);
  longer = import_of(16);
  longer.key.b[63] = 1;
  EXPECT_EQ(w.send(longer), Verdict::malformed);
  Event zeros = import_of(20);
  zeros.key = TotpKey{};
  EXPECT_EQ(w.send(zeros), Verdict::malformed);
  Event ends_in_zeros = import_of(32);
  std::memset(ends_in_zeros.key.b + 1, 0, 31);
  EXPECT_EQ(w.send(ends_in_zeros), Verdict::accepted);
}

// It ends an enrollment that began from off; an active secret, and a lost one, it never replaces (K3, K4).
TEST(Import, FromOffAlone) {
  World enrolling;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  const Event late = enrolling.right(Kind::confirm_enrollment);
  expect(enrolling, import_of(20), Verdict::accepted, State::on, Notice::imported);
  EXPECT_TRUE(absent(enrolling.record.pending));
  EXPECT_EQ(enrolling.record.throttle.begin_until, 0U);
  EXPECT_EQ(enrolling.send(late), Verdict::wrong_state);
  const Record active = enrolling.record;
  EXPECT_EQ(enrolling.send(import_of(64)), Verdict::wrong_state);
  EXPECT_TRUE(same_record(enrolling.record, active));
  World lost;
  ASSERT_EQ(lost.send(reset(true)), Verdict::accepted);
  EXPECT_EQ(lost.send(import_of(20)), Verdict::wrong_state);
  ASSERT_EQ(lost.send(lost.right(Kind::begin_enrollment)), Verdict::accepted);
  EXPECT_EQ(lost.send(import_of(20)), Verdict::wrong_state);
}

// Without a recovery code there is no recovery; the person draws one with a code.
TEST(Import, ThePersonDrawsTheRecoveryCode) {
  World w;
  ASSERT_EQ(w.send(import_of(20)), Verdict::accepted);
  w.recovery_code = Token{};
  for (const Kind kind : {Kind::request_recovery, Kind::confirm_saved})
    EXPECT_EQ(w.send(w.right(kind)), Verdict::rejected);  // none equals none, and is no proof
  w.now += 60;
  ASSERT_EQ(w.send(w.right(Kind::renew_recovery_code)), Verdict::accepted);
  EXPECT_EQ(w.see().recovery_drawn_at, w.now);
  EXPECT_EQ(w.send(w.right(Kind::confirm_saved)), Verdict::accepted);
  w.recover();
}

TEST(Restored, SpendsStepsAndKillsPasses) {
  World w;
  w.enroll();
  w.now += 60;
  w.record.seen = w.now;
  w.record.throttle.failures[1] = 20;
  w.record.throttle.wait_until[1] = w.now + 3600;
  w.record.throttle.budget_until = w.now + 20 * 25920;
  w.record.throttle.recovery_until = w.now + 360;
  w.unlock();
  const Record before = w.record;
  expect(w, event(Kind::operator_restored), Verdict::accepted, State::on, Notice::none);
  EXPECT_EQ(w.record.last_step, w.step() + 1);
  EXPECT_TRUE(same(w.record.epoch, w.fresh.epoch));
  EXPECT_TRUE(absent(w.record.voucher_hash));
  Record but_for_those = w.record;
  but_for_those.last_step = before.last_step;
  but_for_those.epoch = before.epoch;
  but_for_those.voucher_hash = before.voucher_hash;
  but_for_those.voucher_until = before.voucher_until;
  but_for_those.ticket_codes = before.ticket_codes;
  EXPECT_TRUE(same_record(but_for_those, before));  // budgets, waits, secret, recovery code as they were
  EXPECT_EQ(w.send(w.right_by_ticket()), Verdict::waiting);
}

// The last step is raised, never lowered.
TEST(Restored, LowersNoStep) {
  World w;
  w.enroll();
  w.record.last_step = w.step() + 1000;
  ASSERT_EQ(w.send(event(Kind::operator_restored)), Verdict::accepted);
  EXPECT_EQ(w.record.last_step, w.step() + 1000);
}

TEST(Restored, EndsARecovery) {
  World w;
  w.enroll();
  w.recover();
  const Event late = w.right(Kind::confirm_recovery);
  expect(w, event(Kind::operator_restored), Verdict::accepted, State::on, Notice::none);
  EXPECT_TRUE(absent(w.record.link_hash));
  EXPECT_EQ(w.record.throttle.link_until[2], w.now + 3600);  // the link of this hour still counts
  EXPECT_EQ(w.record.last_step, w.step() + 1);
  EXPECT_EQ(w.send(late), Verdict::wrong_state);
}

TEST(Restored, KillsGrantAndEnrollment) {
  World replacing;
  ASSERT_EQ(replacing.send(reset(true)), Verdict::accepted);
  World enrolling = replacing, fresh_start;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  ASSERT_EQ(fresh_start.send(fresh_start.right(Kind::begin_enrollment)), Verdict::accepted);
  for (World* w : {&replacing, &enrolling}) {
    expect(*w, event(Kind::operator_restored), Verdict::accepted, State::replacing, Notice::none);
    EXPECT_TRUE(same(w->record.epoch, w->fresh.epoch));
    EXPECT_TRUE(absent(w->record.pending));
    EXPECT_EQ(w->see().grant_until, 0U);
    EXPECT_EQ(w->send(w->anew()), Verdict::wrong_holder);
  }
  const Seconds begun = fresh_start.record.throttle.begin_until;
  expect(fresh_start, event(Kind::operator_restored), Verdict::accepted, State::off, Notice::none);
  EXPECT_EQ(fresh_start.record.throttle.begin_until, begun);
}

TEST(Restored, LeavesOffAsItIs) {
  World w;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  const Record before = w.record;
  expect(w, event(Kind::operator_restored), Verdict::accepted, State::off, Notice::none);
  EXPECT_TRUE(same_record(w.record, before));
}

}  // namespace
}  // namespace twinlock::test
