// SPDX-License-Identifier: Apache-2.0
// valid(): what no history of events can have left is refused, field by field, in every state.
#include "kernel/record.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <vector>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

struct Spoiling {
  const char* what;
  std::function<void(Record&)> how;
};

// Wrong in every state.
const std::vector<Spoiling>& everywhere() {
  static const std::vector<Spoiling> all = {
      {"state 5", [](Record& r) { r.state = static_cast<State>(5); }},
      {"policy 3", [](Record& r) { r.policy = static_cast<Policy>(3); }},
      {"ten enrollment failures", [](Record& r) { r.enrollment_failures = 10; }},
      {"seen at the limit", [](Record& r) { r.seen = Seconds{1} << 40U; }},
      {"enrolled at the limit", [](Record& r) { r.enrolled_at = Seconds{1} << 40U; }},
      {"used at the limit", [](Record& r) { r.last_used_at = Seconds{1} << 40U; }},
      {"step above all", [](Record& r) { r.last_step = 36650387594; }},
      {"101 failures", [](Record& r) { r.throttle.failures[0] = 50, r.throttle.failures[1] = 51; }},
      {"255 and 1 failures", [](Record& r) { r.throttle.failures[0] = 255, r.throttle.failures[1] = 1; }},
      {"credit 6", [](Record& r) { r.throttle.unlock_credit = 6; }},
      {"wait of known too long", [](Record& r) { r.throttle.wait_until[0] = r.seen + 3601; }},
      {"wait of others too long", [](Record& r) { r.throttle.wait_until[1] = r.seen + 3601; }},
      {"budget too long", [](Record& r) { r.throttle.budget_until = r.seen + 2592001; }},
      {"recovery budget too long", [](Record& r) { r.throttle.recovery_until = r.seen + 6001; }},
      {"link too far", [](Record& r) { r.throttle.link_until[2] = r.seen + 3601; }},
      {"first link after the second",
       [](Record& r) {
         r.throttle.link_until[0] = 2, r.throttle.link_until[1] = 1, r.throttle.link_until[2] = 3;
       }},
      {"second link after the third",
       [](Record& r) { r.throttle.link_until[1] = 2, r.throttle.link_until[2] = 1; }},
      {"deadline too far", [](Record& r) { r.deadline = r.seen + 601; }},
      {"grant too far", [](Record& r) { r.grant_until = r.seen + 1801; }},
      {"farthest times", [](Record& r) { r.deadline = r.grant_until = ~Seconds{0}; }}};
  return all;
}

Token some() {
  Token t{};
  t.b[15] = 1;
  return t;
}

Secret some_secret() {
  Secret s{};
  s.b[19] = 1;
  return s;
}

// What a factor that is not there must not have.
std::vector<Spoiling> without_factor() {
  return {{"a secret", [](Record& r) { r.secret = some_secret(); }},
          {"a recovery hash", [](Record& r) { r.recovery_hash = some(); }},
          {"a link", [](Record& r) { r.link_hash = some(); }},
          {"an asker", [](Record& r) { r.asker_hash = some(); }},
          {"a last step", [](Record& r) { r.last_step = 1; }},
          {"an enrollment time", [](Record& r) { r.enrolled_at = 30; }},
          {"a last use", [](Record& r) { r.last_used_at = 30; }},
          {"failures of known", [](Record& r) { r.throttle.failures[0] = 1; }},
          {"failures of others", [](Record& r) { r.throttle.failures[1] = 1; }},
          {"credit", [](Record& r) { r.throttle.unlock_credit = 1; }},
          {"a wait of known", [](Record& r) { r.throttle.wait_until[0] = r.seen + 1; }},
          {"a wait of others", [](Record& r) { r.throttle.wait_until[1] = r.seen + 1; }},
          {"a budget", [](Record& r) { r.throttle.budget_until = r.seen + 1; }},
          {"a recovery budget", [](Record& r) { r.throttle.recovery_until = r.seen + 1; }},
          {"links", [](Record& r) { r.throttle.link_until[2] = r.seen + 1; }}};
}

std::vector<Spoiling> without_enrollment() {
  return {{"a pending secret", [](Record& r) { r.pending = some_secret(); }},
          {"an enrollment id", [](Record& r) { r.enrollment_id = some(); }},
          {"a deadline", [](Record& r) { r.deadline = r.seen + 1; }},
          {"enrollment failures", [](Record& r) { r.enrollment_failures = 1; }},
          {"a state before", [](Record& r) { r.before = State::replacing; }}};
}

std::vector<Spoiling> without_grant() {
  return {{"an epoch", [](Record& r) { r.epoch = some(); }},
          {"a grant", [](Record& r) { r.grant_hash = some(); }},
          {"a grant's end", [](Record& r) { r.grant_until = r.seen + 1; }}};
}

std::vector<Spoiling> with_grant() {
  return {{"no epoch", [](Record& r) { r.epoch = Token{}; }},
          {"an end without a grant", [](Record& r) { r.grant_hash = Token{}; }},
          {"a grant without an end", [](Record& r) { r.grant_until = 0; }}};
}

std::vector<Spoiling> with_factor() {
  return {{"no secret", [](Record& r) { r.secret = Secret{}; }},
          {"a pending secret", [](Record& r) { r.pending = some_secret(); }},
          {"no enrollment id", [](Record& r) { r.enrollment_id = Token{}; }},
          {"no epoch", [](Record& r) { r.epoch = Token{}; }},
          {"no recovery hash", [](Record& r) { r.recovery_hash = Token{}; }},
          {"a grant", [](Record& r) { r.grant_hash = some(); }},
          {"a grant's end", [](Record& r) { r.grant_until = r.seen + 1; }},
          {"enrollment failures", [](Record& r) { r.enrollment_failures = 1; }},
          {"a state before", [](Record& r) { r.before = State::replacing; }}};
}

void refuses(const Record& sound, const std::vector<std::vector<Spoiling>>& groups) {
  ASSERT_TRUE(valid(sound));
  for (const std::vector<Spoiling>& group : groups) {
    for (const Spoiling& spoiling : group) {
      Record r = sound;
      spoiling.how(r);
      EXPECT_FALSE(valid(r)) << name(sound.state) << " with " << spoiling.what;
    }
  }
}

TEST(Record, OffHasNothing) {
  World w;
  ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
  refuses(w.record, {everywhere(), without_factor(), without_enrollment(), without_grant()});
}

TEST(Record, EnrollingHasAPendingSecretAlone) {
  const std::vector<Spoiling> own = {{"no pending secret", [](Record& r) { r.pending = Secret{}; }},
                                     {"no enrollment id", [](Record& r) { r.enrollment_id = Token{}; }},
                                     {"no deadline", [](Record& r) { r.deadline = 0; }},
                                     {"on before", [](Record& r) { r.before = State::on; }},
                                     {"itself before", [](Record& r) { r.before = State::enrolling; }}};
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  refuses(w.record, {everywhere(), without_factor(), without_grant(), own});
  World replacing;
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(replacing.send(reset), Verdict::accepted);
  ASSERT_EQ(replacing.send(replacing.right(Kind::begin_enrollment)), Verdict::accepted);
  refuses(replacing.record, {everywhere(), without_factor(), with_grant(), own});
}

TEST(Record, OnHasAWholeFactor) {
  World w;
  w.enroll();
  refuses(w.record, {everywhere(),
                     with_factor(),
                     {{"a link", [](Record& r) { r.link_hash = some(); }},
                      {"an asker", [](Record& r) { r.asker_hash = some(); }},
                      {"a deadline", [](Record& r) { r.deadline = r.seen + 1; }}}});
}

TEST(Record, RecoveringHasALinkBesides) {
  World w;
  w.enroll();
  w.recover();
  refuses(w.record, {everywhere(),
                     with_factor(),
                     {{"no link", [](Record& r) { r.link_hash = Token{}; }},
                      {"no asker", [](Record& r) { r.asker_hash = Token{}; }},
                      {"no deadline", [](Record& r) { r.deadline = 0; }}}});
}

TEST(Record, ReplacingHasAGrantAtMost) {
  World w;
  w.enroll();
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(w.send(reset), Verdict::accepted);
  refuses(w.record, {everywhere(), without_factor(), without_enrollment(), with_grant()});
  w.record.grant_hash = Token{};
  w.record.grant_until = 0;
  EXPECT_TRUE(valid(w.record));
}

// The bounds themselves are in.
TEST(Record, EdgesAreValid) {
  World w;
  w.enroll();
  Record& r = w.record;
  r.throttle.failures[0] = 0, r.throttle.failures[1] = 100;
  r.throttle.unlock_credit = 5;
  r.throttle.wait_until[0] = r.throttle.wait_until[1] = r.seen + 3600;
  r.throttle.budget_until = r.seen + 2592000;
  r.throttle.recovery_until = r.seen + 6000;
  for (Seconds& until : r.throttle.link_until) until = r.seen + 3600;
  r.last_step = 36650387593;
  r.enrolled_at = r.last_used_at = (Seconds{1} << 40U) - 1;
  EXPECT_TRUE(valid(r));
}

}  // namespace
}  // namespace twinlock::test
