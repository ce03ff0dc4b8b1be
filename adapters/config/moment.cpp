// SPDX-License-Identifier: Apache-2.0
// Dates as the configuration and the command line take them.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>

#include "adapters/config/schema.hpp"

namespace twinlock::config {

namespace {

constexpr std::int64_t day_s = 86'400;

// Reads what stands at the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    const bool there = !rest_.empty() && rest_.front() == c;
    if (there) rest_.remove_prefix(1);
    return there;
  }

  // Exactly so many digits; nullopt: something else.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

 private:
  std::string_view rest_;
};

// Reads three numbers of two digits but the first, which has `first`, parted by `mark`.
std::optional<std::array<int, 3>> three(Scanner& in, std::size_t first, char mark) {
  std::array<int, 3> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i > 0 && !in.take(mark)) return std::nullopt;
    const auto part = in.number(i == 0 ? first : 2);
    if (!part) return std::nullopt;
    out[i] = *part;
  }
  return out;
}

std::optional<std::int64_t> read_days(Scanner& in) {
  const auto parts = three(in, 4, '-');
  if (!parts) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year((*parts)[0]),
                                        std::chrono::month(static_cast<unsigned>((*parts)[1])),
                                        std::chrono::day(static_cast<unsigned>((*parts)[2]))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day).time_since_epoch().count();
}

std::optional<std::int64_t> read_time(Scanner& in) {
  const auto parts = three(in, 2, ':');
  if (!parts || (*parts)[0] > 23 || (*parts)[1] > 59 || (*parts)[2] > 59) return std::nullopt;
  return (*parts)[0] * 3600 + (*parts)[1] * 60 + (*parts)[2];
}

// Z, or how far the text's clock is ahead of UTC.
std::optional<std::int64_t> read_offset(Scanner& in) {
  if (in.take('Z')) return 0;
  const bool behind = in.take('-');
  if (!behind && !in.take('+')) return std::nullopt;
  const auto hours = in.number(2);
  const bool colon = in.take(':');
  const auto minutes = in.number(2);
  if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return behind ? -seconds : seconds;
}

}  // namespace

std::optional<std::uint64_t> read_moment(std::string_view text) {
  Scanner in(text);
  const auto days = read_days(in);
  if (!days) return std::nullopt;
  std::int64_t seconds = *days * day_s;
  if (!in.at_end()) {
    if (!in.take('T') && !in.take(' ')) return std::nullopt;
    const auto time = read_time(in);
    if (!time) return std::nullopt;
    const auto offset = read_offset(in);
    if (!offset || !in.at_end()) return std::nullopt;
    seconds += *time - *offset;
  }
  if (seconds < 0) return std::nullopt;
  return static_cast<std::uint64_t>(seconds);
}

std::string moment_text(std::uint64_t seconds) {
  const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
  const auto rest = seconds % static_cast<std::uint64_t>(day_s);
  if (rest == 0) return text;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", text, rest / 3600, rest / 60 % 60, rest % 60);
}

}  // namespace twinlock::config
