// SPDX-License-Identifier: Apache-2.0
// Lines to standard error: whole, harmless, and counted where nobody takes them.
#include "adapters/system/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <string>

#include "adapters/system/process.hpp"

namespace twinlock::system {
namespace {

// Puts another file in the place of standard error while it lives.
class ErrorsTo {
 public:
  explicit ErrorsTo(int fd) : kept_(::dup(STDERR_FILENO)) { ::dup2(fd, STDERR_FILENO); }
  ErrorsTo(const ErrorsTo&) = delete;
  ErrorsTo& operator=(const ErrorsTo&) = delete;
  ~ErrorsTo() {
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
  }

 private:
  int kept_;
};

std::string said(LogLevel level, const std::string& text) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  {
    const ErrorsTo here(ends[1]);
    log(level, "test", text);
  }
  ::close(ends[1]);
  std::string out(3 * log_line_bytes_max, '\0');
  const ssize_t got = ::read(ends[0], out.data(), out.size());
  ::close(ends[0]);
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return out;
}

TEST(Log, OneLineWithoutControlCharacters) {
  EXPECT_EQ(said(LogLevel::error, "two\nlines\x1B[31m \x7F"), "test: two?lines?[31m ?\n");
}

TEST(Log, ALongLineIsCutToWhatAPipeTakesWhole) {
  const std::string line = said(LogLevel::notice, std::string(10'000, 'x'));
  EXPECT_EQ(line.size(), log_line_bytes_max);
  EXPECT_EQ(line.back(), '\n');
}

TEST(Log, ALineThatNobodyTakesIsCountedAndNothingElse) {
  make_failed_writes_errors();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  const auto before = lost_log_lines();
  for (const int fd : {ends[1], full}) {
    const ErrorsTo here(fd);
    log(LogLevel::error, "test", "x");
  }
  EXPECT_EQ(lost_log_lines(), before + 2);
  ::close(ends[1]);
  ::close(full);
}

TEST(Log, APipeThatIsFullLosesTheLineAndDoesNotWait) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const std::string much(1U << 16U, 'x');
  ASSERT_EQ(::write(ends[1], much.data(), much.size()), static_cast<ssize_t>(much.size()));
  const auto before = lost_log_lines();
  {
    const ErrorsTo here(ends[1]);
    log(LogLevel::error, "test", "x");
  }
  EXPECT_EQ(lost_log_lines(), before + 1);
  for (const int fd : ends) ::close(fd);
}

TEST(ProcessDeathTest, ClosedStandardDescriptorsAreFilled) {
  EXPECT_EXIT(
      {
        ::close(STDIN_FILENO);
        ::close(STDERR_FILENO);
        fill_standard_descriptors();
        ::_exit(::open("/dev/null", O_RDONLY | O_CLOEXEC) > STDERR_FILENO ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace twinlock::system
