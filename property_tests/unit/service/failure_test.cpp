// SPDX-License-Identifier: Apache-2.0
// K5, K16, K17, K18: a failure is a refusal, and a decision, its audit entry and its mail are all stored or
// none is.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

using store::MemoryStore;

class Failing : public testing::Test {
 protected:
  World world{"memory"};
  MemoryStore& store = *world.memory();
  Person alice = world.enroll("alice", "alice@example.org");

  Operation verify(std::string_view digits) {
    auto operation = operation_of(alice.account, Kind::verify);
    operation.event.code = code_of(digits);
    return operation;
  }
  void expect_failure(const Operation& operation, Failure failure) {
    const auto result = world.service().run(operation);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), failure);
  }
};

TEST_F(Failing, k16_a_store_that_does_not_read_is_no_absent_account) {
  store.fail_loads(1'000'000);
  expect_failure(verify(world.code(alice, 1)), Failure::unavailable);
  EXPECT_EQ(world.service().look(alice.account).error(), Failure::unavailable);
  EXPECT_EQ(world.service().look(account_of("nobody")).error(), Failure::unavailable);
  EXPECT_EQ(world.service().pending(alice.account, Token{}).error(), Failure::unavailable);
  store.fail_loads(0);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::accepted);
}

TEST_F(Failing, k5_a_commit_that_failed_before_is_503_for_right_and_wrong_codes_alike) {
  const auto version = world.version(alice.account);
  store.fail_commits(2, MemoryStore::When::before);
  expect_failure(verify(world.code(alice, 1)), Failure::unavailable);
  expect_failure(verify(world.wrong_code(alice)), Failure::unavailable);
  EXPECT_EQ(world.version(alice.account), version);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::accepted);
}

TEST_F(Failing, k5_a_commit_that_failed_after_is_503_and_has_happened) {
  store.fail_commits(2, MemoryStore::When::after);
  expect_failure(verify(world.wrong_code(alice)), Failure::unavailable);
  EXPECT_EQ(world.service().look(alice.account)->view.failures, 1U);
  expect_failure(verify(world.code(alice, 1)), Failure::unavailable);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::rejected);  // it was spent
}

TEST_F(Failing, k18_row_audit_and_mail_come_together_or_not_at_all) {
  const auto version = world.version(alice.account);
  const auto entries = world.audit(alice.account).size();
  const auto mails = world.mails(alice.account).size();
  auto ask = operation_of(alice.account, Kind::request_recovery);
  ask.event.recovery_code = alice.recovery_code;
  store.fail_commits(1, MemoryStore::When::before);
  expect_failure(ask, Failure::unavailable);
  EXPECT_EQ(world.version(alice.account), version);
  EXPECT_EQ(world.audit(alice.account).size(), entries);
  EXPECT_EQ(world.mails(alice.account).size(), mails);
  store.fail_commits(1, MemoryStore::When::after);
  expect_failure(ask, Failure::unavailable);
  EXPECT_EQ(world.version(alice.account), version + 1);
  EXPECT_EQ(world.audit(alice.account).size(), entries + 1);
  EXPECT_EQ(world.mails(alice.account).size(), mails + 1);
}

TEST_F(Failing, k16_no_entropy_no_decision) {
  const auto version = world.version(alice.account);
  auto ask = operation_of(alice.account, Kind::request_recovery);
  ask.event.recovery_code = alice.recovery_code;
  // Eight draws for the kernel, one for the mail's id: if any of them fails, nothing is stored.
  for (int draws = 0; draws < 9; ++draws) {
    world.environment().draws_left = draws;
    expect_failure(ask, Failure::entropy);
    EXPECT_EQ(world.version(alice.account), version) << draws;
  }
  EXPECT_EQ(world.service().metrics().entropy_alarms, 9U);
  for (int draws = 0; draws < 8; ++draws) {  // nor where no mail is to be sent
    world.environment().draws_left = draws;
    expect_failure(verify(world.wrong_code(alice)), Failure::entropy);
    EXPECT_EQ(world.version(alice.account), version) << draws;
  }
  world.environment().draws_left = -1;
  world.environment().gives_zeros = true;  // it says that it works, and gives nothing
  expect_failure(ask, Failure::entropy);
  EXPECT_EQ(world.version(alice.account), version);
  world.environment().gives_zeros = false;
  world.environment().draws_left = 9;
  EXPECT_EQ(world.run(ask).verdict, Verdict::accepted);
}

TEST_F(Failing, k16_no_clock_no_decision) {
  const auto version = world.version(alice.account);
  world.environment().clock_fails = true;
  expect_failure(verify(world.code(alice, 1)), Failure::clock);
  EXPECT_EQ(world.service().look(alice.account).error(), Failure::clock);
  EXPECT_EQ(world.service().pending(alice.account, Token{}).error(), Failure::clock);
  EXPECT_FALSE(world.service().ready());
  world.environment().clock_fails = false;
  const auto right = world.code(alice, 1);
  for (const Seconds outside : {Seconds{29}, clock_s_limit}) {
    world.environment().now = outside;
    expect_failure(verify(right), Failure::clock);
    EXPECT_EQ(world.service().look(alice.account).error(), Failure::clock);
  }
  EXPECT_EQ(world.version(alice.account), version);
}

TEST_F(Failing, k15_a_forged_row_is_an_alarm_for_that_account_alone) {
  const auto row = **store.load(alice.account);
  const auto bob = world.enroll("bob", "");
  const auto expect_sealed = [&] {
    expect_failure(verify(world.code(alice, 1)), Failure::sealed);
    EXPECT_EQ(world.service().look(alice.account).error(), Failure::sealed);
    EXPECT_EQ(world.service().pending(alice.account, Token{}).error(), Failure::sealed);
  };
  auto changed = row;
  changed.sealed[40] ^= 1;
  store.replace_row(alice.account, changed);
  expect_sealed();
  changed = row;
  ++changed.version;  // an old row under a new version
  store.replace_row(alice.account, changed);
  expect_sealed();
  store.replace_row(alice.account, **store.load(bob.account));  // another account's row
  expect_sealed();
  changed = row;
  changed.sealed[0] = 9;  // a key that the ring does not hold
  store.replace_row(alice.account, changed);
  expect_sealed();
  changed.sealed.clear();
  store.replace_row(alice.account, changed);
  expect_sealed();
  EXPECT_EQ(world.service().metrics().sealed_alarms, 15U);
  EXPECT_EQ(world.verify(bob, world.code(bob, 1)).verdict, Verdict::accepted);
  store.replace_row(alice.account, row);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::accepted);
}

TEST_F(Failing, a_row_that_does_not_open_can_still_be_reset) {
  auto row = **store.load(alice.account);
  row.sealed[40] ^= 1;
  store.replace_row(alice.account, row);
  auto reset = operation_of(alice.account, Kind::operator_reset);
  expect_failure(reset, Failure::sealed);  // never without the word for it
  auto other = verify(world.code(alice, 1));
  other.restart_sealed = true;
  expect_failure(other, Failure::sealed);
  reset.restart_sealed = true;
  EXPECT_EQ(world.run(reset).view.state, State::off);
  const auto finding = verify_audit(store, world.keys(), alice.account);
  ASSERT_TRUE(finding);
  EXPECT_FALSE(*finding) << **finding;
  EXPECT_NE(world.audit(alice.account).back().find("\"restarted\":true"), std::string::npos);
}

TEST_F(Failing, eight_conflicts_are_contention) {
  store.lose_changes(7);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1)).verdict, Verdict::accepted);
  world.pass_time(60);
  store.lose_changes(8);
  expect_failure(verify(world.code(alice)), Failure::contended);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::accepted);
  EXPECT_EQ(world.service().metrics().conflicts, 15U);
}

TEST_F(Failing, health_follows_the_store_within_a_second) {
  World fresh("memory");
  fresh.memory()->break_down(store::StoreErrorKind::full);
  EXPECT_FALSE(fresh.service().ready());
  fresh.memory()->break_down(std::nullopt);
  EXPECT_FALSE(fresh.service().ready());  // asked at most once a second
  World again("memory");
  EXPECT_TRUE(again.service().ready());
  again.memory()->break_down(store::StoreErrorKind::full);
  EXPECT_TRUE(again.service().ready());
}

TEST_F(Failing, a_note_is_one_audited_change) {
  const auto version = world.version(alice.account);
  ASSERT_TRUE(world.service().note(alice.account, {"mail_dropped", "eve", "gone"}));
  EXPECT_EQ(world.version(alice.account), version + 1);
  const auto resealed = world.service().reseal(alice.account, "eve");
  ASSERT_TRUE(resealed);
  EXPECT_FALSE(*resealed);  // the current key sealed it
}

}  // namespace

}  // namespace twinlock::service::test
