// SPDX-License-Identifier: Apache-2.0
// A store that is gone, full or locked gives an error, never an absent account, and works again when the
// cause is gone (spec 11).
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>

#include "adapters/sqlite/commit_lock.hpp"
#include "property_tests/unit/store/raw_sqlite.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::store {

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::unique_ptr<sqlite::SqliteStore> open_impatient(const std::string& path) {
  auto options = options_for(path);
  options.wait_max = std::chrono::milliseconds(150);
  return open_sqlite(options);
}

// Commits new accounts until one fails; returns the error and how many were acknowledged.
struct Filled {
  std::uint64_t acknowledged = 0;
  std::optional<StoreError> error;
};

std::string numbered(std::uint64_t number) { return "account" + std::to_string(number); }

Filled fill(Store& store) {
  Filled filled;
  for (; filled.acknowledged < 100000; ++filled.acknowledged) {
    Change large = change(numbered(filled.acknowledged), 0);
    large.sealed.resize(4096);
    const auto result = commit_one(store, large);
    if (result) continue;
    filled.error = result.error();
    break;
  }
  return filled;
}

void expect_full_and_whole(Store& store, const Filled& filled) {
  ASSERT_TRUE(filled.error);
  EXPECT_EQ(filled.error->kind, StoreErrorKind::full) << filled.error->message;
  EXPECT_GT(filled.acknowledged, 10u);
  for (std::uint64_t i = 0; i < filled.acknowledged; ++i) EXPECT_EQ(version_of(store, numbered(i)), 1u);
  const auto ready = store.ready();
  EXPECT_TRUE(ready || ready.error().kind == StoreErrorKind::full) << ready.error().message;
}

void expect_mended(Store& store, const Filled& filled) {
  EXPECT_TRUE(store.ready());
  for (std::uint64_t i = 0; i < filled.acknowledged; ++i) EXPECT_EQ(version_of(store, numbered(i)), 1u);
  EXPECT_EQ(said(commit_one(store, change("late", 0))), "done");
  const auto checked = store.check();
  EXPECT_TRUE(checked) << checked.error().message;
}

// Starts a child that runs `block`, reports it, and ends when told.
class Blocker {
 public:
  template <typename Block>
  explicit Blocker(Block&& block) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    EXPECT_EQ(::pipe(end_), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(end_[1]);
      block([&] {
        char byte = 'r';
        if (::write(ready[1], &byte, 1) != 1 || ::read(end_[0], &byte, 1) < 0) ::_exit(1);
      });
      ::_exit(0);
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    ::close(end_[0]);
  }
  ~Blocker() { end(); }
  Blocker(const Blocker&) = delete;
  Blocker& operator=(const Blocker&) = delete;

  void end() {
    if (child_ == 0) return;
    ::close(end_[1]);
    EXPECT_EQ(::waitpid(child_, nullptr, 0), child_);
    child_ = 0;
  }

 private:
  int end_[2];
  pid_t child_ = 0;
};

void expect_locked_for_writers_only(Store& store) {
  const auto begin = steady_clock::now();
  const auto result = commit_one(store, change("ann", 1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, StoreErrorKind::locked) << result.error().message;
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(10)) << "bounded";
  EXPECT_EQ(store.ready().error().kind, StoreErrorKind::locked);
  EXPECT_EQ(version_of(store, "ann"), 1u) << "readers do not wait for the writer";
}

}  // namespace

TEST(SqliteBadDays, a_file_size_limit_is_full) {
  const Folder folder;
  auto options = options_for(folder.file());
  options.checkpoint_pages = 64;
  const auto store = open_sqlite(options);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Filled filled = fill(*store);
  expect_full_and_whole(*store, filled);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, old);
  expect_mended(*store, filled);
}

TEST(SqliteBadDays, a_full_disk_is_full) {
  const Folder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0)
    GTEST_SKIP() << "needs the right to mount; a_file_size_limit_is_full covers the rest";
  {
    const auto store = open_sqlite(folder.file());
    ASSERT_NE(store, nullptr);
    const Filled filled = fill(*store);
    expect_full_and_whole(*store, filled);
    EXPECT_EQ(::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
    expect_mended(*store, filled);
  }
  EXPECT_EQ(::umount(folder.path().c_str()), 0);
}

TEST(SqliteBadDays, another_program_holds_the_database) {
  const Folder folder;
  const auto store = open_impatient(folder.file());
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  Blocker blocker([&](const auto& wait) {
    sqlite3* db = nullptr;
    sqlite3_open_v2(folder.file().c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) ::_exit(2);
    wait();
  });
  expect_locked_for_writers_only(*store);
  blocker.end();
  EXPECT_EQ(said(commit_one(*store, change("ann", 1))), "done");
}

TEST(SqliteBadDays, another_process_holds_the_commit_lock) {
  const Folder folder;
  const auto store = open_impatient(folder.file());
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  Blocker blocker([&](const auto& wait) {
    auto lock = sqlite::CommitLock::open(folder.file());
    if (!lock || !lock->take(steady_clock::now() + std::chrono::seconds(5))) ::_exit(2);
    wait();
  });
  expect_locked_for_writers_only(*store);
  blocker.end();
  EXPECT_EQ(said(commit_one(*store, change("ann", 1))), "done");
}

TEST(SqliteBadDays, a_file_that_is_moved_away_is_an_error_until_it_is_back) {
  const Folder folder;
  const auto store = open_impatient(folder.file());
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  for (const char* name : {"twinlock.db", "twinlock.db-wal", "twinlock.db-shm", "twinlock.db.lock"}) {
    fs::rename(folder.file(name), folder.file("away"));
    const auto result = commit_one(*store, change("ann", 1));
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().kind, StoreErrorKind::unavailable);
    EXPECT_EQ(store->load(account("bob")).has_value(), name != std::string("twinlock.db"))
        << "an error is not absence";
    fs::rename(folder.file("away"), folder.file(name));
    EXPECT_EQ(version_of(*store, "ann"), 1u) << name;
  }
  EXPECT_EQ(said(commit_one(*store, change("ann", 1))), "done");
}

TEST(SqliteBadDays, a_file_that_is_deleted_and_made_anew_is_an_error) {
  const Folder folder;
  const auto store = open_impatient(folder.file());
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  for (const auto& name : {"twinlock.db", "twinlock.db-wal", "twinlock.db-shm", "twinlock.db.lock"})
    fs::remove(folder.file(name));
  EXPECT_FALSE(store->load(account("ann")));
  EXPECT_FALSE(commit_one(*store, change("ann", 1)));
  const auto newcomer = open_sqlite(folder.file());
  EXPECT_FALSE(store->load(account("ann"))) << "an empty database in its place is no absent account";
  EXPECT_FALSE(store->scan("", 10));
  EXPECT_FALSE(commit_one(*store, change("ann", 0)));
  EXPECT_FALSE(store->ready());
  EXPECT_EQ(version_of(*newcomer, "ann"), 0u) << "and nothing was written into it";
}

}  // namespace twinlock::store
