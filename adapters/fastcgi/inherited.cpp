// SPDX-License-Identifier: Apache-2.0
// Which listening sockets the process was started with.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include "adapters/fastcgi/listener.hpp"

namespace twinlock::fastcgi {
namespace {

std::optional<int> environment_number(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  int number = 0;
  const char* const end = text + std::strlen(text);
  const auto result = std::from_chars(text, end, number);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

bool is_listening(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening == 1;
}

std::vector<int> inherited_listeners() {
  std::vector<int> found;
  if (is_listening(0)) found.push_back(0);
  if (environment_number("LISTEN_PID") != static_cast<int>(getpid())) return found;
  constexpr int first = 3;
  const int count = std::clamp(environment_number("LISTEN_FDS").value_or(0), 0, 1'024);
  for (int fd = first; fd < first + count; ++fd)
    if (is_listening(fd)) found.push_back(fd);
  return found;
}

}  // namespace twinlock::fastcgi
