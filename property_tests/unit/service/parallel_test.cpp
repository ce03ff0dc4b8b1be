// SPDX-License-Identifier: Apache-2.0
// Runs many operations at once on one account: through one writer, from several threads, and through two
// services over one file.
#include <condition_variable>
#include <thread>

#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

// Collects the answers, which may come from any thread.
class Collector {
 public:
  Done done() {
    return [this](DecisionResult result) {
      const std::lock_guard lock(mutex_);
      if (!result) ++failures_[static_cast<std::size_t>(result.error())];
      if (result) ++verdicts_[static_cast<std::size_t>(result->value().verdict)];
      ++total_;
      changed_.notify_all();
    };
  }
  void wait_for(int total) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(50), [&] { return total_ >= total; }));
    EXPECT_EQ(total_, total);
  }
  int count(Verdict verdict) const { return verdicts_[static_cast<std::size_t>(verdict)]; }
  int count(Failure failure) const { return failures_[static_cast<std::size_t>(failure)]; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int verdicts_[static_cast<std::size_t>(Verdict::accepted) + 1] = {};
  int failures_[static_cast<std::size_t>(Failure::contended) + 1] = {};
  int total_ = 0;
};

Operation verify(const Person& person, std::string_view digits) {
  auto operation = operation_of(person.account, Kind::verify);
  operation.event.code = code_of(digits);
  return operation;
}

class Parallel : public OverStore {
 protected:
  // `each` operations from each of `threads` threads.
  void flood(Service& service, Collector& collector, const Operation& operation, int threads, int each) {
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t)
      running.emplace_back([&, each] {
        for (int i = 0; i < each; ++i) service.submit(operation, collector.done());
      });
    for (auto& thread : running) thread.join();
  }

  Person alice = world.enroll("alice", "alice@example.org");
};

INSTANTIATE_TEST_SUITE_P(Stores, Parallel, testing::Values("memory", "sqlite"), store_name);

TEST_P(Parallel, a_thousand_wrong_guesses_are_evaluated_no_oftener_than_the_throttle_allows) {
  world.service().start();
  Collector collector;
  flood(world.service(), collector, verify(alice, world.wrong_code(alice)), 10, 100);
  collector.wait_for(1000);
  EXPECT_EQ(collector.count(Verdict::rejected), 5);
  EXPECT_EQ(collector.count(Verdict::waiting), 995);
  EXPECT_EQ(world.service().look(alice.account)->view.failures, 5U);
}

TEST_P(Parallel, k2_a_thousand_times_the_right_code_is_one_acceptance) {
  world.service().start();
  world.pass_time(300);
  Collector collector;
  flood(world.service(), collector, verify(alice, world.code(alice)), 10, 100);
  collector.wait_for(1000);
  EXPECT_EQ(collector.count(Verdict::accepted), 1);
  EXPECT_EQ(collector.count(Verdict::rejected), 5);  // replays are charged like any wrong code
  EXPECT_EQ(collector.count(Verdict::waiting), 994);
}

TEST_P(Parallel, many_accounts_share_commits) {
  std::vector<Person> people;
  for (int i = 0; i < 40; ++i) people.push_back(world.enroll("user" + std::to_string(i), ""));
  world.pass_time(300);
  const auto before = world.service().metrics();
  world.service().start();
  Collector collector;
  for (const auto& person : people) {
    world.service().submit(verify(person, world.code(person)), collector.done());
    world.service().submit(verify(person, world.code(person)), collector.done());
  }
  collector.wait_for(80);
  EXPECT_EQ(collector.count(Verdict::accepted), 40);
  EXPECT_EQ(collector.count(Verdict::rejected), 40);
  const auto after = world.service().metrics();
  EXPECT_EQ(after.commits - before.commits, 80U);
  EXPECT_LE(after.batches - before.batches, 80U);
}

TEST_P(Parallel, one_accounts_operations_keep_their_order) {
  world.pass_time(300);
  world.service().start();
  std::vector<Verdict> verdicts;
  Collector last;
  const auto note = [&](DecisionResult result) { verdicts.push_back(result->value().verdict); };
  world.service().submit(verify(alice, world.code(alice, -1)), note);
  world.service().submit(verify(alice, world.code(alice)), note);
  world.service().submit(verify(alice, world.code(alice, -1)), note);
  world.service().submit(verify(alice, world.code(alice, 1)), last.done());
  last.wait_for(1);
  EXPECT_EQ(last.count(Verdict::accepted), 1);
  EXPECT_EQ(verdicts, (std::vector<Verdict>{Verdict::accepted, Verdict::accepted, Verdict::rejected}));
}

TEST_P(Parallel, stop_finishes_what_is_queued_and_then_refuses) {
  Collector before, during, after;
  world.service().submit(verify(alice, world.wrong_code(alice)), before.done());
  before.wait_for(1);
  EXPECT_EQ(before.count(Failure::unavailable), 1);
  world.service().start();
  for (int i = 0; i < 100; ++i) world.service().submit(verify(alice, world.wrong_code(alice)), during.done());
  world.service().stop();
  during.wait_for(100);
  EXPECT_EQ(during.count(Verdict::rejected), 5);
  EXPECT_EQ(during.count(Verdict::waiting), 95);
  world.service().submit(verify(alice, world.wrong_code(alice)), after.done());
  after.wait_for(1);
  EXPECT_EQ(after.count(Failure::unavailable), 1);
}

TEST(ParallelMemory, a_full_queue_refuses_at_once) {
  World world("memory");
  const auto alice = world.enroll("alice", "");
  std::mutex gate;
  std::unique_lock closed(gate);
  Collector collector;
  world.service().start(10, 4);
  // The writer waits in the first answer until the gate opens; ten places, one of them the first's own until
  // it has ended.
  std::atomic<bool> reached{false};
  world.service().submit(verify(alice, world.wrong_code(alice)), [&](const DecisionResult&) {
    reached = true;
    reached.notify_one();
    const std::lock_guard wait(gate);
  });
  reached.wait(false);
  for (int i = 0; i < 20; ++i)
    world.service().submit(verify(alice, world.wrong_code(alice)), collector.done());
  EXPECT_EQ(collector.count(Failure::unavailable), 11);
  closed.unlock();
  collector.wait_for(20);
  EXPECT_EQ(collector.count(Verdict::rejected), 4);
}

TEST(ParallelMemory, what_comes_while_the_account_is_busy_keeps_its_order) {
  World world("memory");
  const auto alice = world.enroll("alice", "");
  std::mutex gate;
  std::unique_lock closed(gate);
  std::atomic<bool> reached{false};
  world.service().start();
  world.service().submit(verify(alice, world.wrong_code(alice)), [&](const DecisionResult&) {
    reached = true;
    reached.notify_one();
    const std::lock_guard wait(gate);
  });
  reached.wait(false);
  std::vector<int> order;
  for (int i = 0; i < 10; ++i)
    world.service().submit(verify(alice, world.wrong_code(alice)),
                           [&order, i](const DecisionResult&) { order.push_back(i); });
  closed.unlock();
  world.service().stop();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(ParallelMemory, k5_a_failed_batch_is_503_for_all_in_it) {
  World world("memory");
  const auto alice = world.enroll("alice", "");
  const auto bob = world.enroll("bob", "");
  world.pass_time(300);
  world.memory()->fail_commits(1'000'000, store::MemoryStore::When::after);
  world.service().start();
  Collector collector;
  world.service().submit(verify(alice, world.code(alice)), collector.done());
  world.service().submit(verify(bob, world.wrong_code(bob)), collector.done());
  collector.wait_for(2);
  EXPECT_EQ(collector.count(Failure::unavailable), 2);
  world.memory()->fail_commits(0, store::MemoryStore::When::before);
  EXPECT_EQ(world.verify(alice, world.code(alice)).verdict, Verdict::rejected);
  EXPECT_EQ(world.service().look(bob.account)->view.failures, 1U);
}

TEST(ParallelMemory, a_lost_race_is_decided_anew) {
  World world("memory");
  const auto alice = world.enroll("alice", "");
  world.service().start();
  world.memory()->lose_changes(7);
  Collector first, second;
  world.service().submit(verify(alice, world.code(alice, 1)), first.done());
  first.wait_for(1);
  EXPECT_EQ(first.count(Verdict::accepted), 1);
  world.memory()->lose_changes(8);
  world.service().submit(verify(alice, world.wrong_code(alice)), second.done());
  second.wait_for(1);
  EXPECT_EQ(second.count(Failure::contended), 1);
}

TEST(ParallelFile, two_services_over_one_file_agree) {
  World one("sqlite");
  const auto alice = one.enroll("alice", "");
  one.pass_time(300);
  World two("sqlite", {}, one.path());
  two.environment().now = one.environment().now.load();
  one.service().start();
  two.service().start();
  Collector collector;
  for (int i = 0; i < 100; ++i) {
    one.service().submit(verify(alice, one.code(alice)), collector.done());
    two.service().submit(verify(alice, one.code(alice)), collector.done());
  }
  collector.wait_for(200);
  EXPECT_EQ(collector.count(Verdict::accepted), 1);
  EXPECT_LE(collector.count(Verdict::rejected), 5);
  EXPECT_EQ(collector.count(Failure::unavailable), 0);
  EXPECT_EQ(one.audit(alice.account).size(), one.version(alice.account));
  const auto found = verify_audit(one.store(), one.keys(), alice.account);
  EXPECT_TRUE(found && !*found);
}

TEST(ParallelFile, two_services_race_to_insert_the_first_row) {
  World one("sqlite");
  World two("sqlite", {}, one.path());
  const auto begin = operation_of(account_of("new"), Kind::begin_enrollment);
  std::atomic<int> begun{0};
  const auto race = [&](World& world) {
    for (int i = 0; i < 10; ++i) begun += world.service().run(begin).has_value() ? 1 : 0;
  };
  std::thread first([&] { race(one); }), second([&] { race(two); });
  first.join();
  second.join();
  EXPECT_EQ(one.version(account_of("new")), static_cast<store::Version>(begun));
}

}  // namespace

}  // namespace twinlock::service::test
