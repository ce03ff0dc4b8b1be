// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/process.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "adapters/system/descriptor.hpp"
#include "adapters/system/process.hpp"

namespace twinlock::daemon {

namespace {

sigset_t held() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void make_files_private() { ::umask(077); }

void hold_signals() {
  const sigset_t set = held();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  system::outlive_stray_signals();
}

void wait_for_stop(const std::function<void()>& each_second) {
  const sigset_t set = held();
  constexpr timespec second{1, 0};
  for (;;) {
    const int signal = ::sigtimedwait(&set, nullptr, &second);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal < 0 && errno != EAGAIN && errno != EINTR) return;
    each_second();
  }
}

void notify_systemd(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr) return;
  sockaddr_un address{};
  const std::size_t length = std::strlen(path);
  if (length < 2 || length >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, length);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // the abstract name space
  const system::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
}

}  // namespace twinlock::daemon
