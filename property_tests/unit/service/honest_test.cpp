// SPDX-License-Identifier: Apache-2.0
// What helps the honest: tickets, repeated begins, known browsers, recovery codes, imports, restores; and who
// must have a factor.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Honest : public Persons {};

INSTANTIATE_TEST_SUITE_P(Stores, Honest, testing::Values("memory", "sqlite"), store_name);

TEST_P(Honest, a_ticket_lets_its_holder_be_heard_while_all_others_wait) {
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

TEST_P(Honest, only_accepted_unlocks_give_a_ticket) {
  const auto off = world.run(operation_of(account_of("bob"), Kind::operator_unlock));
  EXPECT_EQ(off.verdict, Verdict::wrong_state);
  EXPECT_FALSE(off.ticket);
  EXPECT_EQ(world.service().metrics().tickets_issued, 0U);
}

TEST_P(Honest, a_repeated_begin_gives_its_holder_the_same_enrollment_and_writes_nothing) {
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

TEST_P(Honest, twenty_enrollments_are_begun_at_once_and_one_more_a_minute) {
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

TEST_P(Honest, a_wait_is_counted_from_the_time_of_the_decision) {
  const auto alice = world.enroll("alice", "alice@example.org");
  world.pass_time(300);
  for (int i = 0; i < 5; ++i) world.verify(alice, world.wrong_code(alice));
  world.environment().now -= 20;
  const auto late = world.verify(alice, world.wrong_code(alice));
  EXPECT_EQ(late.verdict, Verdict::waiting);
  EXPECT_EQ(late.retry_after_s, 30U);
  EXPECT_EQ(world.service().metrics().clock_went_back, 0U);
}

TEST_P(Honest, a_known_browser_is_one_of_this_epoch) {
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

TEST_P(Honest, the_saved_recovery_code_is_confirmed_by_itself) {
  const auto alice = world.enroll("alice", "alice@example.org");
  EXPECT_EQ(world.service().look(alice.account)->view.recovery_drawn_at, world.environment().now);
  EXPECT_EQ(world.service().look(alice.account)->view.recovery_saved_at, 0U);
  auto saved = operation_of(alice.account, Kind::confirm_saved);
  EXPECT_EQ(world.run(saved).verdict, Verdict::rejected);
  saved.event.recovery_code = alice.recovery_code;
  world.pass_time(60);
  EXPECT_EQ(world.run(saved).view.recovery_saved_at, world.environment().now);
}

TEST_P(Honest, a_right_recovery_code_is_never_shut_out) {
  const auto alice = world.enroll("alice", "alice@example.org");
  auto wrong = operation_of(alice.account, Kind::request_recovery);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(world.run(wrong).verdict, Verdict::rejected);
  const auto version = world.version(alice.account);
  EXPECT_EQ(world.run(wrong).verdict, Verdict::rejected) << "the same answer, and nothing is written";
  EXPECT_EQ(world.version(alice.account), version);
  ask(alice);
}

TEST_P(Honest, an_imported_factor_works_and_has_no_recovery_code_yet) {
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

TEST_P(Honest, a_restored_record_has_no_pass_and_no_code_that_may_have_been_used) {
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

TEST_P(Honest, the_host_s_word_and_the_policy_s_date_close_the_way_without_a_code) {
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

TEST_P(Honest, the_host_s_last_word_is_kept_where_no_host_is_asked) {
  auto begin = operation_of(account_of("alice"), Kind::begin_enrollment);
  begin.event.host_word = HostWord::required;
  world.run(begin);
  EXPECT_EQ(world.service().look(begin.account)->host_word, HostWord::required);
  EXPECT_TRUE(world.service().look(begin.account)->view.second_factor_required);
}

}  // namespace

}  // namespace twinlock::service::test
