// SPDX-License-Identifier: Apache-2.0
// backup and restore while a server runs, while people enroll, without the -wal, killed in the middle, and as
// the operator's page says.
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "property_tests/unit/cli/backup_test.hpp"

namespace twinlock::test {
namespace {

TEST_F(BackupCommand, RefusesWhileAServerRuns) {
  backup();
  Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("twinlockd: ready")) << daemon.finish().err;
  for (const char* what : {"copy.db", "--in-place", "--accept-main"}) {
    const Result refused = restore(what);
    EXPECT_EQ(refused.code, 1) << what;
    EXPECT_NE(refused.err.find("in use by a running Twinlock"), std::string::npos) << refused.err;
  }
  backup("while.db");
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.finish().code, 0);
  EXPECT_EQ(restore("while.db").code, 0);
}

TEST_F(BackupCommand, TheMainFileAloneIsRefusedUntilItIsAccepted) {
  leave_main_alone();
  const Result started = run({TWINLOCKD_PROGRAM, "--check"}, folder_.path());
  EXPECT_EQ(started.code, 3);
  EXPECT_NE(started.err.find("restore --accept-main"), std::string::npos) << started.err;
  EXPECT_EQ(cli({"show", "alice"}).code, 3);
  const Result accepted = restore("--accept-main");
  EXPECT_EQ(accepted.code, 0) << accepted.err;
  EXPECT_NE(accepted.out.find("is lost"), std::string::npos) << accepted.out;
  EXPECT_EQ(state("alice"), "on");
  EXPECT_EQ(restore("--accept-main").code, 1) << "now it is whole";
  sound();
}

TEST_F(BackupCommand, ASnapshotIsRestoredInPlace) {
  const auto answer = json({"restore", "--in-place", "--reason", "snapshot"});
  EXPECT_EQ(count(answer, "restored"), 2U);
  EXPECT_EQ(std::uint64_t(json({"mail", "retry", "all"})["due_now"]), 0U);
  EXPECT_NE(cli({"audit", "show", "bob"}).out.find("operator_restored"), std::string::npos);
  sound();
}

TEST_F(BackupCommand, IsWholeWhilePeopleEnroll) {
  Inside inside(folder_.path(), wall_clock());
  std::atomic<bool> stop{false};
  std::atomic<int> enrolled{0};
  std::thread people([&] {
    for (int i = 0; !stop; ++i) {
      inside.enroll("person" + std::to_string(i));
      enrolled = i + 1;
    }
  });
  for (int round = 0; round < 5; ++round) {
    const int before = enrolled;
    const std::string file = backup("under-load-" + std::to_string(round));
    const Folder other;
    fs::copy_file(folder_ / "twinlock.key", other / "twinlock.key");
    const Result restored = run({TWINLOCK_PROGRAM, "restore", file, "--reason", "load"}, other.path());
    EXPECT_EQ(restored.code, 0) << restored.err;
    EXPECT_EQ(run({TWINLOCK_PROGRAM, "audit", "verify"}, other.path()).code, 0);
    if (before == 0) continue;
    EXPECT_NE(run({TWINLOCK_PROGRAM, "show", "person" + std::to_string(before - 1), "--json"}, other.path())
                  .out.find("\"on\""),
              std::string::npos);
  }
  stop = true;
  people.join();
}

// The lines that begin with four blanks in a section of docs/operating.md.
std::vector<std::string> commands_of(const std::string& section) {
  std::ifstream page(TWINLOCK_OPERATING_PAGE);
  std::vector<std::string> commands;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) inside = line == "## " + section;
    if (inside && line.starts_with("    ")) commands.push_back(line.substr(4));
  }
  return commands;
}

TEST_F(BackupCommand, TheOperatorsPageIsWhatWorks) {
  const Folder bin;
  fs::create_symlink(TWINLOCK_PROGRAM, bin / "twinlock");
  std::ofstream(bin / "systemctl") << "#!/bin/sh\nexec echo \"$@\" >> " << (bin / "log") << "\n";
  ASSERT_EQ(run({"chmod", "755", bin / "systemctl"}, folder_.path()).code, 0);
  const auto commands = commands_of("Backup and restore");
  ASSERT_EQ(commands.size(), 7U);
  const std::string there = "/var/backups/twinlock";
  for (std::string command : commands) {
    if (command.find("--accept-main") != std::string::npos) leave_main_alone();
    if (const auto at = command.find(there); at != std::string::npos)
      command.replace(at, there.size(), folder_.path());
    const Result result =
        run({"env", "PATH=" + bin.path() + ":/usr/bin:/bin", "sh", "-c", command}, folder_.path());
    EXPECT_EQ(result.code, 0) << command << "\n" << result.err;
  }
  EXPECT_EQ(state("alice"), "on");
  sound();
}

// The old database stays, or the new one is whole, wherever the restore is cut off.
TEST_F(BackupCommand, ARestoreThatIsKilledLeavesOneOfTheTwo) {
  backup();
  std::mt19937 random(std::random_device{}());
  int killed = 0;
  for (int round = 0; round < 25 && !HasFailure(); ++round) {
    if (round % 2 == 1) remove_database();
    const bool was_there = folder_.has("twinlock.db");
    {
      Child restoring({TWINLOCK_PROGRAM, "restore", "copy.db", "--reason", "again"}, folder_.path());
      ::usleep(static_cast<useconds_t>(random() % 120000));
      restoring.signal(SIGKILL);
      if (restoring.finish().code != 0) ++killed;
    }
    if (!was_there && !folder_.has("twinlock.db")) {
      ASSERT_EQ(restore("copy.db").code, 0);
      continue;
    }
    EXPECT_EQ(state("alice"), "on");
    EXPECT_EQ(state("bob"), "on");
    EXPECT_EQ(cli({"audit", "verify"}).code, 0);
  }
  EXPECT_GT(killed, 0);
  EXPECT_EQ(restore("copy.db").code, 0);
  sound();
}

}  // namespace
}  // namespace twinlock::test
