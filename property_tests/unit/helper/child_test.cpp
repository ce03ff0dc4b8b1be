// SPDX-License-Identifier: Apache-2.0
// A helper program as its parent sees it: what it is given, and how its end is told.
#include "adapters/helper/child.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace twinlock::helper {
namespace {

Child run(const std::string& script) {
  auto child = Child::start({"/bin/sh", "-c", script});
  EXPECT_TRUE(child) << child.error();
  return std::move(*child);
}

std::string all_that_comes(const Child& child) {
  std::string out(1024, 0);
  const ssize_t n = recv(child.descriptor(), out.data(), out.size(), MSG_WAITALL);
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

TEST(Child, ItsEndIsTold) {
  EXPECT_EQ(run("exit 7").end(), "exit status 7");
  EXPECT_EQ(run("kill -9 $$").end(), "killed by signal 9");
  Child child = run("exit 0");
  child.end();
  EXPECT_EQ(child.end(), "it has ended");
}

TEST(Child, OneThatStaysIsKilled) {
  Child child = run("trap '' TERM; exec sleep 60");
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(child.end(), "killed by signal 9");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

TEST(Child, ItDoesNotHoldOurDescriptors) {
  const int ours = dup(STDERR_FILENO);  // without FD_CLOEXEC
  const Child child = run("test -e /proc/$$/fd/" + std::to_string(ours) + " && echo held >&0; exit 0");
  EXPECT_EQ(all_that_comes(child), "");
  close(ours);
}

TEST(Child, NoSignalIsBlockedOrIgnored) {
  const auto before = signal(SIGPIPE, SIG_IGN);
  const Child child = run("exec grep -E '^Sig(Blk|Ign)' /proc/self/status >&0");
  signal(SIGPIPE, before);
  unsigned long blocked = ~0UL;
  unsigned long ignored = ~0UL;
  ASSERT_EQ(std::sscanf(all_that_comes(child).c_str(), "SigBlk: %lx SigIgn: %lx", &blocked, &ignored), 2);
  EXPECT_EQ(blocked, 0U);
  EXPECT_EQ(ignored & 0x7FFF'FFFFU, 0U);  // 32 and 33 are the C library's own
}

TEST(Child, AProgramThatIsNotThereIsNamed) {
  const auto child = Child::start({"/nowhere/helper"});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error(), "/nowhere/helper does not start: No such file or directory");
}

}  // namespace
}  // namespace twinlock::helper
