// SPDX-License-Identifier: Apache-2.0
// How a lost factor is left behind (spec 2): recovery, the grant, revoked passes, the operator's reset.
#include <gtest/gtest.h>

#include "kernel/bytes.hpp"
#include "property_tests/unit/kernel/expect.hpp"

namespace twinlock::test {
namespace {

TEST(Life, AfterRecoveryReplace) {
  World w;
  w.rules.replace_after_recovery = true;
  w.enroll();
  w.recover();
  expect(w, w.right(Kind::confirm_recovery), Verdict::accepted, State::replacing, Notice::recovery_confirmed);
  EXPECT_TRUE(absent(w.record.secret));
  expect(w, w.right(Kind::verify), Verdict::wrong_state, State::replacing, Notice::none);
  expect(w, w.right(Kind::begin_enrollment), Verdict::accepted, State::enrolling, Notice::none);
  EXPECT_FALSE(w.see().passes_without);
  World back = w;
  expect(back, back.right(Kind::cancel_enrollment), Verdict::accepted, State::replacing, Notice::none);
  expect(back, back.right(Kind::begin_enrollment), Verdict::accepted, State::enrolling, Notice::none);
  Event without_grant = w.anew();
  without_grant.grant = Token{};
  expect(w, without_grant, Verdict::wrong_holder, State::enrolling, Notice::none);
  expect(w, w.right(Kind::confirm_enrollment), Verdict::accepted, State::on, Notice::enabled);
  EXPECT_TRUE(absent(w.record.voucher_hash));
}

TEST(Life, GrantExpires) {
  for (const Seconds age : {Seconds{1799}, Seconds{1800}, Seconds{1801}}) {
    World w;
    w.enroll();
    expect(w, reset(true), Verdict::accepted, State::replacing, Notice::reset);
    EXPECT_EQ(w.see().grant_until, w.now + 1800);
    w.now += age;
    EXPECT_EQ(w.see().grant_until == 0, age >= 1800);
    EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), age < 1800 ? Verdict::accepted : Verdict::wrong_holder)
        << age;
    if (age < 1800) continue;
    w.grant = Token{};
    EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::wrong_holder);   // no grant equals no grant
    expect(w, reset(true), Verdict::accepted, State::replacing, Notice::reset);  // a new one, by the operator
    expect(w, w.right(Kind::begin_enrollment), Verdict::accepted, State::enrolling, Notice::none);
  }
}

// The mailed link needs one thing more, lives ten minutes, and only the latest counts.
TEST(Life, RecoveryNeedsTwoProofs) {
  World w;
  w.enroll();
  w.recover();
  const World asked = w;
  Event e = w.right(Kind::confirm_recovery);
  e.has_asker = false;
  expect(w, e, Verdict::proof_needed, State::recovering, Notice::none);
  e.has_recovery_code = true;
  expect(w, e, Verdict::accepted, State::off, Notice::recovery_confirmed);
  w = asked;
  e = w.right(Kind::confirm_recovery);
  e.asker.b[3] ^= 1U;
  expect(w, e, Verdict::proof_needed, State::recovering, Notice::none);
  e = w.right(Kind::confirm_recovery);
  e.link = w.asker;
  expect(w, e, Verdict::wrong_holder, State::recovering, Notice::none);
  const Event earlier = w.right(Kind::confirm_recovery);
  w.recover();
  expect(w, earlier, Verdict::wrong_holder, State::recovering, Notice::none);
  w.now += 600;
  expect(w, w.right(Kind::confirm_recovery), Verdict::wrong_state, State::recovering, Notice::none);
  EXPECT_EQ(w.see().state, State::on);
  w = asked;
  w.now += 599;
  expect(w, w.right(Kind::confirm_recovery), Verdict::accepted, State::off, Notice::recovery_confirmed);
}

// Tokens count for their account, their purpose and their enrollment alone.
TEST(Life, TokensOfAnotherAccountAreNothing) {
  World w;
  w.enroll();
  World other = w;
  other.account.b[0] ^= 1U;
  EXPECT_EQ(other.send(other.right(Kind::request_recovery)), Verdict::rejected);
  w.recover();
  other = w;
  other.account.b[31] ^= 1U;
  EXPECT_EQ(other.send(other.right(Kind::confirm_recovery)), Verdict::wrong_holder);
  w = World{};
  w.enroll();
  ASSERT_EQ(w.send(reset(true)), Verdict::accepted);
  w.account.b[16] ^= 1U;
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::wrong_holder);
}

TEST(Life, RevokingPasses) {
  World w;
  w.enroll();
  const Event e = w.right(Kind::revoke_passes);
  expect(w, e, Verdict::accepted, State::on, Notice::none);
  EXPECT_TRUE(same(w.record.epoch, w.fresh.epoch));
  expect(w, e, Verdict::wrong_holder, State::on, Notice::none);  // that pass is dead
  Event by_operator = e;
  by_operator.by_operator = true;
  expect(w, by_operator, Verdict::accepted, State::on, Notice::none);
  w.recover();
  expect(w, w.right(Kind::revoke_passes), Verdict::accepted, State::recovering, Notice::none);
}

TEST(Life, OperatorResetWorksEverywhere) {
  for (const bool replace : {false, true}) {
    World off, enrolling, on, recovering, replacing;
    ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
    on.enroll();
    recovering.enroll();
    recovering.recover();
    ASSERT_EQ(replacing.send(reset(true)), Verdict::accepted);
    for (World* w : {&off, &enrolling, &on, &recovering, &replacing}) {
      expect(*w, reset(replace), Verdict::accepted, replace ? State::replacing : State::off, Notice::reset);
      EXPECT_TRUE(absent(w->record.secret));
      EXPECT_TRUE(absent(w->record.pending));
    }
  }
}

}  // namespace
}  // namespace twinlock::test
