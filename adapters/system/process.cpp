// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace twinlock::system {

bool forbid_core_dumps() {
  const rlimit none{0, 0};
  return ::setrlimit(RLIMIT_CORE, &none) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

void forbid_new_rights() { ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

void fill_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", O_RDWR);  // the lowest free number
}

}  // namespace twinlock::system
