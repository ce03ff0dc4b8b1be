// SPDX-License-Identifier: Apache-2.0
// The account's whole life through the service (spec 2), with a second TOTP as the authenticator app.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Life : public Persons {};

INSTANTIATE_TEST_SUITE_P(Stores, Life, testing::Values("memory", "sqlite"), store_name);

TEST_P(Life, an_account_without_a_row_is_off) {
  const auto look = world.service().look(account_of("nobody"));
  ASSERT_TRUE(look);
  EXPECT_EQ(look->view.state, State::off);
  EXPECT_TRUE(look->view.passes_without);
  EXPECT_EQ(world.version(account_of("nobody")), 0U);
  const auto pending = world.service().pending(account_of("nobody"), Token{});
  ASSERT_TRUE(pending);
  EXPECT_FALSE(*pending);
}

TEST_P(Life, enrolls_in_the_browser_that_began) {
  const auto alice = account_of("alice");
  const auto id = begin(alice);
  auto other = id;
  other.b[0] ^= 1;
  EXPECT_FALSE(*world.service().pending(alice, other));
  EXPECT_TRUE(*world.service().pending(alice, id));
  EXPECT_FALSE(world.service().look(alice)->view.code_required);
  world.pass_time(enrollment_s_max);
  EXPECT_FALSE(*world.service().pending(alice, id));
}

TEST_P(Life, a_new_enrollment_ends_the_one_before) {
  const auto alice = account_of("alice");
  const auto first = begin(alice);
  const auto second = begin(alice);
  EXPECT_FALSE(same(first, second));
  EXPECT_FALSE(*world.service().pending(alice, first));
  EXPECT_TRUE(*world.service().pending(alice, second));
}

TEST_P(Life, the_activation_code_is_spent) {
  const auto alice = world.enroll("alice", "alice@example.org");
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::rejected);
  const auto next = world.verify(alice, world.code(alice, 1));
  EXPECT_EQ(next.verdict, Verdict::accepted);
  EXPECT_EQ(next.step, world.environment().now / step_s + 1);
  EXPECT_TRUE(same(next.epoch, alice.epoch));
}

TEST_P(Life, k2_a_code_is_accepted_once) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::accepted);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::rejected);
  EXPECT_EQ(world.verify(alice, world.code(alice, -1)).verdict, Verdict::rejected);
  world.restart({});
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::rejected);
}

TEST_P(Life, k5_a_wrong_code_is_charged_when_the_answer_leaves) {
  const auto alice = world.enroll("alice", "alice@example.org");
  const auto version = world.version(alice.account);
  EXPECT_EQ(world.verify(alice, world.wrong_code(alice)).verdict, Verdict::rejected);
  EXPECT_EQ(world.version(alice.account), version + 1);
  EXPECT_EQ(world.service().look(alice.account)->view.failures, 1U);
}

TEST_P(Life, waiting_evaluates_and_writes_nothing) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(world.verify(alice, world.wrong_code(alice)).verdict, Verdict::rejected);
  const auto version = world.version(alice.account);
  const auto right = world.verify(alice, world.code(alice));
  const auto wrong = world.verify(alice, world.wrong_code(alice));
  EXPECT_EQ(right.verdict, Verdict::waiting);
  EXPECT_EQ(wrong.verdict, Verdict::waiting);
  EXPECT_EQ(right.retry_after_s, 30U);
  EXPECT_EQ(wrong.retry_after_s, 30U);
  EXPECT_EQ(world.version(alice.account), version);
  EXPECT_EQ(world.verify(alice, world.code(alice), Lane::known).verdict, Verdict::accepted);
}

TEST_P(Life, k7_a_hundred_failures_lock_and_only_recovery_or_reset_leads_out) {
  const auto alice = world.enroll("alice", "alice@example.org");
  int failures = 0;
  for (int i = 0; i < 1000 && !world.service().look(alice.account)->view.locked; ++i) {
    const auto answer = world.verify(alice, world.wrong_code(alice), i % 2 == 0 ? Lane::other : Lane::known);
    failures += answer.verdict == Verdict::rejected ? 1 : 0;
    world.pass_time(answer.retry_after_s);
  }
  EXPECT_EQ(failures, 100);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::locked);
  EXPECT_EQ(world.run(operation_of(alice.account, Kind::operator_unlock)).verdict, Verdict::locked);
  EXPECT_EQ(world.mails(alice.account).size(), 3U);  // enabled, ten failures, locked
  const auto asker = ask(alice);
  auto confirm = confirm_recovery(alice, newest_link(alice));
  confirm.event.has_asker = true;
  confirm.event.asker = asker;
  EXPECT_EQ(world.run(confirm).view.state, State::off);
}

TEST_P(Life, recovers_in_the_browser_that_asked) {
  const auto alice = world.enroll("alice", "alice@example.org");
  auto wrong = operation_of(alice.account, Kind::request_recovery);
  EXPECT_EQ(world.run(wrong).verdict, Verdict::rejected);
  const auto asker = ask(alice);
  auto confirm = confirm_recovery(alice, asker);  // not the link
  EXPECT_EQ(world.run(confirm).verdict, Verdict::wrong_holder);
  confirm = confirm_recovery(alice, newest_link(alice));
  EXPECT_EQ(world.run(confirm).verdict, Verdict::proof_needed);
  confirm.event.has_asker = true;
  confirm.event.asker = asker;
  const auto done = world.run(confirm);
  EXPECT_EQ(done.verdict, Verdict::accepted);
  EXPECT_EQ(done.view.state, State::off);
  EXPECT_FALSE(done.grant);
  EXPECT_EQ(world.run(confirm).verdict, Verdict::wrong_state);
}

TEST_P(Life, recovers_in_another_browser_and_enrolls_anew_where_the_factor_is_required) {
  world.restart(
      Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  const auto alice = world.enroll("alice", "alice@example.org");
  ask(alice);
  auto confirm = confirm_recovery(alice, newest_link(alice));
  confirm.event.has_recovery_code = true;
  confirm.event.recovery_code = alice.recovery_code;
  const auto done = world.run(confirm);
  EXPECT_EQ(done.view.state, State::replacing);
  ASSERT_TRUE(done.grant);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::wrong_state);
  EXPECT_EQ(world.run(operation_of(alice.account, Kind::begin_enrollment)).verdict, Verdict::wrong_holder);
  const auto again = world.enroll("alice", "alice@example.org", done.grant);
  EXPECT_NE(again.secret, alice.secret);
  EXPECT_EQ(world.verify(again, world.code(again, 1)).verdict, Verdict::accepted);
}

TEST_P(Life, a_code_cancels_a_running_recovery) {
  const auto alice = world.enroll("alice", "alice@example.org");
  ask(alice);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).view.state, State::on);
  EXPECT_EQ(world.mails(alice.account).size(), 3U);  // enabled, asked, cancelled
}

TEST_P(Life, revoking_kills_passes_at_the_decision) {
  const auto alice = world.enroll("alice", "alice@example.org");
  auto renew = operation_of(alice.account, Kind::renew_recovery_code);
  renew.event.code = code_of(world.code(alice, 1));
  renew.pass_epoch = alice.epoch;
  auto revoke = operation_of(alice.account, Kind::revoke_passes);
  revoke.event.epoch = alice.epoch;
  const auto revoked = world.run(revoke);
  EXPECT_EQ(revoked.verdict, Verdict::accepted);
  EXPECT_FALSE(same(revoked.epoch, alice.epoch));
  const auto version = world.version(alice.account);
  const auto dead = world.run(renew);
  EXPECT_TRUE(dead.pass_dead);
  EXPECT_NE(dead.verdict, Verdict::accepted);
  EXPECT_FALSE(dead.recovery_code);
  EXPECT_EQ(world.version(alice.account), version);
  renew.pass_epoch = revoked.epoch;
  const auto renewed = world.run(renew);
  EXPECT_EQ(renewed.verdict, Verdict::accepted);
  ASSERT_TRUE(renewed.recovery_code);
  EXPECT_FALSE(same(*renewed.recovery_code, alice.recovery_code));
  auto old = operation_of(alice.account, Kind::request_recovery);
  old.event.recovery_code = alice.recovery_code;
  EXPECT_EQ(world.run(old).verdict, Verdict::rejected);
}

TEST_P(Life, no_pass_is_alive_where_the_factor_is_off) {
  auto operation = operation_of(account_of("nobody"), Kind::begin_enrollment);
  operation.pass_epoch = Token{};  // what an off record holds
  EXPECT_TRUE(world.run(operation).pass_dead);
  EXPECT_EQ(world.version(account_of("nobody")), 0U);
}

TEST_P(Life, disables_with_a_code_unless_policy_forbids) {
  const auto alice = world.enroll("alice", "alice@example.org");
  auto policy = operation_of(alice.account, Kind::set_policy);
  policy.event.policy = Policy::required;
  EXPECT_EQ(world.run(policy).verdict, Verdict::accepted);
  auto disable = operation_of(alice.account, Kind::disable);
  disable.event.code = code_of(world.code(alice, 1));
  EXPECT_EQ(world.run(disable).verdict, Verdict::forbidden);
  policy.event.policy = Policy::optional;
  EXPECT_EQ(world.run(policy).verdict, Verdict::accepted);
  const auto done = world.run(disable);
  EXPECT_EQ(done.view.state, State::off);
  EXPECT_TRUE(done.view.passes_without);
  EXPECT_EQ(world.service().look(alice.account)->policy, Policy::optional);
}

TEST_P(Life, the_operator_unlocks_and_resets) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i) world.verify(alice, world.wrong_code(alice));
  EXPECT_EQ(by_ticket(alice, world.unlock(alice), world.code(alice)).verdict, Verdict::accepted);
  auto reset = operation_of(alice.account, Kind::operator_reset);
  reset.event.replace = true;
  const auto done = world.run(reset);
  EXPECT_EQ(done.view.state, State::replacing);
  ASSERT_TRUE(done.grant);
  world.enroll("alice", "alice@example.org", done.grant);
  reset.event.replace = false;
  EXPECT_EQ(world.run(reset).view.state, State::off);
}

// Whoever knows the password makes everybody else wait; the ticket is the person's alone.
// Two servers' clocks differ: the wait is counted from the time of the decision.
TEST_P(Life, recovery_needs_an_address_on_file) {
  const auto bob = world.enroll("bob", "");
  auto operation = operation_of(bob.account, Kind::request_recovery);
  operation.event.recovery_code = bob.recovery_code;
  operation.email = "somebody@example.org";  // asserted, but no code was accepted with it
  EXPECT_EQ(world.run(operation).verdict, Verdict::undeliverable);
  EXPECT_TRUE(world.mails(bob.account).empty());
}

TEST_P(Life, counters_count) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.verify(alice, world.wrong_code(alice));
  world.verify(alice, world.code(alice, 1));
  world.run(operation_of(alice.account, Kind::cancel_enrollment));
  const auto metrics = world.service().metrics();
  EXPECT_EQ(metrics.accepted, 3U);
  EXPECT_EQ(metrics.rejected, 1U);
  EXPECT_EQ(metrics.refused, 1U);
  EXPECT_EQ(metrics.commits, 4U);
  EXPECT_EQ(metrics.failures, 0U);
}

}  // namespace

}  // namespace twinlock::service::test
