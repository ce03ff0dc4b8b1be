// SPDX-License-Identifier: Apache-2.0
// K17: whatever write, truncation or sync fails, nothing acknowledged is lost, no change is stored in part,
// and the store works again afterwards. Each operation of a short history (commits and checkpoints) is made
// to fail once.
#include <sqlite3.h>

#include "property_tests/crash/store_fault_vfs.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::crash {

namespace {

using namespace twinlock::store;

constexpr Version history = 8;  // commits

sqlite::Options small_options(const std::string& path) {
  auto options = options_for(path);
  options.page_bytes = 512;
  options.checkpoint_pages = 24;  // several checkpoints in a history
  return options;
}

// Keeps committing after errors, and returns the last version that was acknowledged. After an error the
// change may be stored: loads again.
Version live_through(Store& store) {
  Version acknowledged = 0;
  for (Version tries = 0; tries < history; ++tries) {
    const auto row = store.load(account("ann"));
    if (!row) continue;
    EXPECT_TRUE(acknowledged == 0 || *row) << "an error must not read as absent";
    const Version version = *row ? (*row)->version : 0;
    EXPECT_GE(version, acknowledged) << "an acknowledged version went away";
    const auto result = commit_one(store, change("ann", version, {mail(version)}));
    if (result && *result == CommitResult::done) acknowledged = version + 1;
  }
  return acknowledged;
}

// Checks that the parts of each commit are stored together and that nothing acknowledged is missing.
void expect_whole(Store& store, Version acknowledged) {
  const Version version = version_of(store, "ann");
  EXPECT_GE(version, acknowledged);
  EXPECT_EQ(sequences(store, "ann"), one_to(version));
  EXPECT_EQ(store.outbox_counts()->waiting, version);
  const auto checked = store.check();
  EXPECT_TRUE(checked) << checked.error().message;
}

struct Case {
  const char* name;
  DiskFault fault;
  int code;
};

void PrintTo(const Case& tried, std::ostream* out) { *out << tried.name; }

// Runs one history with the fault at operation `at`. False: the history ended before it.
bool try_at(const Case& tried, std::uint64_t at) {
  const Folder folder;
  FaultyDisk disk;
  auto store = open_sqlite(small_options(folder.file()));
  disk.arm(tried.fault, at, tried.code);
  const Version acknowledged = live_through(*store);
  const bool fired = disk.fired();
  if (tried.fault != DiskFault::power_loss) {
    disk.heal();
    EXPECT_EQ(said(commit_one(*store, change("bob", 0))), "done") << "mends itself";
    expect_whole(*store, acknowledged);
    disk.arm(tried.fault, 1, tried.code);  // closing must lose nothing either
  }
  store.reset();
  if (tried.fault == DiskFault::power_loss) disk.lose_power();
  disk.heal();
  store = open_sqlite(small_options(folder.file()));
  expect_whole(*store, acknowledged);
  return fired;
}

class StoreFault : public testing::TestWithParam<Case> {};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Disks, StoreFault,
                         testing::Values(Case{"full_once", DiskFault::once, SQLITE_FULL},
                                         Case{"error_once", DiskFault::once, SQLITE_IOERR_WRITE},
                                         Case{"torn_once", DiskFault::torn_once, SQLITE_IOERR_WRITE},
                                         Case{"full_for_good", DiskFault::for_good, SQLITE_FULL},
                                         Case{"dead_for_good", DiskFault::for_good, SQLITE_IOERR_WRITE},
                                         Case{"power_loss", DiskFault::power_loss, SQLITE_IOERR_WRITE}),
                         [](const testing::TestParamInfo<Case>& at) { return std::string(at.param.name); });

TEST_P(StoreFault, nothing_acknowledged_is_lost_at_any_operation) {
  std::uint64_t at = 1;
  while (try_at(GetParam(), at)) {
    if (HasFailure()) FAIL() << "operation " << at;
    ++at;
  }
  EXPECT_GT(at, 30u) << "the history is too short to mean anything";
}

TEST(StoreSync, each_commit_syncs_the_wal_before_it_is_acknowledged) {
  const Folder folder;
  FaultyDisk disk;
  {
    const auto store = open_sqlite(folder.file());
    for (Version version = 0; version < 5; ++version) {
      disk.heal();
      ASSERT_EQ(said(commit_one(*store, change("ann", version))), "done");
      EXPECT_GE(disk.syncs(), 1u);
    }
  }
}

TEST(StoreFaultKinds, an_error_says_what_it_is) {
  const Folder folder;
  FaultyDisk disk;
  {
    const auto store = open_sqlite(folder.file());
    const auto kind_of = [&](int code) {
      disk.arm(DiskFault::once, 1, code);
      const auto result = commit_one(*store, change("ann", 0));
      return result ? std::optional<StoreErrorKind>() : result.error().kind;
    };
    EXPECT_EQ(kind_of(SQLITE_FULL), StoreErrorKind::full);
    EXPECT_EQ(kind_of(SQLITE_READONLY), StoreErrorKind::read_only);
    EXPECT_EQ(kind_of(SQLITE_CORRUPT), StoreErrorKind::corrupt);
    EXPECT_EQ(kind_of(SQLITE_NOMEM), StoreErrorKind::unavailable);
    EXPECT_EQ(version_of(*store, "ann"), 0u);
    disk.heal();
    EXPECT_TRUE(store->ready());
  }
}

}  // namespace twinlock::crash
