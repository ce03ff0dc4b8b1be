// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/process.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

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
        ignore_broken_pipes();
        int ends[2];
        const bool made = ::pipe(ends) == 0 && ::close(ends[0]) == 0;
        ::_exit(made && ::write(ends[1], "x", 1) < 0 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace twinlock::system
