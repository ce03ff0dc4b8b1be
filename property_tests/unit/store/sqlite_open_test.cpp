// SPDX-License-Identifier: Apache-2.0
// What may be opened, and how: spec 4.2 and spec 11.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/schema.hpp"
#include "property_tests/unit/store/raw_sqlite.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::store {

namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<sqlite::SqliteStore>> open_existing(const std::string& path) {
  sqlite::Options options = options_for(path);
  options.create = false;
  options.wait_max = std::chrono::milliseconds(200);
  return sqlite::SqliteStore::open(options);
}

void expect_refusal(const std::string& path, StoreErrorKind kind, std::string_view words) {
  const auto opened = open_existing(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
  EXPECT_NE(opened.error().message.find(words), std::string::npos) << opened.error().message;
  EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
}

void make(const std::string& path, int commits = 1) {
  const auto store = open_sqlite(path);
  for (int i = 0; i < commits; ++i)
    ASSERT_EQ(said(commit_one(*store,
                              change("ann", static_cast<Version>(i), {mail(static_cast<std::uint64_t>(i))}))),
              "done");
}

unsigned mode_of(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777;
}

}  // namespace

TEST(SqliteOpen, what_was_committed_is_there_after_opening_again) {
  const Folder folder;
  make(folder.file(), 5);
  const auto opened = open_existing(folder.file());
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(version_of(**opened, "ann"), 5u);
  EXPECT_EQ(sequences(**opened, "ann"), one_to(5));
  EXPECT_EQ((*opened)->outbox_counts()->waiting, 5u);
  EXPECT_EQ(said(commit_one(**opened, change("ann", 5))), "done");
}

TEST(SqliteOpen, every_file_is_private_whatever_the_umask) {
  const Folder folder;
  const mode_t before = ::umask(0);
  const auto store = open_sqlite(folder.file());
  ::umask(before);
  ASSERT_EQ(said(commit_one(*store, change("ann", 0))), "done");
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_EQ(mode_of(entry.path()), 0600u) << entry.path();
}

TEST(SqliteOpen, commits_are_synced_and_only_the_writer_checkpoints) {
  const Folder folder;
  make(folder.file());
  for (const auto role : {sqlite::Connection::Role::writer, sqlite::Connection::Role::reader}) {
    const auto connection = sqlite::Connection::open(folder.file(), role, 100);
    ASSERT_TRUE(connection);
    EXPECT_EQ((*connection)->number("PRAGMA synchronous").value(), 2);
    EXPECT_EQ((*connection)->text("PRAGMA journal_mode").value(), "wal");
    EXPECT_EQ((*connection)->number("PRAGMA wal_autocheckpoint").value(), 0);
    EXPECT_EQ((*connection)->number("PRAGMA query_only").value(),
              role == sqlite::Connection::Role::reader ? 1 : 0);
  }
  EXPECT_TRUE(fs::exists(folder.file("twinlock.db-wal"))) << "closing must not checkpoint outside the lock";
}

TEST(SqliteOpen, the_file_says_whose_it_is) {
  const Folder folder;
  make(folder.file());
  RawSqlite raw(folder.file());
  EXPECT_EQ(raw.text("PRAGMA application_id"), std::to_string(sqlite::application_id));
  EXPECT_EQ(raw.text("PRAGMA user_version"), std::to_string(sqlite::schema_newest()));
  EXPECT_EQ(raw.text("SELECT group_concat(DISTINCT strict) FROM pragma_table_list WHERE type = 'table' AND "
                     "schema = 'main'"
                     " AND name NOT LIKE 'sqlite%'"),
            "1");
}

TEST(SqliteOpen, the_page_size_is_what_was_asked_for) {
  const Folder folder;
  auto options = options_for(folder.file());
  options.page_bytes = 2048;
  open_sqlite(options);
  EXPECT_EQ(RawSqlite(folder.file()).text("PRAGMA page_size"), "2048");
}

TEST(SqliteOpen, a_missing_file_is_no_empty_database) {
  const Folder folder;
  expect_refusal(folder.file(), StoreErrorKind::unavailable, "not there");
  EXPECT_TRUE(fs::is_empty(folder.path())) << "nothing may be left behind";
  expect_refusal(folder.file("none/twinlock.db"), StoreErrorKind::unavailable, "not there");
}

TEST(SqliteOpen, an_empty_file_is_no_empty_database) {
  const Folder folder;
  { const std::ofstream empty(folder.file()); }
  ASSERT_EQ(::chmod(folder.file().c_str(), 0600), 0);
  expect_refusal(folder.file(), StoreErrorKind::corrupt, "empty");
  EXPECT_FALSE(sqlite::SqliteStore::open(options_for(folder.file()))) << "not even where creation is allowed";
}

TEST(SqliteOpen, a_lost_file_is_not_made_anew_over_its_wal) {
  const Folder folder;
  make(folder.file());
  fs::remove(folder.file());
  const auto opened = sqlite::SqliteStore::open(options_for(folder.file()));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, StoreErrorKind::unsupported);
}

TEST(SqliteOpen, a_half_made_file_is_made_anew) {
  const Folder folder;
  { std::ofstream(folder.file("twinlock.db.new")) << "half"; }
  make(folder.file());
  EXPECT_FALSE(fs::exists(folder.file("twinlock.db.new")));
}

TEST(SqliteOpen, a_newer_schema_is_refused) {
  const Folder folder;
  make(folder.file());
  RawSqlite(folder.file()).run("PRAGMA user_version = 99");
  expect_refusal(folder.file(), StoreErrorKind::unsupported, "schema is 99");
}

TEST(SqliteOpen, a_schema_that_changes_while_open_stops_commits) {
  const Folder folder;
  const auto store = open_sqlite(folder.file());
  RawSqlite raw(folder.file());
  raw.run("PRAGMA user_version = 99");
  const auto refused = commit_one(*store, change("ann", 0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreErrorKind::unsupported);
  raw.run("PRAGMA user_version = " + std::to_string(sqlite::schema_newest()));
  EXPECT_EQ(said(commit_one(*store, change("ann", 0))), "done");
}

TEST(SqliteOpen, another_programs_file_is_refused) {
  const Folder folder;
  RawSqlite(folder.file()).run("CREATE TABLE t(x)");
  ASSERT_EQ(::chmod(folder.file().c_str(), 0600), 0);
  expect_refusal(folder.file(), StoreErrorKind::unsupported, "no database of Twinlock");
  { std::ofstream(folder.file("text")) << std::string(5000, 'x'); }
  ASSERT_EQ(::chmod(folder.file("text").c_str(), 0600), 0);
  expect_refusal(folder.file("text"), StoreErrorKind::corrupt, "no SQLite database");
}

TEST(SqliteOpen, a_file_that_others_may_read_is_refused) {
  const Folder folder;
  make(folder.file());
  ASSERT_EQ(::chmod(folder.file().c_str(), 0640), 0);
  expect_refusal(folder.file(), StoreErrorKind::unsupported, "chmod 600");
}

TEST(SqliteOpen, a_symbolic_link_leads_to_the_one_lock_and_a_hard_link_is_refused) {
  const Folder folder;
  make(folder.file());
  fs::create_symlink(folder.file(), folder.file("link.db"));
  EXPECT_TRUE(open_existing(folder.file("link.db")));
  EXPECT_FALSE(fs::exists(folder.file("link.db.lock")));
  fs::create_hard_link(folder.file(), folder.file("hard.db"));
  expect_refusal(folder.file("hard.db"), StoreErrorKind::unsupported, "second name");
}

TEST(SqliteOpen, network_file_systems_are_told_from_local_ones) {
  for (const std::uint64_t magic :
       {0x6969ul, 0x517Bul, 0xFF534D42ul, 0xFE534D42ul, 0x01021997ul, 0x00C36400ul})
    EXPECT_TRUE(sqlite::network_file_system(magic, "")) << magic;
  EXPECT_TRUE(sqlite::network_file_system(0x65735546, "fuse.sshfs"));
  EXPECT_TRUE(sqlite::network_file_system(0x65735546, ""));
  EXPECT_FALSE(sqlite::network_file_system(0x65735546, "fuseblk"));
  for (const std::uint64_t magic :
       {0xEF53ul, 0x58465342ul, 0x9123683Eul, 0x01021994ul, 0x2FC12FC1ul, 0x794C7630ul})
    EXPECT_FALSE(sqlite::network_file_system(magic, ""))
        << magic << ": ext4, xfs, btrfs, tmpfs, zfs, overlay";
}

// Runs as a user who may read but not write: root may do anything, so a child becomes `nobody` first.
TEST(SqliteOpen, no_permission_to_write_says_so) {
  const Folder folder;
  make(folder.file());
  const uid_t nobody = ::getuid() == 0 ? 65534 : ::getuid();
  for (const auto& entry : fs::directory_iterator(folder.path()))
    ASSERT_EQ(::chown(entry.path().c_str(), nobody, -1u), 0);
  ASSERT_EQ(::chown(folder.path().c_str(), nobody, -1u), 0);
  const auto kind_as_nobody = [&](mode_t file_mode, mode_t folder_mode) {
    ::chmod(folder.file().c_str(), file_mode);
    fs::remove(folder.file("twinlock.db.lock"));
    ::chmod(folder.path().c_str(), folder_mode);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setuid(nobody) != 0) ::_exit(99);
      const auto opened = open_existing(folder.file());
      ::_exit(opened ? 98 : static_cast<int>(opened.error().kind));
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    ::chmod(folder.path().c_str(), 0700);
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(kind_as_nobody(0400, 0700), static_cast<int>(StoreErrorKind::read_only));
  EXPECT_EQ(kind_as_nobody(0600, 0500), static_cast<int>(StoreErrorKind::read_only));
  EXPECT_EQ(kind_as_nobody(0600, 0700), 98) << "opens";
}

}  // namespace twinlock::store
