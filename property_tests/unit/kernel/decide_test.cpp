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
    for (const Kind kind : {Kind::verify, Kind::confirm_recovery, Kind::set_policy}) {
      const Event e = w.right(kind, 0, static_cast<Lane>(lane));
      EXPECT_EQ(admit(w.record, e, w.now, w.rules).verdict, Verdict::malformed) << lane;
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

Evidence everything(Step step) { return {{true, step}, true, true, true, true, true, true}; }

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
  waiting.record.throttle.wait_until[1] = w.now + 1;
  EXPECT_EQ(decided(waiting, Kind::verify, everything(w.step())), Verdict::waiting);
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
                           (k == Kind::begin_enrollment && w == &enrolling);
      if (by_word) continue;
      EXPECT_NE(decided(*w, k, Evidence{}), Verdict::accepted) << kind;
    }
  }
}

// gather() looks at what the event needs and at nothing else.
TEST(Decide, GathersOnlyWhatIsNeeded) {
  World w = settled(300);
  const Evidence code = gather(w.record, w.right(Kind::verify), w.step(), w.rules, w.account);
  EXPECT_TRUE(code.code.match);
  EXPECT_FALSE(code.recovery_code || code.link || code.asker || code.grant || code.enrollment_id ||
               code.epoch);
  const Evidence pass = gather(w.record, w.right(Kind::revoke_passes), w.step(), w.rules, w.account);
  EXPECT_TRUE(pass.epoch);
  EXPECT_FALSE(pass.code.match || pass.recovery_code || pass.enrollment_id);
  World enrolling;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  Event stranger = enrolling.right(Kind::confirm_enrollment);
  stranger.enrollment_id.b[0] ^= 1U;  // no oracle for who did not begin
  EXPECT_FALSE(
      gather(enrolling.record, stranger, enrolling.step(), enrolling.rules, enrolling.account).code.match);
}

}  // namespace
}  // namespace twinlock::test
