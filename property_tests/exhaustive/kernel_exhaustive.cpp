// SPDX-License-Identifier: Apache-2.0
// Every state x event x boundary time x throttle level, against the table of kernel_expected.cpp: verdict,
// retry time, notice, step, whether it was written, and the situation that follows. Four grids, each whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <vector>

#include "kernel/digest.hpp"
#include "property_tests/exhaustive/kernel_expected.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::exhaustive {

namespace {

constexpr std::int64_t base_s = 1700000025;  // in the middle of a step
constexpr std::int64_t base_step = base_s / 30;

const AccountTag account{{9, 9, 9}};

struct Holdings {
  Fresh is;     // what the record was made from
  Fresh other;  // what a stranger shows
  Fresh next;   // fresh for the event
};

const Holdings& holdings() {
  static const Holdings h = [] {
    std::mt19937_64 random(42);
    return Holdings{test::draw_fresh(random), test::draw_fresh(random), test::draw_fresh(random)};
  }();
  return h;
}

Code code_at(std::int64_t step) {
  static std::map<std::int64_t, Code> known;
  const auto found = known.find(step);
  if (found != known.end()) return found->second;
  return known[step] = test::code_at(holdings().is.secret, static_cast<Step>(step));
}

Seconds deadline(std::int64_t left) { return left == 0 ? 0 : static_cast<Seconds>(base_s + left); }

void put_throttle(Throttle& t, const Standing& s) {
  for (std::size_t lane = 0; lane < 2; ++lane) {
    t.failures[lane] = static_cast<std::uint8_t>(s.failures[lane]);
    t.wait_until[lane] = deadline(s.wait[lane]);
  }
  t.unlock_credit = static_cast<std::uint8_t>(s.credit);
  t.budget_until = deadline(s.budget);
  t.recovery_until = deadline(s.recovery);
  std::vector<std::int64_t> links(s.links, s.links + 3);
  std::sort(links.begin(), links.end());
  for (std::size_t i = 0; i < 3; ++i) t.link_until[i] = deadline(links[i]);
}

// The record of the situation, made by hand: valid, and seen at base_s.
Record record_of(const Standing& s) {
  const Fresh& f = holdings().is;
  Record r = new_record();
  r.state = s.state;
  r.policy = s.policy;
  r.seen = static_cast<Seconds>(base_s);
  r.deadline = deadline(s.life);
  r.grant_until = deadline(s.grant);
  put_throttle(r.throttle, s);
  const bool active = s.state == State::on || s.state == State::recovering;
  if (s.state == State::enrolling) {
    r.before = s.replaces ? State::replacing : State::off;
    r.pending = f.secret;
    r.enrollment_failures = static_cast<std::uint8_t>(s.wrong_confirmations);
  }
  if (active || s.state == State::enrolling) r.enrollment_id = f.enrollment_id;
  if (active || s.replaces || s.state == State::replacing) r.epoch = f.epoch;
  if (s.grant != 0) r.grant_hash = digest(Purpose::grant, account, f.epoch, f.grant);
  if (active) {
    r.secret = f.secret;
    r.recovery_hash = digest(Purpose::recovery_code, account, f.enrollment_id, f.recovery_code);
    r.last_step = static_cast<Step>(base_step + s.last_step);
    r.enrolled_at = r.last_used_at = 30;
  }
  if (s.state == State::recovering) {
    r.link_hash = digest(Purpose::link, account, f.enrollment_id, f.link);
    r.asker_hash = digest(Purpose::asker, account, f.enrollment_id, f.asker);
  }
  return r;
}

Event event_of(const Request& q, std::int64_t step) {
  const Fresh& right = holdings().is;
  const Fresh& wrong = holdings().other;
  Event e = test::event(q.kind, q.lane);
  e.by_operator = q.by_operator;
  e.replace = q.replace;
  e.mailable = q.mailable;
  e.policy = q.policy;
  e.has_asker = q.asker != Shown::none;
  e.has_recovery_code = q.recovery != Shown::none;
  e.enrollment_id = (q.id ? right : wrong).enrollment_id;
  e.grant = (q.grant ? right : wrong).grant;
  e.epoch = (q.pass ? right : wrong).epoch;
  e.link = (q.link ? right : wrong).link;
  e.asker = (q.asker == Shown::right ? right : wrong).asker;
  e.recovery_code = (q.recovery == Shown::right ? right : wrong).recovery_code;
  e.code = code_at(step + q.offset);
  if (q.wrong_code) e.code = test::wrong_code(right.secret, static_cast<Step>(step));
  if (q.letters) e.code.digit[3] = 'l';
  return e;
}

std::int64_t left(Seconds until, std::int64_t now) {
  return until == 0 ? 0 : static_cast<std::int64_t>(until) - now;
}

// The record after a commit, read back as a situation and compared.
bool follows(const Record& r, const Standing& s, std::int64_t now) {
  std::vector<std::int64_t> links(s.links, s.links + 3);
  std::sort(links.begin(), links.end());
  bool same = r.state == s.state && r.policy == s.policy && r.enrollment_failures == s.wrong_confirmations &&
              left(r.deadline, now) == s.life && left(r.grant_until, now) == s.grant &&
              r.throttle.unlock_credit == s.credit && left(r.throttle.budget_until, now) == s.budget &&
              left(r.throttle.recovery_until, now) == s.recovery;
  for (std::size_t i = 0; i < 2; ++i)
    same =
        same && r.throttle.failures[i] == s.failures[i] && left(r.throttle.wait_until[i], now) == s.wait[i];
  for (std::size_t i = 0; i < 3; ++i) same = same && left(r.throttle.link_until[i], now) == links[i];
  if (s.state == State::on || s.state == State::recovering)
    same = same && static_cast<std::int64_t>(r.last_step) == base_step + s.last_step;
  return same && (s.state != State::enrolling || (r.before == State::replacing) == s.replaces);
}

std::uint64_t cases = 0;

void check(const Standing& s, std::int64_t elapsed, const Request& q, const Rules& rules) {
  ++cases;
  const std::int64_t now = base_s + elapsed, step = now / 30;
  const Record r = record_of(s);
  ASSERT_TRUE(valid(r));
  const Clock clock{static_cast<Seconds>(now), static_cast<Step>(step)};
  const Outcome o = handle(r, event_of(q, step), {clock, rules, account, holdings().next});
  const Expected e = expected(after(s, std::max<std::int64_t>(0, elapsed)), q, rules, step - base_step);
  const bool agree = o.verdict == e.verdict && o.notice == e.notice && o.write == (e.write || elapsed < 0) &&
                     o.clock_went_back == (elapsed < 0) &&
                     static_cast<std::int64_t>(o.retry_at) == (e.wait > 0 ? now + e.wait : 0) &&
                     static_cast<std::int64_t>(o.step) == (e.match ? step + q.offset : 0);
  const bool kept =
      o.write ? valid(o.record) && follows(o.record, e.next, now) : test::same_record(o.record, r);
  ASSERT_TRUE(agree && kept) << "state " << name(s.state) << " policy " << static_cast<int>(s.policy)
                             << " event " << static_cast<int>(q.kind) << " elapsed " << elapsed
                             << " failures " << s.failures[0] << "+" << s.failures[1] << " waits "
                             << s.wait[0] << "," << s.wait[1] << " budget " << s.budget << " credit "
                             << s.credit << " recovery " << s.recovery << " lane " << static_cast<int>(q.lane)
                             << " offset " << q.offset << " wrong " << q.wrong_code << ": expected "
                             << name(e.verdict) << " in " << e.wait << " then " << name(e.next.state)
                             << ", got " << name(o.verdict) << " then " << name(o.record.state)
                             << (kept ? "" : ", and the record differs");
}

// The instants at which anything of the situation ends, one second before and after; now; and back.
std::vector<std::int64_t> instants(const Standing& s) {
  std::vector<std::int64_t> all = {0, -1, -100000};
  const std::int64_t unit = 25920;
  for (const std::int64_t end : {s.life, s.grant, s.wait[0], s.wait[1], s.recovery - 99 * 60, s.links[0],
                                 s.links[2], s.budget - 79 * unit, s.budget - 99 * unit, s.budget})
    if (end > 0) all.insert(all.end(), {end - 1, end, end + 1});
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<Standing> states() {
  std::vector<Standing> all(8);
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
        const Rules rules{(rule & 1U) != 0, (rule & 2U) != 0, (rule & 4U) != 0};
        for (unsigned kind = 0; kind < 12; ++kind)
          for (const Request& q : requests(static_cast<Kind>(kind)))
            for (const std::int64_t at : instants(s)) ASSERT_NO_FATAL_FAILURE(check(s, at, q, rules));
      }
    }
  }
  std::cout << "figure: exhaustive, states: " << cases << " cases\n";
}

std::vector<Standing> throttles() {
  const int failures[][2] = {{0, 0},  {0, 4},  {4, 0},   {4, 4},   {5, 0},   {0, 5},
                             {4, 5},  {9, 0},  {0, 9},   {5, 5},   {0, 10},  {10, 0},
                             {0, 99}, {99, 0}, {50, 49}, {0, 100}, {100, 0}, {50, 50}};
  std::vector<Standing> all;
  for (const auto& pair : failures)
    for (const std::int64_t units : {0, 79, 80, 99, 100})
      for (const std::int64_t pause : {0, 30, 3600})
        for (const int credit : {0, 1, 5}) {
          Standing s;
          s.state = State::on;
          s.failures[0] = pair[0], s.failures[1] = pair[1];
          s.wait[pair[0] > pair[1] ? 0 : 1] = pause;
          s.budget = units * 25920;
          s.credit = credit;
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
                              Kind::request_recovery})
        for (const Lane lane : {Lane::known, Lane::other})
          for (const bool wrong : {false, true})
            for (const std::int64_t at : instants(s)) {
              Request q;
              q.kind = kind, q.lane = lane, q.wrong_code = wrong;
              q.offset = wrong ? 0 : 1;
              ASSERT_NO_FATAL_FAILURE(check(s, at, q, Rules{}));
            }
    }
  }
  std::cout << "figure: exhaustive, throttle: " << cases << " cases\n";
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
              ASSERT_NO_FATAL_FAILURE(check(s, at, q, Rules{false, false, strict}));
            }
  std::cout << "figure: exhaustive, steps: " << cases << " cases\n";
}

TEST(KernelExhaustive, RecoveryThrottle) {
  cases = 0;
  const std::int64_t links[][3] = {{0, 0, 0}, {0, 0, 3600},  {0, 1, 3600},
                                   {1, 1, 1}, {1, 50, 3600}, {3600, 3600, 3600}};
  for (const State state : {State::on, State::recovering})
    for (const std::int64_t used : {0, 60, 5939, 5940, 5941, 5999, 6000})
      for (const auto& trio : links)
        for (const int failures : {0, 100})
          for (const Kind kind : {Kind::request_recovery, Kind::confirm_recovery})
            for (const Request& q : requests(kind)) {
              Standing s;
              s.state = state;
              s.life = state == State::recovering ? 600 : 0;
              s.recovery = used;
              std::copy(trio, trio + 3, s.links);
              s.failures[1] = failures;
              for (const std::int64_t at : instants(s)) ASSERT_NO_FATAL_FAILURE(check(s, at, q, Rules{}));
            }
  std::cout << "figure: exhaustive, recovery: " << cases << " cases\n";
}

}  // namespace

}  // namespace twinlock::exhaustive
