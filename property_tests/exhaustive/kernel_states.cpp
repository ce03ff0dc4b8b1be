// SPDX-License-Identifier: Apache-2.0
// The picture: where a state stands and how an arrow runs is written here; which arrows there are, what leads
// along them and what is needed comes from the kernel. An arrow without a place, or a place without an arrow,
// is an error.
#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "property_tests/exhaustive/kernel_facts.hpp"

namespace twinlock::exhaustive {

namespace {

struct Place {
  int x, y;  // middle of the box
  const char* fill;
  const char* line;
};

// The path of an arrow and the middle of its label's first line.
struct Way {
  State from, to;
  bool passing;  // by time or by failing, not by an event
  const char* path;
  int x, y;
};

constexpr int box_w = 210, box_h = 84;

Place place(State state) {
  switch (state) {
    case State::off:
      return {135, 330, "#f4f5f7", "#6b7280"};
    case State::enrolling:
      return {560, 110, "#fff7e0", "#b7791f"};
    case State::on:
      return {985, 110, "#e3f5e9", "#2f855a"};
    case State::recovering:
      return {985, 550, "#e4eefb", "#2b6cb0"};
    case State::replacing:
      return {560, 550, "#fde8e8", "#c53030"};
  }
  throw std::runtime_error("a state without a place");
}

// clang-format off
const Way ways[] = {
    {State::off,        State::enrolling,  false, "M 110 288 C 110 170 270 95 451 95",    262, 78},
    {State::enrolling,  State::off,        false, "M 455 128 C 350 145 225 200 182 284",  352, 212},
    {State::enrolling,  State::off,        true,  "M 495 152 C 450 240 330 300 244 308",  446, 268},
    {State::off,        State::on,         false, "M 70 288 C 60 -90 1180 -70 1082 64",   540, -34},
    {State::enrolling,  State::on,         false, "M 665 110 L 876 110",                  770, 44},
    {State::on,         State::off,        false, "M 882 150 C 740 270 500 330 244 330",  738, 284},
    {State::on,         State::recovering, false, "M 925 152 L 925 504",                  850, 240},
    {State::recovering, State::on,         false, "M 975 508 L 975 156",                  1020, 300},
    {State::recovering, State::on,         true,  "M 1065 508 L 1065 156",                1108, 390},
    {State::recovering, State::off,        false, "M 884 508 C 740 400 480 350 244 350",  782, 344},
    {State::recovering, State::replacing,  false, "M 880 572 L 669 572",                  774, 540},
    {State::replacing,  State::enrolling,  false, "M 596 508 L 596 156",                  676, 196},
    {State::enrolling,  State::replacing,  false, "M 560 152 L 560 504",                  458, 456},
    {State::enrolling,  State::replacing,  true,  "M 530 152 L 530 504",                  466, 400},
};
// clang-format on

// What the caption says, so that no arrow shows it.
bool is_ground(Kind kind) {
  return kind == Kind::operator_reset || kind == Kind::set_policy || kind == Kind::operator_restored;
}

std::string short_need(Need what) {
  switch (what) {
    case Need::host:
      return "signed in, says the host";
    case Need::restart:
    case Need::grant:
      return "with the grant";
    case Need::pending:
      return "id and a code of the new secret";
    case Need::id:
      return "enrollment id";
    case Need::code:
      return "a fresh code";
    case Need::pass:
      return "a live pass";
    case Need::recovery:
      return "the recovery code";
    case Need::link:
      return "link, and asker or recovery code";
    case Need::authority:
      return "the operator";
    case Need::refused:
      break;
  }
  throw std::runtime_error("an arrow without a proof");
}

struct Line {
  std::string name, proof;
};

std::vector<Line> events_between(const Facts& facts, State from, State to) {
  std::vector<Line> lines;
  for (const Row& row : facts.rows) {
    const auto& leads = facts.leads.at(row.kind);
    const auto found = leads.find(from);
    if (is_ground(row.kind) || found == leads.end() || found->second.count(to) == 0) continue;
    lines.push_back({row.name, short_need(need(row.kind, from))});
  }
  return lines;
}

std::vector<Line> lines_of(const Facts& facts, const Way& way) {
  if (!way.passing) return events_between(facts, way.from, way.to);
  std::vector<Line> lines;
  const auto leads = [&way](const std::map<State, std::set<State>>& map) {
    const auto found = map.find(way.from);
    return found != map.end() && found->second.count(way.to) != 0;
  };
  if (leads(facts.expires)) lines.push_back({"10 minutes", ""});
  if (leads(facts.gives_up)) lines.push_back({"10 wrong codes", ""});
  return lines;
}

// Where a restore leads: the record as it is, or as it was before what was under way.
std::set<State> restored(State from) {
  if (from == State::enrolling) return {State::off, State::replacing};
  return {from == State::recovering ? State::on : from};
}

// What the caption says of operator_reset, set_policy and operator_restored, and that every arrow has a
// place.
void check(const Facts& facts) {
  for (const State from : all_states) {
    if (facts.leads.at(Kind::operator_restored).at(from) != restored(from))
      throw std::runtime_error("a restore leads elsewhere than the caption says");
    const std::set<State> lost = {State::off, State::replacing};
    if (facts.leads.at(Kind::operator_reset).at(from) != lost)
      throw std::runtime_error("a reset leads elsewhere than the caption says");
    if (facts.leads.at(Kind::set_policy).at(from) != std::set<State>{from})
      throw std::runtime_error("a policy changes the state");
    for (const State to : all_states) {
      const auto placed = [&](bool passing) {
        return std::any_of(std::begin(ways), std::end(ways), [&](const Way& w) {
          return w.from == from && w.to == to && w.passing == passing;
        });
      };
      for (const bool passing : {false, true}) {
        const bool there = !lines_of(facts, {from, to, passing, "", 0, 0}).empty();
        if (from != to && there != placed(passing))
          throw std::runtime_error("the arrow from " + name(from) + " to " + name(to) +
                                   " has no place, or a place has no arrow");
      }
    }
  }
}

void draw_box(std::ostream& out, const Facts& facts, State state) {
  const Place p = place(state);
  out << "<rect x=\"" << p.x - box_w / 2 << "\" y=\"" << p.y - box_h / 2 << "\" width=\"" << box_w
      << "\" height=\"" << box_h << "\" rx=\"10\" fill=\"" << p.fill << "\" stroke=\"" << p.line
      << "\" stroke-width=\"2\"/>\n<text class=\"state\" x=\"" << p.x << "\" y=\"" << p.y - 6 << "\">"
      << name(state) << "</text>\n<text class=\"proof\" x=\"" << p.x << "\" y=\"" << p.y + 18 << "\">"
      << facts.sign_in.at(state) << "</text>\n";
}

// Beside the box, what is accepted and stays; two names a line.
void draw_stays(std::ostream& out, const Facts& facts, State state) {
  std::vector<std::string> lines;
  std::size_t count = 0;
  for (const Line& line : events_between(facts, state, state)) {
    if (count > 0) lines.back() += ",";
    if (count % 2 == 0)
      lines.push_back((count == 0 ? "stays: " : "") + line.name);
    else
      lines.back() += " " + line.name;
    ++count;
  }
  const Place p = place(state);
  const bool above = p.y < 300;
  int y = above ? p.y - box_h / 2 - 12 - 16 * (static_cast<int>(lines.size()) - 1) : p.y + box_h / 2 + 22;
  for (const std::string& text : lines) {
    out << "<text class=\"stays\" x=\"" << p.x << "\" y=\"" << y << "\">" << text << "</text>\n";
    y += 16;
  }
}

void draw_way(std::ostream& out, const Way& way) {
  out << "<path d=\"" << way.path << "\" class=\"" << (way.passing ? "passing" : "event")
      << "\" marker-end=\"url(#" << (way.passing ? "open" : "tip") << ")\"/>\n";
}

void draw_label(std::ostream& out, const Facts& facts, const Way& way) {
  int y = way.y;
  for (const Line& line : lines_of(facts, way)) {
    out << "<text class=\"" << (way.passing ? "time" : "name") << "\" x=\"" << way.x << "\" y=\"" << y
        << "\">" << line.name << "</text>\n";
    y += 16;
    if (line.proof.empty()) continue;
    out << "<text class=\"proof\" x=\"" << way.x << "\" y=\"" << y << "\">" << line.proof << "</text>\n";
    y += 20;
  }
}

const char* const head =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -60 1200 786\" role=\"img\" "
    "aria-labelledby=\"title\">\n"
    "<title id=\"title\">The states of one account and the events between them</title>\n"
    "<!-- written by property_tests/exhaustive/kernel_states.cpp from the kernel; never edited by hand -->\n"
    "<style>\n"
    "text { font-family: \"DejaVu Sans\", Verdana, sans-serif; font-size: 13px; fill: #1a202c; text-anchor: "
    "middle;\n"
    "       paint-order: stroke; stroke: #ffffff; stroke-width: 5px; stroke-linejoin: round; }\n"
    ".state { font-size: 19px; font-weight: bold; stroke: none; }\n"
    ".name { font-weight: bold; }\n"
    ".proof { font-size: 12px; fill: #4a5568; }\n"
    ".time { font-size: 12px; font-style: italic; fill: #4a5568; }\n"
    ".stays, .foot { font-size: 12px; fill: #4a5568; }\n"
    ".foot { text-anchor: start; }\n"
    "rect + .state + .proof { stroke: none; }\n"
    "path.event { fill: none; stroke: #1a202c; stroke-width: 1.8; }\n"
    "path.passing { fill: none; stroke: #718096; stroke-width: 1.5; stroke-dasharray: 6 4; }\n"
    "</style>\n"
    "<defs>\n"
    "<marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" "
    "orient=\"auto\"><path d=\"M 0 0 L 10 5 L 0 10 z\" fill=\"#1a202c\"/></marker>\n"
    "<marker id=\"open\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" "
    "orient=\"auto\"><path d=\"M 0 0 L 10 5 L 0 10 z\" fill=\"#718096\"/></marker>\n"
    "</defs>\n"
    "<rect y=\"-60\" width=\"1200\" height=\"786\" fill=\"#ffffff\"/>\n";

const char* const foot =
    "<text class=\"foot\" x=\"30\" y=\"664\">operator_reset leads from every state to off, or to replacing "
    "(with a "
    "grant) where policy requires a factor or the operator says so. set_policy leads nowhere.</text>\n"
    "<text class=\"foot\" x=\"30\" y=\"704\">operator_restored ends what is under way: enrolling leads to "
    "what "
    "it was "
    "before, recovering to on; the other states stay.</text>\n"
    "<text class=\"foot\" x=\"30\" y=\"684\">Dashed: no event, but ten minutes that are over or ten wrong "
    "codes. An "
    "event that is not drawn in a state is refused there, and changes nothing.</text>\n"
    "</svg>\n";

}  // namespace

std::string states_picture(const Facts& facts) {
  check(facts);
  std::ostringstream out;
  out << head;
  for (const Way& way : ways) draw_way(out, way);
  for (const State state : all_states) {
    draw_box(out, facts, state);
    draw_stays(out, facts, state);
  }
  for (const Way& way : ways) draw_label(out, facts, way);
  out << foot;
  return out.str();
}

}  // namespace twinlock::exhaustive
