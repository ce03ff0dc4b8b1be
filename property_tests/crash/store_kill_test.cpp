// SPDX-License-Identifier: Apache-2.0
// K17, K2: two processes commit on one file as fast as they can and are killed at random moments; after each
// kill every version that was acknowledged is there, whole, and the file is sound.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>

#include "property_tests/unit/store/support.hpp"

namespace twinlock::crash {

namespace {

using namespace twinlock::store;

constexpr int rounds = 30;
constexpr std::size_t accounts = 3;
using Versions = std::array<Version, accounts>;

struct Acknowledged {
  std::uint64_t account;
  std::uint64_t version;
};

// Spends a short time, about 100 ns for each call.
void spend(std::uint64_t calls) {
  for (; calls > 0; --calls) ::getppid();
}

class Committer {
 public:
  explicit Committer(const std::string& path) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    const char* arguments[] = {STORE_COMMITTER, path.c_str(), nullptr};
    EXPECT_EQ(
        ::posix_spawn(&child_, STORE_COMMITTER, &actions, nullptr, const_cast<char**>(arguments), environ),
        0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    from_ = ends[0];
  }
  ~Committer() { ::close(from_); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Takes the next acknowledgement; false at the stream's end.
  bool take(Versions& acknowledged) {
    Acknowledged said{};
    if (::read(from_, &said, sizeof said) != sizeof said) return false;
    acknowledged.at(said.account) = std::max(acknowledged.at(said.account), said.version);
    return true;
  }

  void kill() { EXPECT_EQ(::kill(child_, SIGKILL), 0); }

  void expect_killed() {
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        << "it ended by itself: " << WEXITSTATUS(status);
  }

 private:
  pid_t child_ = 0;
  int from_ = -1;
};

// Lets both processes work for a while, then kills them at a random moment.
void run_and_kill(const std::string& path, Versions& acknowledged, std::mt19937& random) {
  Committer first(path);
  Committer second(path);
  for (auto left = 1 + random() % 40; left > 0; --left)
    if (!first.take(acknowledged)) ADD_FAILURE() << "it ended by itself";
  spend(random() % 20000);
  second.kill();
  first.kill();
  first.expect_killed();
  second.expect_killed();
  while (first.take(acknowledged)) continue;
  while (second.take(acknowledged)) continue;
}

void expect_whole(Store& store, const Versions& acknowledged) {
  Version sum = 0;
  for (std::size_t i = 0; i < accounts; ++i) {
    const std::string name = "account" + std::to_string(i);
    const Version version = version_of(store, name);
    EXPECT_GE(version, acknowledged[i]) << name;
    EXPECT_EQ(sequences(store, name), one_to(version)) << name;
    sum += version;
  }
  EXPECT_EQ(store.outbox_counts()->waiting, sum);
  const auto checked = store.check();
  EXPECT_TRUE(checked) << checked.error().message;
}

}  // namespace

TEST(StoreKill, k17_nothing_acknowledged_is_lost) {
  const Folder folder;
  open_sqlite(folder.file());
  std::mt19937 random(std::random_device{}());
  Versions acknowledged{};
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    run_and_kill(folder.file(), acknowledged, random);
    const auto store = open_sqlite(folder.file());
    expect_whole(*store, acknowledged);
  }
  EXPECT_GT(acknowledged[0] + acknowledged[1] + acknowledged[2], static_cast<Version>(rounds));
}

TEST(StoreKill, a_first_start_that_is_killed_can_be_started_again) {
  for (int round = 0; round < 10; ++round) {
    const Folder folder;
    const pid_t child = ::fork();
    if (child == 0) {
      (void)sqlite::SqliteStore::open(options_for(folder.file()));
      ::_exit(0);
    }
    spend(static_cast<std::uint64_t>(round) * 3000);
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const auto store = open_sqlite(folder.file());
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  }
}

}  // namespace twinlock::crash
