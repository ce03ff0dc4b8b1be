// SPDX-License-Identifier: Apache-2.0
// Who must have a second factor (spec 2.8): the tightest of the account's policy, the configuration, the
// host's last word and its present one.
#include <gtest/gtest.h>

#include "kernel/decide.hpp"
#include "property_tests/unit/kernel/expect.hpp"

namespace twinlock::test {
namespace {

Event policy(Policy which, Seconds from = 0) {
  Event e = event(Kind::set_policy);
  e.policy = which;
  e.policy_from = from;
  return e;
}

Verdict admitted(const World& w, const Event& e) { return admit(w.record, e, w.rules); }

Event said(Event e, HostWord word) {
  e.host_word = word;
  return e;
}

TEST(Policy, RequiredForbidsDisableAndLeadsToReplacing) {
  for (const bool by_rules : {false, true}) {
    World w;
    w.enroll();
    if (by_rules) w.rules.required = true;
    ASSERT_EQ(w.send(policy(by_rules ? Policy::inherit : Policy::required)), Verdict::accepted);
    w.now += 60;
    EXPECT_EQ(w.send(w.right(Kind::disable)), Verdict::forbidden);
    World lost = w;
    lost.recover();
    expect(lost, lost.right(Kind::confirm_recovery), Verdict::accepted, State::replacing,
           Notice::recovery_confirmed);
    expect(w, reset(false), Verdict::accepted, State::replacing, Notice::reset);
    EXPECT_FALSE(w.see().passes_without);
    EXPECT_FALSE(w.see().code_required);
  }
}

// An account's own `optional` stands above the configuration's `required`.
TEST(Policy, OptionalOverridesTheRules) {
  World w;
  w.rules.required = true;
  EXPECT_FALSE(w.see().passes_without);
  ASSERT_EQ(w.send(policy(Policy::optional)), Verdict::accepted);
  EXPECT_TRUE(w.see().passes_without);
  w.enroll();
  w.now += 30;
  EXPECT_EQ(w.send(w.right(Kind::disable)), Verdict::accepted);
  EXPECT_EQ(w.record.policy, Policy::optional);
}

// A date of the policy or of the rules: required from that second on, not before.
TEST(Policy, RequiredFromADate) {
  for (const bool by_rules : {false, true}) {
    World w;
    const Seconds from = w.now + 1000;
    if (by_rules) w.rules.required = true, w.rules.required_from = from;
    ASSERT_EQ(w.send(by_rules ? policy(Policy::inherit) : policy(Policy::required, from)), Verdict::accepted);
    EXPECT_EQ(w.record.policy_from, by_rules ? 0 : from);
    EXPECT_TRUE(w.see().passes_without);
    w.enroll();
    w.now = from - 1;
    EXPECT_FALSE(w.see().second_factor_required);
    World before = w;
    EXPECT_EQ(before.send(before.right(Kind::disable)), Verdict::accepted);
    EXPECT_EQ(before.record.policy_from, w.record.policy_from);
    before.now = from;
    EXPECT_FALSE(before.see().passes_without);
    w.now = from;
    EXPECT_TRUE(w.see().second_factor_required);
    EXPECT_EQ(w.send(w.right(Kind::disable)), Verdict::forbidden);
    expect(w, reset(false), Verdict::accepted, State::replacing, Notice::reset);
  }
}

TEST(Policy, ADateIsForRequiredAlone) {
  const World w;
  for (const Policy which : {Policy::inherit, Policy::optional}) {
    EXPECT_EQ(admitted(w, policy(which, 1)), Verdict::malformed);
    EXPECT_EQ(admitted(w, policy(which, 0)), Verdict::accepted);
  }
  EXPECT_EQ(admitted(w, policy(Policy::required, (Seconds{1} << 40U) - 1)), Verdict::accepted);
  EXPECT_EQ(admitted(w, policy(Policy::required, Seconds{1} << 40U)), Verdict::malformed);
}

// The host's word holds for its own request.
TEST(Policy, TheHostsWordHoldsForItsRequest) {
  World w;
  w.enroll();
  w.now += 60;
  EXPECT_TRUE(view(w.record, w.clock(), HostWord::required, w.rules).second_factor_required);
  EXPECT_FALSE(view(w.record, w.clock(), HostWord::not_required, w.rules).second_factor_required);
  EXPECT_EQ(w.send(said(w.right(Kind::disable), HostWord::required)), Verdict::forbidden);
  World lost = w;
  lost.recover();
  World unsaid = lost;
  expect(unsaid, unsaid.right(Kind::confirm_recovery), Verdict::accepted, State::off,
         Notice::recovery_confirmed);
  expect(lost, said(lost.right(Kind::confirm_recovery), HostWord::required), Verdict::accepted,
         State::replacing, Notice::recovery_confirmed);
  EXPECT_EQ(lost.record.host_word, HostWord::unsaid);  // adopted only with a code, or by a begin
}

// It is kept from a begun enrollment and from an accepted code, so that it holds where the host is not asked.
TEST(Policy, TheHostsLastWordIsKept) {
  World w;
  ASSERT_EQ(w.send(said(w.right(Kind::begin_enrollment), HostWord::required)), Verdict::accepted);
  EXPECT_EQ(w.record.host_word, HostWord::required);
  World cancelled = w;
  ASSERT_EQ(cancelled.send(cancelled.right(Kind::cancel_enrollment)), Verdict::accepted);
  EXPECT_FALSE(cancelled.see().passes_without);
  EXPECT_FALSE(view(cancelled.record, cancelled.clock(), HostWord::not_required, w.rules).passes_without);
  ASSERT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
  EXPECT_EQ(w.record.host_word, HostWord::required);
  w.now += 30;
  EXPECT_EQ(w.send(said(w.right(Kind::disable), HostWord::not_required)),
            Verdict::forbidden);  // the tightest
  EXPECT_EQ(w.send(said(w.wrong(Kind::verify), HostWord::not_required)), Verdict::rejected);
  EXPECT_EQ(w.record.host_word, HostWord::required);  // nobody has proved anything
  for (const Kind kind : {Kind::verify, Kind::renew_recovery_code}) {
    World v = w;
    ASSERT_EQ(v.send(said(v.right(kind), HostWord::not_required)), Verdict::accepted);
    EXPECT_EQ(v.record.host_word, HostWord::not_required);
    v.now += 30;
    World gone = v;
    ASSERT_EQ(gone.send(gone.right(Kind::disable)), Verdict::accepted);
    EXPECT_EQ(gone.record.host_word, HostWord::not_required);
    ASSERT_EQ(v.send(v.right(kind)), Verdict::accepted);
    EXPECT_EQ(v.record.host_word, HostWord::not_required);  // `unsaid` says nothing
  }
  ASSERT_EQ(w.send(said(w.right(Kind::verify), HostWord::unsaid)), Verdict::accepted);
  EXPECT_EQ(w.record.host_word, HostWord::required);
  w.recover();
  expect(w, w.right(Kind::confirm_recovery), Verdict::accepted, State::replacing, Notice::recovery_confirmed);
  EXPECT_EQ(w.record.host_word, HostWord::required);
}

TEST(Policy, ConfirmAndDisableAdoptTheHostsWord) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  ASSERT_EQ(w.send(said(w.right(Kind::confirm_enrollment), HostWord::required)), Verdict::accepted);
  EXPECT_EQ(w.record.host_word, HostWord::required);
  World v;
  v.enroll();
  v.now += 30;
  ASSERT_EQ(v.send(said(v.right(Kind::disable), HostWord::not_required)), Verdict::accepted);
  EXPECT_EQ(v.record.host_word, HostWord::not_required);
}

// The operator's word is newer than the host's.
TEST(Policy, SetPolicyForgetsTheHostsWord) {
  World w;
  ASSERT_EQ(w.send(said(w.right(Kind::begin_enrollment), HostWord::required)), Verdict::accepted);
  ASSERT_EQ(w.send(policy(Policy::optional)), Verdict::accepted);
  EXPECT_EQ(w.record.host_word, HostWord::unsaid);
  EXPECT_TRUE(w.see().passes_without);
}

TEST(Policy, AWordOutOfRangeIsMalformed) {
  World w;
  for (unsigned kind = 0; kind < kinds_count; ++kind)
    EXPECT_EQ(admitted(w, said(w.right(static_cast<Kind>(kind)), static_cast<HostWord>(3))),
              Verdict::malformed);
}

}  // namespace
}  // namespace twinlock::test
