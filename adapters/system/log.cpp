// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/log.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace twinlock::system {

namespace {

std::atomic<std::uint64_t> lost{0};

// Says whether standard error is the stream that systemd named to us: DEVICE:INODE (systemd.exec(5)).
bool is_journal() {
  const char* named = std::getenv("JOURNAL_STREAM");
  struct stat about {};
  if (named == nullptr || ::fstat(STDERR_FILENO, &about) != 0) return false;
  return std::string(named) == std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
}

bool takes_more() {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

bool write_line(std::string_view line) {
  if (!takes_more()) return false;
  ssize_t written = 0;
  do written = ::write(STDERR_FILENO, line.data(), line.size());
  while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(line.size());
}

}  // namespace

void log(LogLevel level, std::string_view program, std::string_view text) {
  static const bool journal = is_journal();
  std::string line;
  if (journal) line.append("<").append(std::to_string(static_cast<int>(level))).append(">");
  line.append(program).append(": ").append(text.substr(0, log_line_bytes_max));
  if (line.size() >= log_line_bytes_max) line.resize(log_line_bytes_max - 1);
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  line += '\n';
  if (!write_line(line)) ++lost;
}

std::uint64_t lost_log_lines() { return lost; }

}  // namespace twinlock::system
