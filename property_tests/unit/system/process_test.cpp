// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/process.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <initializer_list>

namespace twinlock::system {
namespace {

TEST(ProcessDeathTest, NoCoreDumpAndNoTracer) {
  EXPECT_EXIT(
      {
        const bool done = forbid_core_dumps();
        rlimit core{};
        ::getrlimit(RLIMIT_CORE, &core);
        const bool closed =
            ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && core.rlim_cur == 0 && core.rlim_max == 0;
        ::_exit(done && closed ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, NoNewRights) {
  EXPECT_EXIT(
      {
        forbid_new_rights();
        ::_exit(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, ABrokenPipeIsAnError) {
  EXPECT_EXIT(
      {
        make_failed_writes_errors();
        int ends[2];
        const bool made = ::pipe(ends) == 0 && ::close(ends[0]) == 0;
        ::_exit(made && ::write(ends[1], "x", 1) < 0 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

[[noreturn]] void write_beyond_the_limit() {
  make_failed_writes_errors();
  const int fd = ::fileno(::tmpfile());
  const rlimit small{1, 1};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const bool failed = ::write(fd, "x", 1) == 1 && ::write(fd, "y", 1) < 0 && errno == EFBIG;
  ::_exit(failed ? 0 : 1);
}

TEST(ProcessDeathTest, AFileAtItsLimitIsAnError) {
  EXPECT_EXIT(write_beyond_the_limit(), testing::ExitedWithCode(0), "");
}

[[noreturn]] void send_itself(std::initializer_list<int> signals) {
  outlive_stray_signals();
  for (const int signal : signals) ::kill(::getpid(), signal);
  ::_exit(0);
}

TEST(ProcessDeathTest, StraySignalsDoNotEndIt) {
  const std::initializer_list<int> stray = {SIGHUP, SIGUSR1, SIGUSR2,   SIGALRM, SIGVTALRM, SIGPROF, SIGIO,
                                            SIGPWR, SIGPIPE, SIGSTKFLT, SIGXFSZ, SIGRTMIN,  SIGRTMAX};
  EXPECT_EXIT(send_itself(stray), testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, TheOneThatAsksItToEndStillDoes) {
  EXPECT_EXIT(send_itself({SIGTERM}), testing::KilledBySignal(SIGTERM), "");
}

TEST(Process, AsManyFilesAsTheSystemAllows) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 64;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(allow_open_files(65), std::min<rlim_t>(65, before.rlim_max));
  EXPECT_EQ(allow_open_files(10), std::min<rlim_t>(65, before.rlim_max)) << "never lowered";
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace twinlock::system
