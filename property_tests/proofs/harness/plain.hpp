// SPDX-License-Identifier: Apache-2.0
// The claims' own words for what docs/spec.md says of records, codes and times. No function of the kernel or
// of the specification is called here.
#pragma once

static bool same_secret(const Secret& a, const Secret& b) {
  return a.b[0] == b.b[0] && a.b[1] == b.b[1] && a.b[2] == b.b[2] && a.b[3] == b.b[3] && a.b[4] == b.b[4] &&
         a.b[5] == b.b[5] && a.b[6] == b.b[6] && a.b[7] == b.b[7] && a.b[8] == b.b[8] && a.b[9] == b.b[9] &&
         a.b[10] == b.b[10] && a.b[11] == b.b[11] && a.b[12] == b.b[12] && a.b[13] == b.b[13] &&
         a.b[14] == b.b[14] && a.b[15] == b.b[15] && a.b[16] == b.b[16] && a.b[17] == b.b[17] &&
         a.b[18] == b.b[18] && a.b[19] == b.b[19];
}

static bool same_token(const Token& a, const Token& b) { return contract::same_token(a, b); }

static bool empty_token(const Token& a) { return contract::absent_token(a); }

static bool empty_secret(const Secret& a) { return contract::absent_secret(a); }

static bool same_throttle(const Throttle& a, const Throttle& b) {
  return a.failures[0] == b.failures[0] && a.failures[1] == b.failures[1] &&
         a.unlock_credit == b.unlock_credit && a.wait_until[0] == b.wait_until[0] &&
         a.wait_until[1] == b.wait_until[1] && a.budget_until == b.budget_until &&
         a.recovery_until == b.recovery_until && a.link_until[0] == b.link_until[0] &&
         a.link_until[1] == b.link_until[1] && a.link_until[2] == b.link_until[2];
}

static bool same_but_throttle_and_enrollment(const Record& a, const Record& b) {
  return a.policy == b.policy && a.seen == b.seen && a.last_step == b.last_step &&
         a.grant_until == b.grant_until && a.enrolled_at == b.enrolled_at &&
         a.last_used_at == b.last_used_at && same_secret(a.secret, b.secret) &&
         same_token(a.epoch, b.epoch) && same_token(a.recovery_hash, b.recovery_hash) &&
         same_token(a.link_hash, b.link_hash) && same_token(a.asker_hash, b.asker_hash) &&
         same_token(a.grant_hash, b.grant_hash);
}

static bool same_enrollment(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.enrollment_failures == b.enrollment_failures &&
         a.deadline == b.deadline && same_secret(a.pending, b.pending) &&
         same_token(a.enrollment_id, b.enrollment_id);
}

static bool same_record(const Record& a, const Record& b) {
  return same_but_throttle_and_enrollment(a, b) && same_enrollment(a, b) &&
         same_throttle(a.throttle, b.throttle);
}

static bool active(State s) { return s == State::on || s == State::recovering; }

static bool by_code_kind(Kind k) {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// spec 2.4.3
static std::uint32_t failures_of(const Record& r) {
  return static_cast<std::uint32_t>(r.throttle.failures[0]) +
         static_cast<std::uint32_t>(r.throttle.failures[1]);
}

static bool has_failed_100_times(const Record& r) { return failures_of(r) >= 100; }

static bool required_by(const Record& r, const Rules& rules) {
  if (r.policy == Policy::required) return true;
  if (r.policy == Policy::optional) return false;
  return rules.required;
}

static Seconds max_of(Seconds a, Seconds b) { return a > b ? a : b; }

// What is left of a time; 0: it has passed.
static Seconds left_of(Seconds until, Seconds now) {
  Seconds left = 0;
  if (until > now) left = until - now;
  return left;
}

// spec 2.4.1: the back-off after the n-th consecutive failure in a lane.
static Seconds pause_after(std::uint32_t n) {
  if (n < 5) return 0;
  if (n == 5) return 30;
  if (n == 6) return 60;
  if (n == 7) return 120;
  if (n == 8) return 240;
  if (n == 9) return 480;
  if (n == 10) return 960;
  if (n == 11) return 1920;
  return 3600;
}

// spec 2.5.1, and the step is that of the time.
static bool clock_in_bounds(const Clock& c) {
  if (c.now < 30 || c.now >= 1099511627776ULL || c.step > 1099511627776ULL) return false;
  return c.step * 30 <= c.now && c.now < c.step * 30 + 30;
}

static bool is_digit(std::uint8_t d) { return d >= 48 && d <= 57; }

static bool six_digits(const Code& c) {
  return is_digit(c.digit[0]) && is_digit(c.digit[1]) && is_digit(c.digit[2]) && is_digit(c.digit[3]) &&
         is_digit(c.digit[4]) && is_digit(c.digit[5]);
}

// The number that six digits spell.
static std::uint32_t number_of(const Code& c) {
  std::uint32_t n = 0;
  for (std::uint32_t i = 0; i < 6; ++i) n = n * 10U + (c.digit[i] & 15U);
  return n;
}

// spec 2.2: what is an event at all.
static bool is_event(const Event& e) {
  if (static_cast<std::uint8_t>(e.kind) > 11 || static_cast<std::uint8_t>(e.lane) > 1) return false;
  if (by_code_kind(e.kind) || e.kind == Kind::confirm_enrollment) return six_digits(e.code);
  return e.kind != Kind::set_policy || static_cast<std::uint8_t>(e.policy) < 3;
}

// spec 2.4.1 and 2.4.2: the lane is free at `now`, and a failure would find room in the budget or a credit.
// The lane of an event that is none does not count.
static bool lane_is_free(const Record& r, const Event& e, Seconds now) {
  if (e.lane == Lane::known) return r.throttle.wait_until[0] <= now;
  return r.throttle.wait_until[1] <= now;
}

static bool budget_has_room(const Record& r, const Event& e, Seconds now) {
  if (r.throttle.unlock_credit > 0) return true;
  if (e.lane == Lane::known) return left_of(r.throttle.budget_until, now) <= 99 * 25920;
  return left_of(r.throttle.budget_until, now) <= 79 * 25920;
}

// spec 2.4.5: a wrong recovery code would find room in its budget.
static bool recovery_has_room(const Record& r, Seconds now) {
  return left_of(r.throttle.recovery_until, now) <= 99 * 60;
}
