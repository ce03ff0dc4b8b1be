// SPDX-License-Identifier: Apache-2.0
// Every state x event x boundary time x throttle level, against the table of kernel_expected.cpp: verdict,
// retry time, notice, step, whether it was written, and the situation that follows. Six grids, each whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "property_tests/exhaustive/kernel_case.hpp"

namespace twinlock::exhaustive {

namespace {

// The instants at which anything of the situation ends, one second before and after; now; and back.
std::vector<std::int64_t> instants(const Standing& s) {
  std::vector<std::int64_t> all = {0, -1, -30, -31, -100000};
  const std::int64_t unit = 25920;
  for (const std::int64_t end :
       {s.life, s.grant, s.ticket, s.wait[0], s.wait[1], s.recovery - 3240, s.links[0], s.links[2],
        s.begins - 1140, s.date, s.budget - 79 * unit, s.budget - 99 * unit, s.budget})
    if (end > 0) all.insert(all.end(), {end - 1, end, end + 1});
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<Standing> states() {
  std::vector<Standing> all(10);
  all[1].state = all[2].state = all[3].state = State::enrolling;
  all[1].life = 600;
  all[2].life = 1;
  all[3].life = 300;
  all[2].wrong_confirmations = 9;
  all[2].replaces = all[3].replaces = true;
  all[2].grant = 1000;
  all[4].state = State::on;
  all[5].state = State::recovering;
  all[5].life = 600;
  all[6].state = all[7].state = State::replacing;
  all[6].grant = 1800;
  all[8] = all[4];  // imported, with a ticket
  all[8].imported = true;
  all[8].ticket_codes = 5;
  all[8].ticket = 1800;
  all[9] = all[5];
  all[9].saved = true;
  return all;
}

// Every way of being wrong in one thing, per event, and being right.
std::vector<Request> requests(Kind kind) {
  std::vector<Request> all;
  Request q;
  q.kind = kind;
  all.push_back(q);
  const auto also = [&all, &q](auto change) {
    Request other = q;
    change(other);
    all.push_back(other);
  };
  also([](Request& r) { r.wrong_code = true; });
  also([kind](Request& r) {
    r.letters = kind == Kind::confirm_enrollment || kind == Kind::verify || kind == Kind::disable ||
                kind == Kind::renew_recovery_code;
  });
  also([](Request& r) { r.id = false; });
  also([](Request& r) { r.grant = false; });
  also([](Request& r) { r.pass = false; });
  also([](Request& r) { r.pass = false, r.by_operator = true; });
  also([](Request& r) { r.mailable = false; });
  also([](Request& r) { r.replace = true; });
  also([](Request& r) { r.policy = Policy::required; });
  also([](Request& r) { r.policy = Policy::optional; });
  also([](Request& r) { r.policy = Policy::required, r.dated = true; });
  also([](Request& r) { r.policy = Policy::optional, r.dated = true; });
  also([](Request& r) { r.word = HostWord::not_required; });
  also([](Request& r) { r.word = HostWord::required; });
  also([](Request& r) { r.ticket = Shown::right; });
  also([](Request& r) { r.ticket = Shown::wrong; });
  for (const int length : {15, 16, 64, 65}) also([length](Request& r) { r.key_bytes = length; });
  for (const bool link : {true, false})
    for (const Shown asker : {Shown::none, Shown::right, Shown::wrong})
      for (const Shown recovery : {Shown::none, Shown::right, Shown::wrong})
        also([&](Request& r) { r.link = link, r.asker = asker, r.recovery = recovery; });
  return all;
}

TEST(KernelExhaustive, StatesEventsAndTimes) {
  cases = 0;
  for (Standing s : states()) {
    for (const Policy policy : {Policy::inherit, Policy::optional, Policy::required}) {
      s.policy = policy;
      for (unsigned rule = 0; rule < 8; ++rule) {
        const Configured rules{(rule & 1U) != 0, (rule & 2U) != 0, (rule & 4U) != 0};
        for (unsigned kind = 0; kind < 15; ++kind)
          for (const Request& q : requests(static_cast<Kind>(kind)))
            for (const std::int64_t at : instants(s)) ASSERT_NO_FATAL_FAILURE(check(s, at, q, rules));
      }
    }
  }
  std::cout << "figure: exhaustive, states: " << cases << " cases\n";
}

std::vector<Standing> throttles() {
  const int failures[][3] = {{0, 0, 0},  {0, 4, 0},   {4, 0, 0},   {4, 4, 0},    {5, 0, 0},   {0, 5, 0},
                             {4, 5, 0},  {9, 0, 0},   {0, 9, 0},   {5, 5, 0},    {0, 10, 0},  {10, 0, 0},
                             {0, 99, 0}, {99, 0, 0},  {50, 49, 0}, {0, 100, 0},  {100, 0, 0}, {50, 50, 0},
                             {0, 0, 99}, {0, 0, 100}, {5, 3, 1},   {30, 30, 39}, {30, 30, 40}};
  std::vector<Standing> all;
  for (const auto& trio : failures)
    for (const std::int64_t units : {0, 79, 80, 99, 100})
      for (const std::int64_t pause : {0, 30, 3600}) {
        Standing s;
        s.state = State::on;
        std::copy(trio, trio + 3, s.failures);
        const std::size_t lane = trio[0] > trio[1] ? 0 : 1;
        if (pause > 0 && trio[lane] < 5) continue;  // no lane waits before its fifth failure
        s.wait[lane] = pause;
        s.budget = units * 25920;
        all.push_back(s);
      }
  return all;
}

TEST(KernelExhaustive, ThrottleLevels) {
  cases = 0;
  for (Standing s : throttles()) {
    for (const bool recovering : {false, true}) {
      if (recovering) s.state = State::recovering, s.life = 600;
      for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code, Kind::operator_unlock,
                              Kind::request_recovery, Kind::confirm_saved, Kind::operator_restored})
        for (const Lane lane : {Lane::known, Lane::other})
          for (const bool wrong : {false, true})
            for (const std::int64_t at : instants(s)) {
              Request q;
              q.kind = kind, q.lane = lane, q.wrong_code = wrong;
              q.offset = wrong ? 0 : 1;
              ASSERT_NO_FATAL_FAILURE(check(s, at, q, {}));
            }
    }
  }
  std::cout << "figure: exhaustive, throttle: " << cases << " cases\n";
}

// A ticket with its first, its last and no code left, over every throttle level.
TEST(KernelExhaustive, Tickets) {
  cases = 0;
  for (Standing s : throttles())
    for (const int codes : {0, 1, 5}) {
      if (codes == 1 && s.failures[2] < 4) continue;  // four of its five failed
      s.ticket_codes = codes;
      s.ticket = codes == 0 ? 0 : 1800;
      for (const Kind kind : {Kind::verify, Kind::disable, Kind::renew_recovery_code, Kind::revoke_passes,
                              Kind::request_recovery, Kind::operator_unlock, Kind::operator_restored})
        for (const Shown shown : {Shown::none, Shown::right, Shown::wrong})
          for (const bool wrong : {false, true})
            for (const std::int64_t at : {-100000, -31, -30, 0, 1799, 1800, 1801}) {
              Request q;
              q.kind = kind, q.ticket = shown, q.wrong_code = wrong;
              q.offset = wrong ? 0 : 1;
              ASSERT_NO_FATAL_FAILURE(check(s, at, q, {}));
            }
    }
  std::cout << "figure: exhaustive, tickets: " << cases << " cases\n";
}

// Host's last word x its present one x policy x its date x configuration x its date.
TEST(KernelExhaustive, WhoMustHaveAFactor) {
  cases = 0;
  constexpr HostWord words[] = {HostWord::unsaid, HostWord::not_required, HostWord::required};
  for (Standing s : states())
    for (const HostWord last : words)
      for (const HostWord present : words)
        for (const Policy policy : {Policy::inherit, Policy::optional, Policy::required})
          for (const std::int64_t date : {0, 500})
            for (const bool by_rules : {false, true})
              for (const std::int64_t rules_date : {0, 500})
                for (unsigned kind = 0; kind < 15; ++kind)
                  for (const std::int64_t at : {-100000, -30, 0, 499, 500, 501}) {
                    if (date > 0 && policy != Policy::required) continue;
                    s.word = last, s.policy = policy, s.date = date;
                    Request q;
                    q.kind = static_cast<Kind>(kind), q.word = present, q.offset = 1;
                    ASSERT_NO_FATAL_FAILURE(check(s, at, q, {by_rules, false, false, rules_date}));
                  }
  std::cout << "figure: exhaustive, required: " << cases << " cases\n";
}

// Begun enrollments: none, nineteen and twenty of the budget used.
TEST(KernelExhaustive, BeginBudget) {
  cases = 0;
  for (Standing s : states()) {
    if (s.state == State::on || s.state == State::recovering) continue;
    for (const std::int64_t used : {0, 1, 60, 1139, 1140, 1141, 1199, 1200}) {
      s.begins = used;
      for (const Kind kind : {Kind::begin_enrollment, Kind::confirm_enrollment, Kind::cancel_enrollment,
                              Kind::operator_import, Kind::operator_restored, Kind::operator_reset})
        for (const bool id : {false, true})
          for (const bool grant : {false, true})
            for (const bool wrong : {false, true})
              for (const std::int64_t at : instants(s)) {
                Request q;
                q.kind = kind, q.id = id, q.grant = grant, q.wrong_code = wrong;
                ASSERT_NO_FATAL_FAILURE(check(s, at, q, {}));
              }
    }
  }
  std::cout << "figure: exhaustive, begun: " << cases << " cases\n";
}

TEST(KernelExhaustive, StepsAndWindow) {
  cases = 0;
  for (const State state : {State::on, State::recovering, State::enrolling})
    for (const std::int64_t last : {-1000, -2, -1, 0, 1, 2})
      for (int offset = -3; offset <= 3; ++offset)
        for (const bool strict : {false, true})
          for (const std::int64_t at : {-61, -31, -30, -26, -25, -1, 0, 4, 5, 34, 35, 64, 65})
            for (const Kind kind :
                 {Kind::confirm_enrollment, Kind::verify, Kind::disable, Kind::renew_recovery_code}) {
              Standing s;
              s.state = state;
              s.life = state == State::on ? 0 : 600;
              s.last_step = last;
              Request q;
              q.kind = kind, q.offset = offset;
              ASSERT_NO_FATAL_FAILURE(check(s, at, q, {false, false, strict}));
            }
  std::cout << "figure: exhaustive, steps: " << cases << " cases\n";
}

TEST(KernelExhaustive, RecoveryThrottle) {
  cases = 0;
  const std::int64_t links[][3] = {{0, 0, 0}, {0, 0, 3600},  {0, 1, 3600},
                                   {1, 1, 1}, {1, 50, 3600}, {3600, 3600, 3600}};
  for (const State state : {State::on, State::recovering})
    for (const std::int64_t used : {0, 360, 3239, 3240, 3241, 3599, 3600})
      for (const auto& trio : links)
        for (const int failures : {0, 100})
          for (const Kind kind : {Kind::request_recovery, Kind::confirm_recovery, Kind::confirm_saved})
            for (const Request& q : requests(kind)) {
              Standing s;
              s.state = state;
              s.life = state == State::recovering ? 600 : 0;
              s.recovery = used;
              std::copy(trio, trio + 3, s.links);
              s.failures[1] = failures;
              for (const std::int64_t at : instants(s)) ASSERT_NO_FATAL_FAILURE(check(s, at, q, {}));
            }
  std::cout << "figure: exhaustive, recovery: " << cases << " cases\n";
}

}  // namespace

}  // namespace twinlock::exhaustive
