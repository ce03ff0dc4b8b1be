// SPDX-License-Identifier: Apache-2.0
// A folder with two people in it, whose factor is on, and what backup and restore are tried with.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {

namespace fs = std::filesystem;

class BackupCommand : public CliTest {
 protected:
  void SetUp() override {
    init();
    enroll({"alice", "bob"});
  }

  void enroll(const std::vector<std::string>& accounts) {
    Inside inside(folder_.path(), wall_clock());
    for (const auto& account : accounts) inside.enroll(account);
  }

  std::string backup(const std::string& name = "copy.db") {
    const Result made = cli({"backup", name});
    EXPECT_EQ(made.code, 0) << made.err;
    return folder_ / name;
  }

  Result restore(const std::string& what) { return cli({"restore", what, "--reason", "ticket 4711"}); }

  std::uint64_t count(const simdjson::dom::element& answer, const char* key) {
    std::uint64_t n = ~0ULL;
    EXPECT_EQ(answer[key].get(n), simdjson::SUCCESS) << key;
    return n;
  }

  std::string state(const std::string& account) { return text({"show", account}, "state"); }

  void remove_database() {
    for (const char* end : {"", "-wal", "-shm", ".lock"})
      fs::remove(folder_ / ("twinlock.db" + std::string(end)));
  }

  // What a process that is killed now would leave: a copy of the files, back in their place afterwards.
  void leave_main_alone() {
    Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
    ASSERT_TRUE(daemon.wait_for("twinlockd: ready")) << daemon.finish().err;
    ASSERT_EQ(cli({"policy", "carol", "optional"}).code, 0);
    daemon.signal(SIGKILL);
    daemon.finish();
    ASSERT_GT(fs::file_size(folder_ / "twinlock.db-wal"), 0u);
    fs::remove(folder_ / "twinlock.db-wal");
    fs::remove(folder_ / "twinlock.db-shm");
  }

  void sound() {
    const Result verified = cli({"audit", "verify"});
    EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
    EXPECT_EQ(run({"sqlite3", folder_ / "twinlock.db", "PRAGMA integrity_check"}, folder_.path()).out,
              "ok\n");
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      EXPECT_EQ(entry.path().string().find("restoring"), std::string::npos) << entry.path();
  }
};

}  // namespace twinlock::test
