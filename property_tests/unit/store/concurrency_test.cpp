// SPDX-License-Identifier: Apache-2.0
// Swaps rows from many threads, stores and processes at once: every win is counted once, and none starves.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "property_tests/unit/store/contract_test.hpp"

namespace twinlock::store {

namespace {

// Wins `count` swaps of the account; gives up at an error.
int win(Store& store, const std::string& name, int count) {
  int won = 0;
  while (won < count) {
    const auto row = store.load(account(name));
    if (!row) return won;
    const auto result = commit_one(store, change(name, *row ? (*row)->version : 0));
    if (!result) return won;
    if (*result == CommitResult::done) ++won;
  }
  return won;
}

void expect_whole(Store& store, std::string_view name, std::uint64_t version) {
  EXPECT_EQ(version_of(store, name), version);
  EXPECT_EQ(sequences(store, name), one_to(version));
}

pid_t spawn_swapper(const std::string& path, const char* name, const char* count) {
  const char* arguments[] = {STORE_SWAPPER, path.c_str(), name, count, nullptr};
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, STORE_SWAPPER, nullptr, nullptr, const_cast<char**>(arguments), environ);
  EXPECT_EQ(failure, 0);
  return child;
}

int exit_code(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace

class Concurrency : public Contract {};

INSTANTIATE_TEST_SUITE_P(Stores, Concurrency, testing::Values("memory", "sqlite"), contract_name);

TEST_P(Concurrency, threads_on_one_account_win_as_often_as_they_say) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { EXPECT_EQ(win(*store_, "ann", 25), 25); });
  for (auto& thread : threads) thread.join();
  expect_whole(*store_, "ann", 100);
}

TEST_P(Concurrency, of_many_first_swaps_exactly_one_wins) {
  std::vector<std::thread> threads;
  std::vector<CommitResult> results(8, CommitResult::conflict);
  for (auto& result : results)
    threads.emplace_back([&] { result = commit_one(*store_, change("ann", 0, {mail(1)})).value(); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::count(results.begin(), results.end(), CommitResult::done), 1);
  expect_whole(*store_, "ann", 1);
}

TEST_P(Concurrency, a_mail_is_leased_to_one) {
  for (std::uint64_t i = 0; i < 20; ++i)
    ASSERT_EQ(said(commit_one(*store_, change("ann", i, {mail(i)}))), "done");
  std::vector<std::thread> threads;
  std::vector<std::vector<LeasedMail>> leased(4);
  for (auto& mine : leased)
    threads.emplace_back([&] {
      const auto lease = [&] {
        Places room = places(3);
        return *store_->outbox_lease(2000, 60, room);
      };
      for (auto taken = lease(); !taken.empty(); taken = lease())
        mine.insert(mine.end(), taken.begin(), taken.end());
    });
  for (auto& thread : threads) thread.join();
  std::vector<MailId> ids;
  for (const auto& mine : leased)
    for (const auto& taken : mine) ids.push_back(taken.id);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST(SqliteConcurrency, two_stores_on_one_file) {
  const Folder folder;
  const auto first = open_sqlite(folder.file());
  const auto second = open_sqlite(folder.file());
  std::thread other([&] { EXPECT_EQ(win(*second, "ann", 50), 50); });
  EXPECT_EQ(win(*first, "ann", 50), 50);
  other.join();
  expect_whole(*first, "ann", 100);
  expect_whole(*second, "ann", 100);
}

TEST(SqliteConcurrency, four_processes_on_one_account) {
  const Folder folder;
  const auto store = open_sqlite(folder.file());
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(spawn_swapper(folder.file(), "ann", "40"));
  EXPECT_EQ(win(*store, "ann", 40), 40);
  for (const pid_t child : children) EXPECT_EQ(exit_code(child), 0);
  expect_whole(*store, "ann", 200);
  const auto checked = store->check();
  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(SqliteConcurrency, threads_scan_and_load_while_another_commits) {
  const Folder folder;
  const auto store = open_sqlite(folder.file());
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    Version seen = 0;
    while (!stop) {
      const Version now = version_of(*store, "ann");
      EXPECT_GE(now, seen) << "a version went back";
      seen = now;
      EXPECT_TRUE(store->scan("", 10));
    }
  });
  EXPECT_EQ(win(*store, "ann", 60), 60);
  stop = true;
  reader.join();
}

}  // namespace twinlock::store
