// SPDX-License-Identifier: Apache-2.0
#include "adapters/console/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "adapters/console/printable.hpp"
#include "adapters/system/log.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::console {

namespace {

constexpr std::int64_t redraw_ms = 100;

std::int64_t now_ms() {
  using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::steady_clock;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// Characters, not bytes: `text` is well-formed UTF-8.
std::size_t width(std::string_view text) { return text::count_characters(text); }

std::string padded(std::string_view text, std::size_t to) {
  return std::string(text) + std::string(to - std::min(to, width(text)), ' ');
}

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string json_object(const Fields& fields) {
  std::string out;
  for (const Field& f : fields)
    out += fmt::format("{}\"{}\":{}", out.empty() ? "{" : ",", f.name, f.value.json);
  return out.empty() ? "{}" : out + "}";
}

std::string json_rows(const std::vector<std::string>& columns, const std::vector<std::vector<Value>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    Fields fields;
    for (std::size_t i = 0; i < columns.size(); ++i) fields.push_back({columns[i], row[i]});
    out += (out.empty() ? "[\n" : ",\n") + json_object(fields);
  }
  return out.empty() ? "[]\n" : out + "\n]\n";
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += padded(cells[i], widths[i]) + "  ";
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Value words(std::string_view bytes) { return {printable(bytes), json_text(bytes)}; }
Value number(std::uint64_t n) { return {fmt::format("{}", n), fmt::format("{}", n)}; }
Value yes_no(bool b) { return {b ? "yes" : "no", b ? "true" : "false"}; }
Value nothing() { return {"-", "null"}; }

Value moment(std::uint64_t seconds) {
  if (seconds == 0) return nothing();
  const auto t = static_cast<std::time_t>(seconds);
  std::tm parts{};
  char text[64];
  if (::gmtime_r(&t, &parts) == nullptr) return number(seconds);
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {std::string(text, length), fmt::format("{}", seconds)};
}

Value duration(std::uint64_t seconds) {
  const std::string json = fmt::format("{}", seconds);
  if (seconds < 60) return {fmt::format("{} s", seconds), json};
  if (seconds < 3'600) return {fmt::format("{} min {} s", seconds / 60, seconds % 60), json};
  return {fmt::format("{} h {} min", seconds / 3'600, seconds % 3'600 / 60), json};
}

std::string record_text(const Fields& fields, bool json) {
  if (json) return json_object(fields) + "\n";
  std::size_t longest = 0;
  for (const Field& f : fields) longest = std::max(longest, f.name.size());
  std::string out;
  for (const Field& f : fields) out += fmt::format("{}  {}\n", padded(spoken(f.name), longest), f.value.text);
  return out;
}

std::string table_text(const std::vector<std::string>& columns, const std::vector<std::vector<Value>>& rows,
                       bool json) {
  if (json) return json_rows(columns, rows);
  std::vector<std::vector<std::string>> lines(1);
  for (const std::string& column : columns) lines[0].push_back(spoken(column));
  for (const auto& row : rows) {
    lines.emplace_back();
    for (const Value& value : row) lines.back().push_back(value.text);
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  std::string out;
  for (const auto& line : lines) out += line_of(line, widths);
  return out;
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void remark(std::string_view what) { system::log(system::LogLevel::information, "twinlock", what); }
void complain(std::string_view reason) { system::log(system::LogLevel::error, "twinlock", reason); }

Progress::Progress(std::string_view what) : what_(what), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_ms_ != 0) std::fputs("\r\033[K", stderr);
}

void Progress::step() {
  ++count_;
  draw(fmt::format("{}", count_));
}

void Progress::show(std::uint64_t count, std::uint64_t of) { draw(fmt::format("{} of {}", count, of)); }

void Progress::draw(const std::string& count) {
  if (!terminal_) return;
  const std::int64_t now = now_ms();
  if (now - drawn_ms_ < redraw_ms) return;
  drawn_ms_ = now;
  std::fputs(fmt::format("\r{} {}", count, what_).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace twinlock::console
