// SPDX-License-Identifier: Apache-2.0
// The operator's ticket (spec 2.2.11): five codes within 30 minutes, for whoever holds it, whatever lane and
// budget say. Without it nothing changes for anybody.
#include <gtest/gtest.h>

#include "kernel/bytes.hpp"
#include "kernel/digest.hpp"
#include "property_tests/unit/kernel/expect.hpp"

namespace twinlock::test {
namespace {

// Both lanes wait for an hour and the long-run budget is used up.
World besieged() {
  World w;
  w.enroll();
  w.now += 60;
  w.record.seen = w.now;
  Throttle& t = w.record.throttle;
  t.failures[0] = t.failures[1] = 20;
  t.wait_until[0] = t.wait_until[1] = w.now + 3600;
  t.budget_until = w.now + 2592000;
  EXPECT_TRUE(valid(w.record));
  return w;
}

TEST(Ticket, IssuingChangesNothingElse) {
  World w = besieged();
  const Record before = w.record;
  expect(w, event(Kind::operator_unlock), Verdict::accepted, State::on, Notice::ticket_issued);
  EXPECT_EQ(w.see().ticket_until, w.now + 1800);
  EXPECT_EQ(w.see().grant_until, 0U);
  EXPECT_FALSE(same(w.record.voucher_hash, w.fresh.ticket));  // kept as a hash only
  Record but_for_it = w.record;
  but_for_it.voucher_hash = Token{};
  but_for_it.voucher_until = 0;
  but_for_it.ticket_codes = 0;
  EXPECT_TRUE(same_record(but_for_it, before));
}

// A right code is accepted at once; it ends the ticket, and clears what an accepted code clears.
TEST(Ticket, OpensThroughEveryWait) {
  World w = besieged();
  w.unlock();
  const Seconds budget = w.record.throttle.budget_until;
  EXPECT_EQ(w.send(w.right(Kind::verify)), Verdict::waiting);
  expect(w, w.right_by_ticket(), Verdict::accepted, State::on, Notice::none);
  EXPECT_TRUE(w.out.by_ticket);
  EXPECT_EQ(w.see().failures, 0U);
  EXPECT_EQ(w.record.throttle.budget_until, budget);
  EXPECT_EQ(w.record.ticket_codes, 0);
  EXPECT_EQ(w.see().ticket_until, 0U);
  EXPECT_TRUE(absent(w.record.voucher_hash));
}

// Five wrong codes: each costs one of the five and counts to the hundred, and charges neither lane nor
// budget.
TEST(Ticket, WrongCodesCostTheTicketAlone) {
  World w = besieged();
  w.unlock();
  const Throttle before = w.record.throttle;
  for (unsigned i = 1; i <= 5; ++i) {
    ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
    EXPECT_TRUE(w.out.by_ticket);
    const Throttle& t = w.record.throttle;
    EXPECT_EQ(w.record.ticket_codes, 5 - i);
    EXPECT_EQ(t.ticket_failures, i);
    EXPECT_EQ(w.see().failures, 40 + i);
    EXPECT_EQ(t.failures[0], before.failures[0]);
    EXPECT_EQ(t.failures[1], before.failures[1]);
    EXPECT_EQ(t.wait_until[0], before.wait_until[0]);
    EXPECT_EQ(t.wait_until[1], before.wait_until[1]);
    EXPECT_EQ(t.budget_until, before.budget_until);
  }
  EXPECT_TRUE(absent(w.record.voucher_hash));
  EXPECT_EQ(w.see().ticket_until, 0U);
  EXPECT_EQ(w.send(w.right_by_ticket()), Verdict::waiting);  // used up: as none
  EXPECT_FALSE(w.out.by_ticket);
}

// A ticket that is wrong, of another account or none is as none: the lane counts.
TEST(Ticket, AWrongTicketIsAsNone) {
  World w = besieged();
  w.unlock();
  Event e = w.right_by_ticket();
  e.ticket.b[15] ^= 1U;
  EXPECT_EQ(w.send(e), Verdict::waiting);
  e.ticket = Token{};
  EXPECT_EQ(w.send(e), Verdict::waiting);
  World other = w;
  other.account.b[0] ^= 1U;
  EXPECT_EQ(other.send(other.right_by_ticket()), Verdict::waiting);
  e = w.wrong_by_ticket();
  e.ticket.b[15] ^= 1U;
  World free = w;
  free.record.throttle = Throttle{};
  ASSERT_TRUE(valid(free.record));
  EXPECT_EQ(free.send(e), Verdict::rejected);
  EXPECT_FALSE(free.out.by_ticket);
  EXPECT_EQ(free.record.ticket_codes, 5);  // a stranger cannot use it up
  EXPECT_EQ(free.record.throttle.failures[1], 1);
}

// A grant is no ticket, though both are kept in the same field.
TEST(Ticket, HasAPurposeOfItsOwn) {
  World w = besieged();
  w.unlock();
  const Token kept = w.record.voucher_hash;
  EXPECT_FALSE(same(kept, digest(Purpose::grant, w.account, w.record.enrollment_id, w.ticket)));
  EXPECT_TRUE(same(kept, digest(Purpose::ticket, w.account, w.record.enrollment_id, w.ticket)));
}

TEST(Ticket, IsForVerifyAlone) {
  for (const Kind kind : {Kind::disable, Kind::renew_recovery_code}) {
    World w = besieged();
    w.unlock();
    Event e = w.right_by_ticket();
    e.kind = kind;
    EXPECT_EQ(w.send(e), Verdict::waiting);
  }
}

TEST(Ticket, LivesThirtyMinutes) {
  for (const Seconds age : {Seconds{1799}, Seconds{1800}, Seconds{1801}}) {
    World w = besieged();
    w.unlock();
    w.now += age;
    EXPECT_EQ(w.see().ticket_until == 0, age >= 1800);
    EXPECT_EQ(w.send(w.right_by_ticket()), age < 1800 ? Verdict::accepted : Verdict::waiting) << age;
  }
}

// One lives at a time; a newer replaces it, and has five codes again, not ten.
TEST(Ticket, ANewerReplacesIt) {
  World w = besieged();
  w.unlock();
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  const Event earlier = w.right_by_ticket();
  w.unlock();
  EXPECT_EQ(w.record.ticket_codes, 5);
  EXPECT_EQ(w.send(earlier), Verdict::waiting);
  EXPECT_EQ(w.send(w.right_by_ticket()), Verdict::accepted);
}

// Locked means locked: the ticket's own failures bring it about, and no ticket opens it (K7).
TEST(Ticket, CountsToTheLockAndDoesNotOpenIt) {
  World w = besieged();
  w.unlock();
  w.record.throttle.failures[0] = 77;
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  EXPECT_EQ(w.out.notice, Notice::none);
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  EXPECT_EQ(w.out.notice, Notice::locked);
  EXPECT_TRUE(w.see().locked);
  const Record locked = w.record;
  EXPECT_EQ(w.send(w.right_by_ticket()), Verdict::locked);
  EXPECT_EQ(w.send(w.wrong_by_ticket()), Verdict::locked);
  EXPECT_EQ(w.send(event(Kind::operator_unlock)), Verdict::locked);
  EXPECT_TRUE(same_record(w.record, locked));
}

TEST(Ticket, TenthFailureIsTold) {
  World w = besieged();
  w.unlock();
  w.record.throttle.failures[0] = 0;
  w.record.throttle.wait_until[0] = 0;
  w.record.throttle.failures[1] = 9;
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  EXPECT_EQ(w.out.notice, Notice::ten_failures);
}

// Revoked passes leave it alone, or a stolen pass could burn it; a recovery that is asked does, too.
TEST(Ticket, SurvivesRevokedPassesAndAnAskedRecovery) {
  World w = besieged();
  w.unlock();
  ASSERT_EQ(w.send(w.right(Kind::revoke_passes)), Verdict::accepted);
  w.recover();
  expect(w, w.right_by_ticket(), Verdict::accepted, State::on, Notice::recovery_cancelled);
}

TEST(Ticket, EndsWithTheFactor) {
  World on;
  on.enroll();
  on.now += 60;
  on.unlock();
  World disabled = on, reset_to_off = on, recovered = on, renewed = on;
  ASSERT_EQ(disabled.send(disabled.right(Kind::disable)), Verdict::accepted);
  ASSERT_EQ(reset_to_off.send(reset(false)), Verdict::accepted);
  recovered.recover();
  ASSERT_EQ(recovered.send(recovered.right(Kind::confirm_recovery)), Verdict::accepted);
  ASSERT_EQ(renewed.send(renewed.right(Kind::renew_recovery_code)), Verdict::accepted);
  for (const World* w : {&disabled, &reset_to_off, &recovered, &renewed}) {
    EXPECT_TRUE(absent(w->record.voucher_hash));
    EXPECT_EQ(w->record.ticket_codes, 0);
  }
  ASSERT_EQ(on.send(reset(true)), Verdict::accepted);
  Event begin = on.right(Kind::begin_enrollment);
  begin.grant = on.ticket;
  EXPECT_EQ(on.send(begin), Verdict::wrong_holder);
}

}  // namespace
}  // namespace twinlock::test
