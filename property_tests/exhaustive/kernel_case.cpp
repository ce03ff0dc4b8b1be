// SPDX-License-Identifier: Apache-2.0
#include "property_tests/exhaustive/kernel_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "kernel/digest.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::exhaustive {

std::uint64_t cases = 0;

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
  return known[step] = test::code_at(test::padded(holdings().is.secret), static_cast<Step>(step));
}

Seconds deadline(std::int64_t left) { return left == 0 ? 0 : static_cast<Seconds>(base_s + left); }

void put_throttle(Throttle& t, const Standing& s) {
  for (std::size_t lane = 0; lane < 2; ++lane) {
    t.failures[lane] = static_cast<std::uint8_t>(s.failures[lane]);
    t.wait_until[lane] = deadline(s.wait[lane]);
  }
  t.ticket_failures = static_cast<std::uint8_t>(s.failures[2]);
  t.budget_until = deadline(s.budget);
  t.recovery_until = deadline(s.recovery);
  t.begin_until = deadline(s.begins);
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
  r.policy_from = deadline(s.date);
  r.host_word = s.word;
  r.seen = static_cast<Seconds>(base_s);
  r.deadline = deadline(s.life);
  r.voucher_until = deadline(s.grant + s.ticket);
  put_throttle(r.throttle, s);
  const bool active = s.state == State::on || s.state == State::recovering;
  if (s.state == State::enrolling) {
    r.before = s.replaces ? State::replacing : State::off;
    r.pending = f.secret;
    r.enrollment_failures = static_cast<std::uint8_t>(s.wrong_confirmations);
  }
  if (active || s.state == State::enrolling) r.enrollment_id = f.enrollment_id;
  if (active || s.replaces || s.state == State::replacing) r.epoch = f.epoch;
  if (s.grant != 0) r.voucher_hash = digest(Purpose::grant, account, f.epoch, f.grant);
  if (active) {
    r.secret = test::padded(f.secret);
    r.secret_length = secret_bytes;
    r.last_step = static_cast<Step>(base_step + s.last_step);
    r.enrolled_at = 30;
    r.ticket_codes = static_cast<std::uint8_t>(s.ticket_codes);
    if (s.ticket_codes > 0) r.voucher_hash = digest(Purpose::ticket, account, f.enrollment_id, f.ticket);
  }
  if (active && !s.imported) {
    r.recovery_hash = digest(Purpose::recovery_code, account, f.enrollment_id, f.recovery_code);
    r.last_used_at = r.recovery_drawn_at = 30;
    r.recovery_saved_at = s.saved ? 31 : 0;
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
  e.policy_from = q.dated ? deadline(1000) : 0;
  e.host_word = q.word;
  e.key_length = static_cast<std::uint8_t>(q.key_bytes);
  e.key = test::import_of(e.key_length).key;
  if (q.ticket != Shown::none) e.ticket = (q.ticket == Shown::right ? right : wrong).ticket;
  e.has_asker = q.asker != Shown::none;
  e.has_recovery_code = q.recovery != Shown::none;
  e.enrollment_id = (q.id ? right : wrong).enrollment_id;
  e.grant = (q.grant ? right : wrong).grant;
  e.epoch = (q.pass ? right : wrong).epoch;
  e.link = (q.link ? right : wrong).link;
  e.asker = (q.asker == Shown::right ? right : wrong).asker;
  e.recovery_code = (q.recovery == Shown::right ? right : wrong).recovery_code;
  e.code = code_at(step + q.offset);
  if (q.wrong_code) e.code = test::wrong_code(test::padded(right.secret), static_cast<Step>(step));
  if (q.letters) e.code.digit[3] = 'l';
  return e;
}

std::int64_t left(Seconds until, std::int64_t now) {
  return until == 0 ? 0 : static_cast<std::int64_t>(until) - now;
}

bool throttle_follows(const Throttle& t, const Standing& s, std::int64_t now) {
  std::vector<std::int64_t> links(s.links, s.links + 3);
  std::sort(links.begin(), links.end());
  bool same = left(t.budget_until, now) == s.budget && left(t.recovery_until, now) == s.recovery &&
              left(t.begin_until, now) == s.begins && t.ticket_failures == s.failures[2];
  for (std::size_t i = 0; i < 2; ++i)
    same = same && t.failures[i] == s.failures[i] && left(t.wait_until[i], now) == s.wait[i];
  for (std::size_t i = 0; i < 3; ++i) same = same && left(t.link_until[i], now) == links[i];
  return same;
}

// The record after a commit, read back as a situation and compared; `now`: when it was decided.
bool follows(const Record& r, const Standing& s, std::int64_t now) {
  bool same = r.state == s.state && r.policy == s.policy && r.policy_from == deadline(s.date) &&
              r.host_word == s.word && r.enrollment_failures == s.wrong_confirmations &&
              left(r.deadline, now) == s.life && left(r.voucher_until, now) == s.grant + s.ticket &&
              r.ticket_codes == s.ticket_codes && static_cast<std::int64_t>(r.seen) == now &&
              throttle_follows(r.throttle, s, now);
  if (s.state == State::on || s.state == State::recovering)
    same = same && static_cast<std::int64_t>(r.last_step) == base_step + s.last_step &&
           (r.recovery_drawn_at == 0) == s.imported && (r.recovery_saved_at != 0) == s.saved;
  return same && (s.state != State::enrolling || (r.before == State::replacing) == s.replaces);
}

// The event was a begin: the secret that is shown is the one of before, or the one that was drawn for it.
bool shows(const Record& before, const Record& after, bool same_secret) {
  const Secret& expected = same_secret ? before.pending : holdings().next.secret;
  return std::equal(expected.b, expected.b + secret_bytes, after.pending.b);
}

Rules rules_of(const Configured& c) {
  return {c.required, deadline(c.date), c.replace_after_recovery, c.strict};
}

}  // namespace

void check(const Standing& s, std::int64_t elapsed, const Request& q, const Configured& configured) {
  ++cases;
  const std::int64_t clock_s = base_s + elapsed, step = clock_s / 30;
  const Record r = record_of(s);
  ASSERT_TRUE(valid(r));
  const Clock clock{static_cast<Seconds>(clock_s), static_cast<Step>(step)};
  const Outcome o = handle(r, event_of(q, step), {clock, rules_of(configured), account, holdings().next});
  const Standing at = after(s, elapsed);
  const Expected e = expected(at, q, configured, step - base_step);
  const std::int64_t now = base_s + at.now;
  const bool agree = o.verdict == e.verdict && o.notice == e.notice && o.write == (e.write || at.now < 0) &&
                     o.clock_went_back == (at.now < 0) && o.by_ticket == e.by_ticket &&
                     static_cast<std::int64_t>(o.decided_at) == now &&
                     static_cast<std::int64_t>(o.retry_at) == (e.wait > 0 ? now + e.wait : 0) &&
                     static_cast<std::int64_t>(o.step) == (e.match ? step + q.offset : 0);
  bool kept = o.write ? valid(o.record) && follows(o.record, e.next, now) : test::same_record(o.record, r);
  if (q.kind == Kind::begin_enrollment && e.verdict == Verdict::accepted)
    kept = kept && shows(r, o.record, e.same_secret);
  ASSERT_TRUE(agree && kept) << "state " << name(s.state) << " policy " << static_cast<int>(s.policy)
                             << " date " << s.date << " word " << static_cast<int>(s.word) << "+"
                             << static_cast<int>(q.word) << " event " << static_cast<int>(q.kind)
                             << " elapsed " << elapsed << " failures " << s.failures[0] << "+"
                             << s.failures[1] << "+" << s.failures[2] << " waits " << s.wait[0] << ","
                             << s.wait[1] << " budget " << s.budget << " ticket " << s.ticket_codes << " for "
                             << s.ticket << " shown " << static_cast<int>(q.ticket) << " recovery "
                             << s.recovery << " begins " << s.begins << " lane " << static_cast<int>(q.lane)
                             << " offset " << q.offset << " wrong " << q.wrong_code << ": expected "
                             << name(e.verdict) << " in " << e.wait << " then " << name(e.next.state)
                             << ", got " << name(o.verdict) << " then " << name(o.record.state)
                             << (kept ? "" : ", and the record differs");
}

}  // namespace twinlock::exhaustive
