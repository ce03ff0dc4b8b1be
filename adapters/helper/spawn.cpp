// SPDX-License-Identifier: Apache-2.0
#include "adapters/helper/spawn.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

namespace twinlock::helper {
namespace {

class FileActions {
 public:
  explicit FileActions(std::array<int, 3> descriptors) {
    posix_spawn_file_actions_init(&actions_);
    for (int i = 0; i < 3; ++i) {
      posix_spawn_file_actions_adddup2(&actions_, descriptors[static_cast<std::size_t>(i)], i);
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// Signals as a fresh process has them, whatever the thread that spawns has blocked or ignored.
class FreshSignals {
 public:
  FreshSignals() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  FreshSignals(const FreshSignals&) = delete;
  FreshSignals& operator=(const FreshSignals&) = delete;
  ~FreshSignals() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

tl::expected<pid_t, std::string> spawn(const std::vector<std::string>& command,
                                       std::array<int, 3> descriptors) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const FileActions files(descriptors);
  const FreshSignals signals;
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments[0], files.get(), signals.get(), arguments.data(), environ);
  if (error != 0) return tl::unexpected<std::string>(std::strerror(error));
  return pid;
}

system::Descriptor exit_descriptor(pid_t pid) {
  return system::Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

void wait_for_exit(pid_t pid, int ms_max) {
  const system::Descriptor ended = exit_descriptor(pid);
  if (!ended) return;
  pollfd watched{ended.get(), POLLIN, 0};
  poll(&watched, 1, ms_max);
}

}  // namespace twinlock::helper
