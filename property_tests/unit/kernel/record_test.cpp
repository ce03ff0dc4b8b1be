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

// A deadline at, before or too far behind the last-seen time; `length` is the longest.
void spoil_deadline(std::vector<Spoiling>& all, const char* what, Seconds length,
                    const std::function<Seconds&(Record&)>& field) {
  all.push_back({what, [=](Record& r) { field(r) = r.seen + length + 1; }});
  all.push_back({what, [=](Record& r) { field(r) = r.seen; }});
  all.push_back({what, [=](Record& r) { field(r) = 1; }});
  all.push_back({what, [=](Record& r) { field(r) = ~Seconds{0}; }});
}

// Wrong in every state.
const std::vector<Spoiling>& everywhere() {
  static const std::vector<Spoiling> all = [] {
    const Seconds limit = Seconds{1} << 40U;
    std::vector<Spoiling> list = {
        {"state 5", [](Record& r) { r.state = static_cast<State>(5); }},
        {"policy 3", [](Record& r) { r.policy = static_cast<Policy>(3); }},
        {"host word 3", [](Record& r) { r.host_word = static_cast<HostWord>(3); }},
        {"a date at the limit", [=](Record& r) { r.policy = Policy::required, r.policy_from = limit; }},
        {"a date without required", [](Record& r) { r.policy = Policy::inherit, r.policy_from = 30; }},
        {"a date with optional", [](Record& r) { r.policy = Policy::optional, r.policy_from = 30; }},
        {"ten enrollment failures", [](Record& r) { r.enrollment_failures = 10; }},
        {"seen at the limit", [=](Record& r) { r.seen = limit; }},
        {"seen before any clock", [](Record& r) { r.seen = 29; }},
        {"enrolled at the limit", [=](Record& r) { r.enrolled_at = limit; }},
        {"enrolled before any clock", [](Record& r) { r.enrolled_at = 29; }},
        {"used at the limit", [=](Record& r) { r.last_used_at = limit; }},
        {"used before any clock", [](Record& r) { r.last_used_at = 29; }},
        {"drawn at the limit", [=](Record& r) { r.recovery_drawn_at = limit; }},
        {"drawn before any clock", [](Record& r) { r.recovery_drawn_at = 29; }},
        {"saved at the limit", [=](Record& r) { r.recovery_saved_at = limit; }},
        {"saved before any clock", [](Record& r) { r.recovery_saved_at = 29; }},
        {"step above all", [](Record& r) { r.last_step = 36650387594; }},
        {"101 failures", [](Record& r) { r.throttle.failures[0] = 50, r.throttle.failures[1] = 51; }},
        {"101 with a ticket",
         [](Record& r) { r.throttle.failures[0] = 50, r.throttle.ticket_failures = 51; }},
        {"255 and 1 failures", [](Record& r) { r.throttle.failures[0] = 255, r.throttle.failures[1] = 1; }},
        {"six ticket codes", [](Record& r) { r.ticket_codes = 6; }},
        {"a wait after four failures",
         [](Record& r) { r.throttle.failures[1] = 4, r.throttle.wait_until[1] = r.seen + 1; }},
        {"first link after the second",
         [](Record& r) {
           Throttle& t = r.throttle;
           t.link_until[0] = r.seen + 2, t.link_until[1] = r.seen + 1, t.link_until[2] = r.seen + 3;
         }},
        {"second link after the third",
         [](Record& r) { r.throttle.link_until[1] = r.seen + 2, r.throttle.link_until[2] = r.seen + 1; }}};
    for (std::size_t lane = 0; lane < 2; ++lane)
      spoil_deadline(list, "a wait", 3600, [lane](Record& r) -> Seconds& {
        r.throttle.failures[lane] = 5;
        return r.throttle.wait_until[lane];
      });
    spoil_deadline(list, "the budget", 2592000,
                   [](Record& r) -> Seconds& { return r.throttle.budget_until; });
    spoil_deadline(list, "the recovery budget", 3600,
                   [](Record& r) -> Seconds& { return r.throttle.recovery_until; });
    spoil_deadline(list, "the begin budget", 1200,
                   [](Record& r) -> Seconds& { return r.throttle.begin_until; });
    spoil_deadline(list, "a link", 3600, [](Record& r) -> Seconds& { return r.throttle.link_until[2]; });
    spoil_deadline(list, "the deadline", 600, [](Record& r) -> Seconds& { return r.deadline; });
    spoil_deadline(list, "the voucher", 1800, [](Record& r) -> Seconds& { return r.voucher_until; });
    return list;
  }();
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
  return {{"a secret", [](Record& r) { r.secret.b[63] = 1; }},
          {"a secret's length", [](Record& r) { r.secret_length = 20; }},
          {"a recovery hash", [](Record& r) { r.recovery_hash = some(); }},
          {"a drawn recovery code", [](Record& r) { r.recovery_drawn_at = 30; }},
          {"a saved recovery code", [](Record& r) { r.recovery_saved_at = 30; }},
          {"a link", [](Record& r) { r.link_hash = some(); }},
          {"an asker", [](Record& r) { r.asker_hash = some(); }},
          {"a last step", [](Record& r) { r.last_step = 1; }},
          {"an enrollment time", [](Record& r) { r.enrolled_at = 30; }},
          {"a last use", [](Record& r) { r.last_used_at = 30; }},
          {"ticket codes", [](Record& r) { r.ticket_codes = 1, r.throttle.ticket_failures = 4; }},
          {"more ticket codes", [](Record& r) { r.ticket_codes = 5; }},
          {"failures of known", [](Record& r) { r.throttle.failures[0] = 1; }},
          {"failures of others", [](Record& r) { r.throttle.failures[1] = 1; }},
          {"failures of a ticket", [](Record& r) { r.throttle.ticket_failures = 1; }},
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
          {"a grant", [](Record& r) { r.voucher_hash = some(); }},
          {"a grant's end", [](Record& r) { r.voucher_until = r.seen + 1; }}};
}

std::vector<Spoiling> with_grant() {
  return {{"no epoch", [](Record& r) { r.epoch = Token{}; }},
          {"an end without a grant", [](Record& r) { r.voucher_hash = Token{}; }},
          {"a grant without an end", [](Record& r) { r.voucher_until = 0; }}};
}

// `sound` has a drawn recovery code, and no ticket.
std::vector<Spoiling> with_factor() {
  return {{"no secret", [](Record& r) { r.secret = TotpKey{}; }},
          {"a secret of 15 bytes", [](Record& r) { r.secret_length = 15, r.secret = TotpKey{{1}}; }},
          {"a secret of 65 bytes", [](Record& r) { r.secret_length = 65; }},
          {"a secret longer than it says", [](Record& r) { r.secret.b[r.secret_length] = 1; }},
          {"a secret that ends with its block", [](Record& r) { r.secret.b[63] = 1; }},
          {"a pending secret", [](Record& r) { r.pending = some_secret(); }},
          {"no enrollment id", [](Record& r) { r.enrollment_id = Token{}; }},
          {"no epoch", [](Record& r) { r.epoch = Token{}; }},
          {"no last step", [](Record& r) { r.last_step = 0; }},
          {"no enrollment time", [](Record& r) { r.enrolled_at = 0; }},
          {"a recovery code of no time", [](Record& r) { r.recovery_drawn_at = 0; }},
          {"a time of no recovery code", [](Record& r) { r.recovery_hash = Token{}; }},
          {"a recovery code drawn without a code", [](Record& r) { r.last_used_at = 0; }},
          {"no recovery code, but saved",
           [](Record& r) { r.recovery_hash = Token{}, r.recovery_drawn_at = 0, r.recovery_saved_at = 30; }},
          {"a ticket of no codes", [](Record& r) { r.voucher_hash = some(), r.voucher_until = r.seen + 1; }},
          {"codes of no ticket", [](Record& r) { r.ticket_codes = 5, r.voucher_until = r.seen + 1; }},
          {"a ticket of no time", [](Record& r) { r.ticket_codes = 5, r.voucher_hash = some(); }},
          {"a time of no ticket", [](Record& r) { r.voucher_until = r.seen + 1; }},
          {"a used ticket without its failures",
           [](Record& r) {
             r.ticket_codes = 4, r.voucher_hash = some(), r.voucher_until = r.seen + 1;
             r.throttle.ticket_failures = 0;
           }},
          {"a begin budget", [](Record& r) { r.throttle.begin_until = r.seen + 1; }},
          {"never seen", [](Record& r) { r.seen = 0; }},
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
  ASSERT_EQ(w.send(w.anew()), Verdict::accepted);
  ASSERT_EQ(w.send(w.right(Kind::cancel_enrollment)), Verdict::accepted);
  EXPECT_GT(w.record.throttle.begin_until, 0U);
  refuses(w.record, {everywhere(), without_factor(), without_enrollment(), without_grant()});
}

TEST(Record, WhatWasNeverSeenIsUntouched) {
  refuses(new_record(), {{{"a policy", [](Record& r) { r.policy = Policy::optional; }},
                          {"a host word", [](Record& r) { r.host_word = HostWord::required; }},
                          {"a begin budget", [](Record& r) { r.throttle.begin_until = 60; }},
                          {"a date", [](Record& r) { r.policy_from = 30; }}}});
}

TEST(Record, EnrollingHasAPendingSecretAlone) {
  const std::vector<Spoiling> own = {{"no pending secret", [](Record& r) { r.pending = Secret{}; }},
                                     {"no enrollment id", [](Record& r) { r.enrollment_id = Token{}; }},
                                     {"no deadline", [](Record& r) { r.deadline = 0; }},
                                     {"on before", [](Record& r) { r.before = State::on; }},
                                     {"itself before", [](Record& r) { r.before = State::enrolling; }},
                                     {"never seen", [](Record& r) { r.seen = 0; }}};
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
  refuses(w.record,
          {everywhere(),
           with_factor(),
           {{"no recovery code", [](Record& r) { r.recovery_hash = Token{}, r.recovery_drawn_at = 0; }},
            {"no link", [](Record& r) { r.link_hash = Token{}; }},
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
  refuses(w.record, {{{"never seen", [](Record& r) { r.seen = 0; }}}});
  w.record.voucher_hash = Token{};
  w.record.voucher_until = 0;
  EXPECT_TRUE(valid(w.record));
}

// After an import there is no recovery code, and no code was used; the key has 16 to 64 bytes.
TEST(Record, AnImportedFactorIsWhole) {
  for (const std::uint8_t length : std::initializer_list<std::uint8_t>{16, 63, 64}) {
    World w;
    ASSERT_EQ(w.send(import_of(length)), Verdict::accepted);
    refuses(w.record,
            {everywhere(),
             {{"a recovery code", [](Record& r) { r.recovery_hash = some(); }},
              {"one of its time", [](Record& r) { r.recovery_hash = some(), r.recovery_drawn_at = 30; }},
              {"a saved one", [](Record& r) { r.recovery_saved_at = 30; }}}});
    w.record.last_used_at = 30;
    EXPECT_TRUE(valid(w.record));
  }
}

// The bounds themselves are in.
TEST(Record, EdgesAreValid) {
  World w;
  w.enroll();
  w.unlock();
  Record& r = w.record;
  r.ticket_codes = 1;
  r.throttle.ticket_failures = 4;
  r.throttle.failures[0] = 5, r.throttle.failures[1] = 91;
  r.throttle.wait_until[0] = r.throttle.wait_until[1] = r.seen + 3600;
  r.throttle.budget_until = r.seen + 2592000;
  r.throttle.recovery_until = r.seen + 3600;
  for (Seconds& until : r.throttle.link_until) until = r.seen + 3600;
  r.last_step = 36650387593;
  r.enrolled_at = r.last_used_at = r.recovery_drawn_at = r.recovery_saved_at = (Seconds{1} << 40U) - 1;
  r.policy = Policy::required;
  r.policy_from = (Seconds{1} << 40U) - 1;
  r.host_word = HostWord::required;
  EXPECT_TRUE(valid(r));
  r.throttle.wait_until[0] = r.throttle.wait_until[1] = r.seen + 1;
  r.throttle.budget_until = r.throttle.recovery_until = r.voucher_until = r.seen + 1;
  r.throttle.link_until[0] = 0, r.throttle.link_until[1] = r.throttle.link_until[2] = r.seen + 1;
  r.enrolled_at = r.last_used_at = r.recovery_drawn_at = 30;
  r.recovery_saved_at = 0;
  r.last_step = 1;
  EXPECT_TRUE(valid(r));
}

}  // namespace
}  // namespace twinlock::test
