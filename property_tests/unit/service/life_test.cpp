// SPDX-License-Identifier: Apache-2.0
// The account's whole life through the service (spec 2), with a second TOTP as the authenticator app.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Life : public OverStore {
 protected:
  Token begin(const Account& account) {
    return world.run(operation_of(account, Kind::begin_enrollment)).enrollment_id.value();
  }
  // Asks for a recovery; returns the asker secret.
  Token ask(const Person& person) {
    auto operation = operation_of(person.account, Kind::request_recovery);
    operation.event.recovery_code = person.recovery_code;
    const auto answer = world.run(operation);
    EXPECT_EQ(answer.verdict, Verdict::accepted);
    EXPECT_EQ(answer.view.state, State::recovering);
    return answer.asker.value_or(Token{});
  }
  Token newest_link(const Person& person) {
    const auto mails = world.mails(person.account);
    const auto link = link_in(mails.back().message);
    EXPECT_TRUE(link);
    EXPECT_EQ(mails.back().not_after, world.environment().now + recovery_s_max);
    return link ? link->link : Token{};
  }
  Decision by_ticket(const Person& person, const Token& ticket, std::string_view digits) {
    auto operation = operation_of(person.account, Kind::verify);
    operation.event.code = code_of(digits);
    operation.event.ticket = ticket;
    return world.run(operation);
  }
  Operation confirm_recovery(const Person& person, const Token& link) {
    auto operation = operation_of(person.account, Kind::confirm_recovery);
    operation.event.link = link;
    return operation;
  }
};

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
TEST_P(Life, a_ticket_lets_its_holder_be_heard_while_all_others_wait) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i) world.verify(alice, world.wrong_code(alice));
  const auto ticket = world.unlock(alice);
  const auto view = world.service().look(alice.account)->view;
  EXPECT_EQ(view.ticket_until, world.environment().now + ticket_s_max);
  EXPECT_EQ(view.failures, 5U) << "nothing is eased for anybody else";
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::waiting);
  const auto other = by_ticket(alice, Token{{1}}, world.code(alice));
  EXPECT_EQ(other.verdict, Verdict::waiting) << "a wrong one is as none";
  EXPECT_FALSE(other.by_ticket);
  const auto wrong = by_ticket(alice, ticket, world.wrong_code(alice));
  EXPECT_EQ(wrong.verdict, Verdict::rejected);
  EXPECT_TRUE(wrong.by_ticket);
  EXPECT_NE(wrong.view.ticket_until, 0U);
  const auto right = by_ticket(alice, ticket, world.code(alice));
  EXPECT_EQ(right.verdict, Verdict::accepted);
  EXPECT_TRUE(right.by_ticket);
  EXPECT_EQ(right.view.ticket_until, 0U) << "it ends when it has served";
  const auto metrics = world.service().metrics();
  EXPECT_EQ(metrics.tickets_issued, 1U);
  EXPECT_EQ(metrics.tickets_rejected, 1U);
  EXPECT_EQ(metrics.tickets_accepted, 1U);
  const auto audit = world.audit(alice.account);
  EXPECT_NE(audit.back().find("\"lane\":\"ticket\""), std::string::npos) << audit.back();
  const auto mails = world.mails(alice.account);
  EXPECT_NE(mails.back().message.subject.find("ticket"), std::string::npos) << mails.back().message.subject;
}

TEST_P(Life, only_accepted_unlocks_give_a_ticket) {
  const auto off = world.run(operation_of(account_of("bob"), Kind::operator_unlock));
  EXPECT_EQ(off.verdict, Verdict::wrong_state);
  EXPECT_FALSE(off.ticket);
  EXPECT_EQ(world.service().metrics().tickets_issued, 0U);
}

TEST_P(Life, a_repeated_begin_gives_its_holder_the_same_enrollment_and_writes_nothing) {
  const auto alice = account_of("alice");
  const auto id = begin(alice);
  const auto pending = *world.service().pending(alice, id);
  ASSERT_TRUE(pending);
  const Secret secret = pending->secret;
  const auto version = world.version(alice);
  auto again = operation_of(alice, Kind::begin_enrollment);
  again.event.enrollment_id = id;
  world.pass_time(60);
  const auto answer = world.run(again);
  EXPECT_EQ(answer.verdict, Verdict::accepted);
  ASSERT_TRUE(answer.enrollment_id);
  EXPECT_TRUE(same(*answer.enrollment_id, id));
  EXPECT_EQ(world.version(alice), version);
  const auto shown = *world.service().pending(alice, id);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(std::equal(std::begin(secret.b), std::end(secret.b), shown->secret.b));
}

TEST_P(Life, twenty_enrollments_are_begun_at_once_and_one_more_a_minute) {
  const auto alice = account_of("alice");
  for (int i = 0; i < 20; ++i) begin(alice);
  const auto version = world.version(alice);
  const auto more = world.run(operation_of(alice, Kind::begin_enrollment));
  EXPECT_EQ(more.verdict, Verdict::waiting);
  EXPECT_EQ(more.retry_after_s, 60U);
  EXPECT_EQ(world.version(alice), version);
  world.pass_time(60);
  begin(alice);
}

// Two servers' clocks differ: the wait is counted from the time of the decision.
TEST_P(Life, a_wait_is_counted_from_the_time_of_the_decision) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i) world.verify(alice, world.wrong_code(alice));
  world.environment().now -= 20;
  const auto late = world.verify(alice, world.wrong_code(alice));
  EXPECT_EQ(late.verdict, Verdict::waiting);
  EXPECT_EQ(late.retry_after_s, 30U);
  EXPECT_EQ(world.service().metrics().clock_went_back, 0U);
}

TEST_P(Life, a_known_browser_is_one_of_this_epoch) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i) world.verify(alice, world.wrong_code(alice));
  auto verify = operation_of(alice.account, Kind::verify, Lane::known);
  verify.event.code = code_of(world.code(alice));
  verify.known_epoch = Token{{1}};
  EXPECT_EQ(world.run(verify).verdict, Verdict::waiting) << "a cookie of another epoch is none";
  verify.known_epoch = alice.epoch;
  EXPECT_EQ(world.run(verify).verdict, Verdict::accepted);
}

TEST_P(Life, the_saved_recovery_code_is_confirmed_by_itself) {
  const auto alice = world.enroll("alice", "alice@example.org");
  EXPECT_EQ(world.service().look(alice.account)->view.recovery_drawn_at, world.environment().now);
  EXPECT_EQ(world.service().look(alice.account)->view.recovery_saved_at, 0U);
  auto saved = operation_of(alice.account, Kind::confirm_saved);
  EXPECT_EQ(world.run(saved).verdict, Verdict::rejected);
  saved.event.recovery_code = alice.recovery_code;
  world.pass_time(60);
  EXPECT_EQ(world.run(saved).view.recovery_saved_at, world.environment().now);
}

TEST_P(Life, a_right_recovery_code_is_never_shut_out) {
  const auto alice = world.enroll("alice", "alice@example.org");
  auto wrong = operation_of(alice.account, Kind::request_recovery);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(world.run(wrong).verdict, Verdict::rejected);
  const auto version = world.version(alice.account);
  EXPECT_EQ(world.run(wrong).verdict, Verdict::rejected) << "the same answer, and nothing is written";
  EXPECT_EQ(world.version(alice.account), version);
  ask(alice);
}

TEST_P(Life, an_imported_factor_works_and_has_no_recovery_code_yet) {
  Person alice{account_of("alice"), reference::Bytes(32, 7)};
  auto import = operation_of(alice.account, Kind::operator_import);
  import.operator_name = "eve";
  import.reason = "moved";
  import.email = "alice@example.org";
  import.event.key_length = 32;
  std::fill_n(import.event.key.b, 32, std::uint8_t{7});
  const auto done = world.run(import);
  EXPECT_EQ(done.verdict, Verdict::accepted);
  EXPECT_EQ(done.view.state, State::on);
  EXPECT_EQ(done.view.recovery_drawn_at, 0U);
  EXPECT_EQ(world.service().look(alice.account)->masked_email, mail::masked("alice@example.org"));
  EXPECT_EQ(world.mails(alice.account).size(), 1U);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::rejected) << "it may have been used";
  world.pass_time(60);
  auto renew = operation_of(alice.account, Kind::renew_recovery_code);
  renew.event.code = code_of(world.code(alice));
  EXPECT_TRUE(world.run(renew).recovery_code);
  EXPECT_EQ(world.run(import).verdict, Verdict::wrong_state) << "an active secret is never replaced";
}

TEST_P(Life, a_restored_record_has_no_pass_and_no_code_that_may_have_been_used) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  auto restored = operation_of(alice.account, Kind::operator_restored);
  restored.operator_name = "eve";
  const auto done = world.run(restored);
  EXPECT_EQ(done.verdict, Verdict::accepted);
  EXPECT_FALSE(same(done.epoch, alice.epoch));
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::rejected);
  EXPECT_EQ(world.service().look(alice.account)->masked_email, mail::masked("alice@example.org"));
}

TEST_P(Life, the_host_s_word_and_the_policy_s_date_close_the_way_without_a_code) {
  const auto alice = account_of("alice");
  EXPECT_TRUE(world.service().look(alice)->view.passes_without);
  EXPECT_FALSE(world.service().look(alice, HostWord::required)->view.passes_without);
  auto policy = operation_of(alice, Kind::set_policy);
  policy.event.policy = Policy::required;
  policy.event.policy_from = world.environment().now + 100;
  EXPECT_TRUE(world.run(policy).view.passes_without);
  EXPECT_EQ(world.service().look(alice)->policy_from, world.environment().now + 100);
  world.pass_time(100);
  EXPECT_FALSE(world.service().look(alice)->view.passes_without);
  world.restart(Rules{.required = true,
                      .required_from = world.environment().now + 50,
                      .replace_after_recovery = false,
                      .strict = false});
  EXPECT_TRUE(world.service().look(account_of("bob"))->view.passes_without);
  world.pass_time(50);
  EXPECT_FALSE(world.service().look(account_of("bob"))->view.passes_without);
}

TEST_P(Life, the_host_s_last_word_is_kept_where_no_host_is_asked) {
  auto begin = operation_of(account_of("alice"), Kind::begin_enrollment);
  begin.event.host_word = HostWord::required;
  world.run(begin);
  EXPECT_EQ(world.service().look(begin.account)->host_word, HostWord::required);
  EXPECT_TRUE(world.service().look(begin.account)->view.second_factor_required);
}

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
