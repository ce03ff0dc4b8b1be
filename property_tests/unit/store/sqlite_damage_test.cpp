// SPDX-License-Identifier: Apache-2.0
// Damaged pages: never a crash, and never "no such account" for one that is there.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>

#include "property_tests/unit/store/raw_sqlite.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::store {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t page_bytes = 1024;
constexpr int accounts = 60;

std::string numbered(int number) { return "account" + std::to_string(number); }

std::vector<char> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Returns the file after the store was closed: the WAL is copied into it, so the file alone is the database.
std::vector<char> sound_database() {
  const Folder folder;
  auto options = options_for(folder.file());
  options.page_bytes = page_bytes;
  {
    const auto store = open_sqlite(options);
    std::vector<Change> batch;
    for (int i = 0; i < accounts; ++i)
      batch.push_back(change(numbered(i), 0, {mail(static_cast<std::uint64_t>(i))}));
    std::vector<CommitResult> results(batch.size());
    EXPECT_TRUE(store->commit(batch, 1000, results));
  }
  return read_whole(folder.file());
}

void write_whole(const std::string& path, const std::vector<char>& bytes) {
  {
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

// Opens the damaged file and calls every method. Returns how many accounts could not be loaded (all, if it
// does not open).
int use_damaged(const std::vector<char>& bytes) {
  const Folder folder;
  write_whole(folder.file(), bytes);
  auto options = options_for(folder.file());
  options.create = false;
  const auto opened = sqlite::SqliteStore::open(options);
  if (!opened) return accounts;
  Store& store = **opened;
  int failed = 0;
  for (int i = 0; i < accounts; ++i) {
    const auto row = store.load(account(numbered(i)));
    EXPECT_TRUE(!row || *row) << numbered(i) << " reads as absent";
    if (!row) ++failed;
  }
  (void)store.scan("", 1000);
  (void)store.audit_read(account(numbered(1)), 0, 100);
  (void)store.outbox_list(100);
  Places room = places(5);
  (void)store.outbox_lease(2000, 60, room);
  (void)store.outbox_counts();
  (void)store.check();
  (void)commit_one(store, change(numbered(2), 1));
  return failed;
}

}  // namespace

TEST(SqliteDamage, a_sound_copy_loads_whole) { EXPECT_EQ(use_damaged(sound_database()), 0); }

TEST(SqliteDamage, no_flipped_bit_makes_an_account_absent) {
  const auto sound = sound_database();
  std::mt19937 random(20240607);
  int failed = 0;
  for (int round = 0; round < 250; ++round) {
    auto damaged = sound;
    const std::size_t at = random() % damaged.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    failed += use_damaged(damaged);
    if (HasFailure()) FAIL() << "flipped a bit of byte " << at;
  }
  EXPECT_GT(failed, 0) << "the damage was never met";
}

TEST(SqliteDamage, no_lost_page_makes_an_account_absent) {
  const auto sound = sound_database();
  std::mt19937 random(7);
  for (std::size_t page = 0; page < sound.size() / page_bytes; ++page) {
    auto zeros = sound;
    auto noise = sound;
    for (std::size_t i = page * page_bytes; i < (page + 1) * page_bytes; ++i) {
      zeros[i] = 0;
      noise[i] = static_cast<char>(random());
    }
    use_damaged(zeros);
    use_damaged(noise);
    if (HasFailure()) FAIL() << "page " << page;
  }
}

TEST(SqliteDamage, no_truncation_makes_an_account_absent) {
  const auto sound = sound_database();
  for (std::size_t size = 0; size < sound.size(); size += page_bytes / 2) {
    use_damaged({sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size)});
    if (HasFailure()) FAIL() << "cut to " << size;
  }
}

// Removes an index entry, as a damaged disk could, from a file that SQLite still finds sound.
TEST(SqliteDamage, a_row_that_vanished_is_damage_and_is_not_written_over) {
  const Folder folder;
  auto options = options_for(folder.file());
  const auto store = open_sqlite(options);
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(folder.file().c_str(), &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    EXPECT_EQ(sqlite3_exec(db, "DELETE FROM account", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
  }
  EXPECT_EQ(store->load(account("ann")).error().kind, StoreErrorKind::corrupt);
  EXPECT_EQ(commit_one(*store, change("ann", 0)).error().kind, StoreErrorKind::corrupt);
  EXPECT_EQ(store->check().error().kind, StoreErrorKind::corrupt);
  EXPECT_EQ(version_of(*store, "bob"), 0u) << "others are not concerned";
}

}  // namespace twinlock::store
