// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "adapters/console/output.hpp"
#include "adapters/console/printable.hpp"

namespace twinlock::doctor {

using namespace console;

namespace {

std::string_view name_of(Level level) {
  return level == Level::ok ? "ok" : level == Level::warn ? "warn" : "fail";
}

}  // namespace

void Report::add(std::string what, Level level, std::string finding) {
  if (!json_) print(fmt::format("{:<4}  {:<13}  {}\n", name_of(level), what, printable(finding)));
  checks_.push_back({std::move(what), level, std::move(finding)});
}

int Report::finish() const {
  Level worst = Level::ok;
  std::vector<std::vector<Value>> rows;
  for (const Check& c : checks_) {
    worst = std::max(worst, c.level);
    rows.push_back({words(c.what), words(name_of(c.level)), words(c.finding)});
  }
  if (json_) print(table_text({"check", "level", "finding"}, rows, true));
  return static_cast<int>(worst);
}

}  // namespace twinlock::doctor
