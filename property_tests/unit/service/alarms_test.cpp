// SPDX-License-Identifier: Apache-2.0
// What goes wrong is said once, with its reason and what to do, and is counted (REVIEW A-7; spec, section
// 11).
#include "adapters/service/alarms.hpp"

#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <thread>

#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {
namespace {

using namespace std::chrono_literals;

class Said : public testing::Test {
 protected:
  std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  std::vector<std::string> lines;
  Alarms alarms{[this](Severity, const std::string& line) { lines.push_back(line); }, [this] { return now; }};
};

TEST_F(Said, the_first_at_once_and_more_in_one_line_a_minute_later) {
  for (int i = 0; i < 1'000; ++i) alarms.raise(Cause::store_full, "cannot commit");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("store_full: cannot commit. ")) << lines[0];
  now += 59s;
  alarms.say_counted();
  EXPECT_EQ(lines.size(), 1U);
  now += 1s;
  alarms.say_counted();
  alarms.say_counted();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1], "store_full: 999 more in the last minute");
  EXPECT_EQ(alarms.counts()[static_cast<std::size_t>(Cause::store_full)], 1'000U);
}

TEST_F(Said, one_cause_does_not_hide_another) {
  alarms.raise(Cause::store_full, "a");
  alarms.raise(Cause::clock, "");
  EXPECT_EQ(lines.size(), 2U);
}

TEST_F(Said, an_account_cannot_write_lines_of_its_own) {
  alarms.raise(Cause::record_sealed, "it does not open", "eve\" \\");
  EXPECT_NE(lines.at(0).find(R"(account "eve\" \\": it does not open)"), std::string::npos) << lines[0];
}

// docs/operating.md explains every cause, and none that is not there.
TEST(Causes, each_has_its_row_in_the_operators_page) {
  std::ifstream page(std::string(TWINLOCK_DOCS) + "/operating.md");
  const std::regex row(R"(^\| `([a-z_]+)` \| (error|warning) \|.*)");
  std::set<std::pair<std::string, std::string>> documented;
  std::set<std::pair<std::string, std::string>> known;
  for (std::string line; std::getline(page, line);)
    if (std::smatch found; std::regex_match(line, found, row)) documented.insert({found[1], found[2]});
  for (std::size_t i = 0; i < causes_count; ++i) {
    const CauseText& text = text_of(static_cast<Cause>(i));
    EXPECT_FALSE(text.remedy.empty());
    known.insert({std::string(text.name), text.severity == Severity::error ? "error" : "warning"});
  }
  EXPECT_EQ(documented, known);
}

class Alarmed : public testing::Test {
 protected:
  World world{"memory"};
  Person alice = world.enroll("alice", "alice@example.org");

  // The lines that `happening` caused.
  std::vector<std::string> lines_of(const std::function<void()>& happening) {
    const auto before = world.log_lines().size();
    happening();
    const auto all = world.log_lines();
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }
  void look() { EXPECT_FALSE(world.service().look(alice.account)); }
};

TEST_F(Alarmed, a_store_that_does_not_read_says_its_reason_once) {
  const auto lines = lines_of([this] {
    world.memory()->fail_loads(3);
    for (int i = 0; i < 3; ++i) look();
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("store_unavailable: ")) << lines[0];
}

TEST_F(Alarmed, a_commit_that_fails_says_its_reason_once) {
  const auto lines = lines_of([this] {
    world.memory()->fail_commits(2, store::MemoryStore::When::before);
    auto wrong = operation_of(alice.account, Kind::verify);
    wrong.event.code = code_of(world.wrong_code(alice));
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(world.service().run(wrong));
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("store_unavailable: ")) << lines[0];
}

TEST_F(Alarmed, a_row_that_does_not_open_names_its_account) {
  const auto lines = lines_of([this] {
    auto row = **world.memory()->load(alice.account);
    row.sealed[40] ^= 1;
    world.memory()->replace_row(alice.account, row);
    look();
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("record_sealed: account \"alice\": ")) << lines[0];
}

TEST_F(Alarmed, a_clock_out_of_range_is_said_and_nothing_is_ready) {
  EXPECT_TRUE(world.service().ready());
  const auto lines = lines_of([this] {
    world.environment().now = 29;
    look();
    std::this_thread::sleep_for(1'100ms);  // what ready() said is kept for a second
    EXPECT_FALSE(world.service().ready());
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("clock: ")) << lines[0];
}

}  // namespace
}  // namespace twinlock::service::test
