// SPDX-License-Identifier: Apache-2.0
// The layers defend each other: decide() given evidence that gather() would never give, and admit() alone.
#include "kernel/decide.hpp"

#include <gtest/gtest.h>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

World settled(Seconds wait) {
  World w;
  w.enroll();
  w.now += wait;
  w.record.seen = w.now;
  return w;
}

Verdict decided(const World& w, Kind kind, const Evidence& evidence) {
  std::mt19937_64 random(5);
  const Event e = w.right(kind);
  return decide(w.record, e, evidence, {w.clock(), w.rules, w.account, draw_fresh(random)}).verdict;
}

// There are two lanes: a third would be no lane's failures and no lane's wait (K9).
TEST(Decide, ALaneOutOfRangeIsMalformed) {
  const World w = settled(300);
  for (unsigned lane = lanes_count; lane < 256; ++lane) {
    for (const Kind kind :
         {Kind::confirm_enrollment, Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
      const Event e = w.right(kind, 0, static_cast<Lane>(lane));
      EXPECT_EQ(admit(w.record, e, w.rules), Verdict::malformed) << lane;
    }
  }
}

// A match counts only above the last step and within one step of now, whatever the evidence says (K1, K2).
TEST(Decide, ForgedStepIsRejected) {
  World w = settled(300);
  for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
    for (int last = -4; last <= 4; ++last) {
      w.record.last_step = w.step() + static_cast<Step>(last);
      for (int offset = -4; offset <= 4; ++offset) {
        Evidence evidence{};
        evidence.code = {true, w.step() + static_cast<Step>(offset)};
        const bool good = offset > last && offset >= -1 && offset <= 1;
        EXPECT_EQ(decided(w, kind, evidence), good ? Verdict::accepted : Verdict::rejected)
            << last << " " << offset;
        evidence.code.match = false;
        EXPECT_EQ(decided(w, kind, evidence), Verdict::rejected);
      }
    }
  }
}

TEST(Decide, ForgedStepConfirmsNoEnrollment) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  for (int offset = -4; offset <= 4; ++offset) {
    Evidence evidence{};
    evidence.enrollment_id = true;
    evidence.code = {true, w.step() + static_cast<Step>(offset)};
    const bool good = offset >= -1 && offset <= 1;
    EXPECT_EQ(decided(w, Kind::confirm_enrollment, evidence), good ? Verdict::accepted : Verdict::rejected)
        << offset;
  }
}

Evidence everything(Step step) { return {{true, step}, true, true, true, true, true, true, true}; }

Evidence everything_but_a_ticket(Step step) {
  Evidence all = everything(step);
  all.ticket = false;
  return all;
}

// All the evidence in the world opens no lock, shortens no wait and overrides no policy (K1, K4, K7).
TEST(Decide, RepeatsTheAdmission) {
  World w = settled(300);
  EXPECT_EQ(decided(w, Kind::verify, everything(w.step())), Verdict::accepted);
  EXPECT_EQ(decided(w, Kind::begin_enrollment, everything(w.step())), Verdict::wrong_state);
  EXPECT_EQ(decided(w, Kind::confirm_recovery, everything(w.step())), Verdict::wrong_state);
  World locked = w;
  locked.record.throttle.failures[0] = 100;
  EXPECT_EQ(decided(locked, Kind::verify, everything(w.step())), Verdict::locked);
  World waiting = w;
  waiting.record.throttle.failures[1] = 5;
  waiting.record.throttle.wait_until[1] = w.now + 1;
  EXPECT_EQ(decided(waiting, Kind::verify, everything_but_a_ticket(w.step())), Verdict::waiting);
  World begun;
  EXPECT_EQ(decided(begun, Kind::begin_enrollment, everything(w.step())), Verdict::accepted);
  begun.record.seen = begun.now;
  begun.record.throttle.begin_until = begun.now + 1200;  // an id repeats nothing where nothing was begun
  EXPECT_EQ(decided(begun, Kind::begin_enrollment, everything(w.step())), Verdict::waiting);
  World held = w;
  held.record.policy = Policy::required;
  EXPECT_EQ(decided(held, Kind::disable, everything(w.step())), Verdict::forbidden);
}

// Without evidence nothing that needs one is accepted, in any state.
TEST(Decide, NothingIsAcceptedWithoutEvidence) {
  World enrolling, on = settled(300), recovering = on, replacing;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  recovering.recover();
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(replacing.send(reset), Verdict::accepted);
  for (const World* w : {&enrolling, &on, &recovering, &replacing}) {
    for (unsigned kind = 0; kind < kinds_count; ++kind) {
      const Kind k = static_cast<Kind>(kind);
      const bool by_word = k == Kind::operator_reset || k == Kind::operator_unlock || k == Kind::set_policy ||
                           k == Kind::operator_import || k == Kind::operator_restored ||
                           (k == Kind::begin_enrollment && w == &enrolling);
      if (by_word) continue;
      EXPECT_NE(decided(*w, k, Evidence{}), Verdict::accepted) << kind;
    }
  }
}

// gather_tokens() looks at what the event needs and at nothing else.
TEST(Decide, GathersOnlyWhatIsNeeded) {
  World w = settled(300);
  w.unlock();
  const Evidence code = gather_tokens(w.record, w.right_by_ticket(), w.account);
  EXPECT_TRUE(code.ticket);
  EXPECT_FALSE(code.code.match || code.recovery_code || code.link || code.asker || code.grant ||
               code.enrollment_id || code.epoch);
  Event renew = w.right_by_ticket();
  renew.kind = Kind::renew_recovery_code;
  EXPECT_FALSE(gather_tokens(w.record, renew, w.account).ticket);  // a ticket is for a sign-in alone
  const Evidence pass = gather_tokens(w.record, w.right(Kind::revoke_passes), w.account);
  EXPECT_TRUE(pass.epoch);
  EXPECT_FALSE(pass.ticket || pass.recovery_code || pass.enrollment_id);
  World enrolling;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  Event stranger = enrolling.right(Kind::confirm_enrollment);
  stranger.enrollment_id.b[0] ^= 1U;  // no oracle for who did not begin
  const Evidence none = gather_tokens(enrolling.record, stranger, enrolling.account);
  EXPECT_FALSE(none.enrollment_id);
  EXPECT_EQ(admit_code(enrolling.record, stranger, none).verdict, Verdict::wrong_holder);
}

// The asker secret and the recovery code are looked at only behind the right link: no oracle without it.
TEST(Decide, NothingIsGatheredBehindAWrongLink) {
  World w = settled(300);
  w.recover();
  Event e = w.right(Kind::confirm_recovery);
  e.has_recovery_code = true;
  Evidence found = gather_tokens(w.record, e, w.account);
  EXPECT_TRUE(found.link && found.asker && found.recovery_code);
  e.link.b[0] ^= 1U;
  found = gather_tokens(w.record, e, w.account);
  EXPECT_FALSE(found.link || found.asker || found.recovery_code);
}

// An event without six digits never gets as far as their comparison.
TEST(Decide, NoDigitsNoAdmissionOfDigits) {
  const World w = settled(300);
  EXPECT_EQ(admit_code(w.record, w.right(Kind::revoke_passes), Evidence{}).verdict, Verdict::wrong_state);
  EXPECT_EQ(admit_code(w.record, event(Kind::set_policy), Evidence{}).verdict, Verdict::wrong_state);
}

}  // namespace
}  // namespace twinlock::test
