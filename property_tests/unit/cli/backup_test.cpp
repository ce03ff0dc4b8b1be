// SPDX-License-Identifier: Apache-2.0
// backup and restore: onto another folder, over newer and over damaged databases, with a wrong key, from half
// a backup.
#include "property_tests/unit/cli/backup_test.hpp"

#include <algorithm>
#include <fstream>

namespace twinlock::test {
namespace {

TEST_F(BackupCommand, IsOnePrivateFileAndNeverOverwritesOne) {
  const std::string file = backup();
  EXPECT_EQ(folder_.mode("copy.db"), 0600U);
  EXPECT_FALSE(folder_.has("copy.db-wal"));
  EXPECT_FALSE(folder_.has("copy.db.new"));
  const Result again = cli({"backup", "copy.db"});
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("never overwritten"), std::string::npos) << again.err;
  EXPECT_EQ(text({"backup", "json.db"}, "backup"), "json.db");
  EXPECT_EQ(cli({"backup", "nowhere/copy.db"}).code, 3);
}

TEST_F(BackupCommand, ACopyOfItOverTheDatabaseIsRefusedAndRestoreIsNamed) {
  fs::copy_file(backup(), folder_ / "twinlock.db", fs::copy_options::overwrite_existing);
  const Result started = run({TWINLOCKD_PROGRAM, "--check"}, folder_.path());
  EXPECT_EQ(started.code, 3);
  EXPECT_NE(started.err.find("it is a backup"), std::string::npos) << started.err;
  EXPECT_NE(started.err.find("twinlock restore"), std::string::npos) << started.err;
  EXPECT_EQ(restore("copy.db").code, 0);
  EXPECT_EQ(state("alice"), "on");
}

TEST_F(BackupCommand, RestoresWhereTheDatabaseIsGone) {
  backup();
  remove_database();
  const auto answer = json({"restore", "copy.db", "--reason", "disk lost"});
  EXPECT_EQ(count(answer, "restored"), 2U);
  EXPECT_EQ(count(answer, "kept"), 0U);
  EXPECT_EQ(state("alice"), "on");
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("operator_restored"), std::string::npos);
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("disk lost"), std::string::npos);
  EXPECT_EQ(std::uint64_t(json({"mail", "retry", "all"})["due_now"]), 0U) << "mail of then is not sent again";
  sound();
}

TEST_F(BackupCommand, RestoresInAnotherFolder) {
  backup();
  const Folder other;
  fs::copy_file(folder_ / "twinlock.key", other / "twinlock.key");
  const Result moved =
      run({TWINLOCK_PROGRAM, "restore", folder_ / "copy.db", "--reason", "moved"}, other.path());
  EXPECT_EQ(moved.code, 0) << moved.err;
  EXPECT_NE(run({TWINLOCK_PROGRAM, "show", "alice"}, other.path()).out.find("on"), std::string::npos);
  EXPECT_EQ(other.mode("twinlock.db"), 0600U);
}

TEST_F(BackupCommand, KeepsWhatTheDatabaseHasNewer) {
  backup();
  ASSERT_EQ(cli({"reset", "bob", "--reason", "lost phone"}).code, 0);
  enroll({"carol"});
  const auto answer = json({"restore", "copy.db", "--reason", "not sure"});
  EXPECT_EQ(count(answer, "restored"), 0U);
  EXPECT_EQ(count(answer, "kept"), 3U);
  EXPECT_EQ(state("bob"), "off") << "what was reset since stays so";
  EXPECT_EQ(state("carol"), "on");
  sound();
}

TEST_F(BackupCommand, TakesARowThatDoesNotOpenFromTheBackup) {
  backup();
  ASSERT_EQ(cli({"reset", "bob", "--reason", "lost phone"}).code, 0);
  sql("UPDATE account SET sealed = zeroblob(400) WHERE account = CAST('alice' AS BLOB)");
  const auto answer = json({"restore", "copy.db", "--reason", "one row damaged"});
  EXPECT_EQ(count(answer, "restored"), 1U);
  EXPECT_EQ(count(answer, "kept"), 1U);
  EXPECT_EQ(state("alice"), "on");
  EXPECT_EQ(state("bob"), "off");
  sound();
}

TEST_F(BackupCommand, TakesAccountsThatAreMissingFromTheBackup) {
  backup();
  sql("DELETE FROM account WHERE account = CAST('alice' AS BLOB);"
      "DELETE FROM name WHERE account = CAST('alice' AS BLOB)");
  EXPECT_EQ(count(json({"restore", "copy.db", "--reason", "a row is gone"}), "restored"), 1U);
  EXPECT_EQ(state("alice"), "on");
  sound();
}

TEST_F(BackupCommand, RestoresOverADamagedDatabase) {
  backup();
  {
    std::fstream file(folder_ / "twinlock.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 1024);
    file << std::string(4096, 'x');
  }
  EXPECT_EQ(count(json({"restore", "copy.db", "--reason", "damaged"}), "restored"), 2U);
  EXPECT_EQ(state("alice"), "on");
  sound();
}

TEST_F(BackupCommand, AWrongKeyIsOneClearLineAndChangesNothing) {
  backup();
  const Folder other;
  ASSERT_EQ(run({TWINLOCK_PROGRAM, "init"}, other.path()).code, 0);
  const Result refused =
      run({TWINLOCK_PROGRAM, "restore", folder_ / "copy.db", "--reason", "wrong"}, other.path());
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("opens none of the accounts in " + (folder_ / "copy.db")), std::string::npos)
      << refused.err;
  EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
  EXPECT_EQ(run({TWINLOCK_PROGRAM, "show", "alice", "--json"}, other.path()).out.find("\"on\""),
            std::string::npos);
}

TEST_F(BackupCommand, HalfABackupIsRefusedAndTheDatabaseStays) {
  backup();
  const auto size = fs::file_size(folder_ / "copy.db");
  for (const std::uintmax_t left : {std::uintmax_t{0}, std::uintmax_t{700}, size / 2, size - 1024}) {
    fs::copy_file(folder_ / "copy.db", folder_ / "half.db", fs::copy_options::overwrite_existing);
    fs::resize_file(folder_ / "half.db", left);
    const Result refused = restore("half.db");
    EXPECT_NE(refused.code, 0) << left;
    EXPECT_NE(refused.err.find("half.db"), std::string::npos) << refused.err;
    EXPECT_EQ(refused.err.find("restoring"), std::string::npos) << refused.err;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
    EXPECT_EQ(state("alice"), "on");
  }
  sound();
}

TEST_F(BackupCommand, AnotherSchemaAndOtherFilesAreRefused) {
  backup();
  for (const char* schema : {"0", "99"}) {
    ASSERT_EQ(
        run({"sqlite3", folder_ / "copy.db", "PRAGMA user_version = " + std::string(schema)}, folder_.path())
            .code,
        0);
    const Result refused = restore("copy.db");
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.err.find("schema"), std::string::npos) << refused.err;
  }
  EXPECT_EQ(restore("twinlock.key").code, 1);
  EXPECT_NE(restore("twinlock.db").err.find("--in-place"), std::string::npos);
  EXPECT_EQ(cli({"restore", "copy.db"}).code, 2) << "a reason is needed";
  EXPECT_EQ(cli({"restore", "--reason", "x"}).code, 2);
  EXPECT_EQ(cli({"restore", "copy.db", "--in-place", "--reason", "x"}).code, 2);
}

}  // namespace
}  // namespace twinlock::test
