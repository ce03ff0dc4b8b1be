// SPDX-License-Identifier: Apache-2.0
#include "property_tests/exhaustive/kernel_facts.hpp"

#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "kernel/clock.hpp"
#include "kernel/decide.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::exhaustive {

namespace {

// A cell that nobody wrote would be 0, which is no Need.
constexpr bool whole() {
  for (const auto& row : needs)
    for (const Need cell : row)
      if (cell < Need::refused || cell > Need::authority) return false;
  return true;
}
static_assert(whole(), "the decision table has a hole");

constexpr Seconds now = 1700000010;
constexpr Clock clock_at{now, now / step_s};

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().empty()) throw std::runtime_error("cannot read " + path);
  return text.str();
}

// The lines `name = number,  // words` of an enum; a comment may go on in the lines below.
std::vector<Named> enumerators(const std::string& text, const std::string& name) {
  const auto from = text.find("enum class " + name + " ");
  const std::string body = text.substr(from, text.find("};", from) - from);
  std::vector<Named> all;
  std::istringstream lines(body);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, std::regex(R"(\s*(\w+)(?: = \d+)?,?\s*(?://\s*(.*))?)")))
      all.push_back({match[1], match[2]});
    else if (!all.empty() && std::regex_match(line, match, std::regex(R"(\s*//\s*(.*))")))
      all.back().words += " " + match[1].str();
  }
  return all;
}

std::vector<Row> rows_of(const std::string& text, const std::vector<Named>& need_names) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  const std::regex row(R"(\s*/\* (\w+)\s*\*/ \{(.*)\},\s*// (.*))");
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, match, row)) continue;
    const auto kind = rows.size();
    std::string compiled;
    for (const Need need : needs[kind])
      compiled += "Need::" + need_names.at(static_cast<std::size_t>(need) - 1).name + ",";
    const std::string written = std::regex_replace(match[2].str(), std::regex(" "), "") + ",";
    if (written != compiled) throw std::runtime_error("kernel/table.hpp was read as " + written);
    rows.push_back({static_cast<Kind>(kind), match[1], match[3]});
  }
  if (rows.size() != kinds_count) throw std::runtime_error("kernel/table.hpp: not one row a line");
  return rows;
}

Token some_token(std::uint8_t first) { return {{first}}; }

// A sound record of the state; enrolling: from off or from replacing.
Record record_of(State state, bool replaces) {
  Record r = new_record();
  r.state = state;
  r.seen = now;
  if (state == State::replacing || replaces) {
    r.epoch = some_token(1);
    r.voucher_hash = some_token(2);
    r.voucher_until = now + 60;
  }
  if (state == State::enrolling) {
    r.before = replaces ? State::replacing : State::off;
    r.pending.b[0] = 3;
    r.enrollment_id = some_token(4);
    r.deadline = now + 60;
  }
  if (state == State::on || state == State::recovering) {
    r.secret.b[0] = 5;
    r.secret_length = secret_bytes;
    r.last_step = 1;
    r.enrolled_at = r.last_used_at = r.recovery_drawn_at = now;
    r.enrollment_id = some_token(6);
    r.epoch = some_token(7);
    r.recovery_hash = some_token(8);
  }
  if (state == State::recovering) {
    r.link_hash = some_token(9);
    r.asker_hash = some_token(10);
    r.deadline = now + 60;
  }
  if (!valid(r)) throw std::runtime_error("this program's records are not valid any more");
  return r;
}

Fresh fresh_bytes() {
  Fresh f{};
  f.secret.b[0] = f.enrollment_id.b[0] = f.epoch.b[0] = f.recovery_code.b[0] = 11;
  f.link.b[0] = f.asker.b[0] = f.grant.b[0] = f.ticket.b[0] = 12;
  return f;
}

Outcome decided(const Record& at, const Event& e, const Rules& rules, bool right) {
  Evidence all{};
  if (right) all = {{true, clock_at.step}, true, true, true, true, true, true, true};
  all.enrollment_id = e.kind != Kind::begin_enrollment;  // a begin that is no repeat
  return decide(at, e, all, {clock_at, rules, {}, fresh_bytes()});
}

// Calls `each` with every policy, rule and choice of an event in the state.
void in_every_way(Kind kind, State state,
                  const std::function<void(const Record&, const Event&, const Rules&)>& each) {
  for (unsigned way = 0; way < 48; ++way) {
    Record at = record_of(state, state == State::enrolling && way % 2 == 1);
    at.policy = static_cast<Policy>(way / 2 % 3);
    Event e{};
    e.kind = kind;
    e.code = {{'1', '2', '3', '4', '5', '6'}};
    e.by_operator = e.mailable = e.has_asker = e.has_recovery_code = true;
    e.replace = way / 6 % 2 == 1;
    e.policy = Policy::required;
    e.key.b[0] = 13;
    e.key_length = secret_bytes;
    each(at, e, Rules{way / 12 % 2 == 1, 0, way / 24 % 2 == 1, false});
  }
}

void follow(Facts& facts, Kind kind, State state) {
  in_every_way(kind, state, [&](const Record& at, const Event& e, const Rules& rules) {
    const Outcome o = decided(at, e, rules, true);
    if (o.verdict != Verdict::accepted) return;
    facts.leads[kind][state].insert(o.record.state);
    if (o.notice != Notice::none) facts.tells[kind][state].insert(o.notice);
  });
}

std::string sign_in(State state) {
  bool code = false, passes = false;
  for (const bool replaces : {false, true}) {
    const View v =
        view(record_of(state, state == State::enrolling && replaces), clock_at, HostWord::unsaid, Rules{});
    code = code || v.code_required;
    passes = passes || v.passes_without;
  }
  if (code) return "sign-in needs a code";
  if (state == State::enrolling) return "sign-in as before";
  return passes ? "sign-in passes, unless required" : "sign-in is refused";
}

void wait_and_fail(Facts& facts, State state) {
  for (const bool replaces : {false, true}) {
    Record at = record_of(state, state == State::enrolling && replaces);
    if (at.deadline == 0) continue;
    facts.expires[state].insert(advance(at, at.deadline).state);
    if (state != State::enrolling) continue;
    at.enrollment_failures = enrollment_failures_limit - 1;
    Event e{};
    e.kind = Kind::confirm_enrollment;
    e.code = {{'1', '2', '3', '4', '5', '6'}};
    facts.gives_up[state].insert(decided(at, e, Rules{}, false).record.state);
  }
}

}  // namespace

std::string name(State state) {
  const char* const names[] = {"off", "enrolling", "on", "recovering", "replacing"};
  return names[static_cast<std::size_t>(state)];
}

std::string name(Notice notice) {
  const char* const names[] = {"-",
                               "enabled",
                               "disabled",
                               "recovery code renewed",
                               "the link",
                               "loss settled",
                               "recovery cancelled",
                               "reset",
                               "ten failures",
                               "locked",
                               "ticket issued",
                               "imported"};
  return names[static_cast<std::size_t>(notice)];
}

Facts read_facts(const std::string& kernel_folder) {
  Facts facts;
  const std::string table = read(kernel_folder + "/table.hpp");
  const auto need_names = enumerators(table, "Need");
  if (need_names.size() != static_cast<std::size_t>(Need::authority))
    throw std::runtime_error("kernel/table.hpp: not one need a line");
  for (std::size_t i = 0; i < need_names.size(); ++i)
    facts.needs[static_cast<Need>(i + 1)] = need_names[i].words;
  facts.rows = rows_of(table, need_names);
  facts.verdicts = enumerators(read(kernel_folder + "/event.hpp"), "Verdict");
  for (const State state : all_states) {
    for (const Row& row : facts.rows) follow(facts, row.kind, state);
    facts.sign_in[state] = sign_in(state);
    wait_and_fail(facts, state);
  }
  return facts;
}

}  // namespace twinlock::exhaustive
