// SPDX-License-Identifier: Apache-2.0
#include "adapters/helper/child.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/helper/spawn.hpp"

namespace twinlock::helper {
namespace {

constexpr int exit_ms_max = 500;  // between the end of its socket and its exit

}  // namespace

tl::expected<Child, std::string> Child::start(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return tl::unexpected(fmt::format("no socket pair for {}: {}", command[0], std::strerror(errno)));
  system::Descriptor ours(ends[0]);
  const system::Descriptor theirs(ends[1]);
  const auto pid = spawn(command, {theirs.get(), STDERR_FILENO, STDERR_FILENO});
  if (!pid) return tl::unexpected(fmt::format("{} does not start: {}", command[0], pid.error()));
  return Child(std::move(ours), *pid);
}

Child::Child(Child&& other) noexcept
    : socket_(std::move(other.socket_)), pid_(std::exchange(other.pid_, -1)) {}

Child::~Child() { end(); }

std::string Child::end() {
  if (pid_ < 0) return "it has ended";
  socket_.close();
  wait_for_exit(pid_, exit_ms_max);
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  return fmt::format("killed by signal {}", WTERMSIG(status));
}

}  // namespace twinlock::helper
