// SPDX-License-Identifier: Apache-2.0
// Writes docs/kernel_table.md and docs/images/kernel_states.svg from the kernel, or says whether they are
// current.
#include <fstream>
#include <iostream>
#include <sstream>

#include "property_tests/exhaustive/kernel_facts.hpp"

namespace twinlock::exhaustive {

namespace {

std::string cell(const Facts& facts, Kind kind, State state) {
  const Need need_here = need(kind, state);
  if (need_here == Need::refused) return "-";
  std::string text = facts.needs.at(need_here) + " → ";
  const char* separator = "";
  for (const State next : facts.leads.at(kind).at(state)) {
    text += separator + ("**" + name(next) + "**");
    separator = " or ";
  }
  return text;
}

std::string told(const Facts& facts, Kind kind) {
  std::set<Notice> all;
  const auto found = facts.tells.find(kind);
  if (found != facts.tells.end())
    for (const auto& [state, notices] : found->second) all.insert(notices.begin(), notices.end());
  std::string text;
  for (const Notice notice : all) text += (text.empty() ? "" : ", ") + name(notice);
  return text.empty() ? "-" : text;
}

}  // namespace

std::string table_page(const Facts& facts) {
  std::ostringstream out;
  out << "# The kernel's decision table\n\n"
         "Generated from `kernel/table.hpp`, `kernel/event.hpp` and the answers of `decide()`; never edited "
         "by hand.\n"
         "`property_tests/exhaustive/kernel_table.cpp` writes it, and a test fails when it is not "
         "current.\n\n"
         "![The states of one account and the events between them](images/kernel_states.svg)\n\n"
         "## What an event must prove, and where it leads\n\n"
         "`-`: the event means nothing in that state and is refused (`wrong_state`). Where two states are "
         "named, policy decides.\n\n"
         "| event |";
  for (const State state : all_states) out << " " << name(state) << " |";
  out << "\n|---|---|---|---|---|---|\n";
  for (const Row& row : facts.rows) {
    out << "| `" << row.name << "` |";
    for (const State state : all_states) out << " " << cell(facts, row.kind, state) << " |";
    out << "\n";
  }
  out << "\n## Why, and what is told by mail when it is accepted\n\n| event | reason | mail "
         "|\n|---|---|---|\n";
  for (const Row& row : facts.rows)
    out << "| `" << row.name << "` | " << row.reason << " | " << told(facts, row.kind) << " |\n";
  out << "\nThe tenth and the hundredth wrong code in a row are told as well.\n\n"
         "## Verdicts, in the order in which the checks run\n\n"
         "Of several things wrong, the first is reported. One event runs otherwise: `request_recovery` "
         "evaluates "
         "its recovery code, then\nasks for an address, and only then for a link that is free.\n\n| verdict "
         "| when |\n|---|---|\n";
  for (const Named& verdict : facts.verdicts)
    out << "| `" << verdict.name << "` | "
        << (verdict.words.empty() ? "the next record is in the outcome" : verdict.words) << " |\n";
  return out.str();
}

namespace {

bool is_current(const std::string& path, const std::string& wanted) {
  std::ifstream file(path);
  std::ostringstream there;
  there << file.rdbuf();
  if (there.str() == wanted) return true;
  std::cout << path << " is not what the kernel says; write it anew: kernel_table --write SOURCE_FOLDER\n";
  return false;
}

int work(bool write, const std::string& root) {
  const Facts facts = read_facts(root + "/kernel");
  const std::pair<std::string, std::string> files[] = {
      {root + "/docs/kernel_table.md", table_page(facts)},
      {root + "/docs/images/kernel_states.svg", states_picture(facts)}};
  int stale = 0;
  for (const auto& [path, text] : files) {
    if (write) std::ofstream(path) << text;
    stale += is_current(path, text) ? 0 : 1;
  }
  std::cout << 2 - stale << " passed, " << stale << " failed\n";
  return stale == 0 ? 0 : 1;
}

}  // namespace

}  // namespace twinlock::exhaustive

int main(int count, char** arguments) {
  const std::string mode = count == 3 ? arguments[1] : "";
  if (mode != "--check" && mode != "--write") {
    std::cerr << "usage: kernel_table --check|--write SOURCE_FOLDER\n";
    return 2;
  }
  try {
    return twinlock::exhaustive::work(mode == "--write", arguments[2]);
  } catch (const std::exception& problem) {
    std::cerr << "kernel_table: " << problem.what() << "\n";
    return 1;
  }
}
