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

static bool same_key(const TotpKey& a, const TotpKey& b) {
  bool same = true;
  for (std::uint32_t i = 0; i < 64; ++i) same = same && a.b[i] == b.b[i];
  return same;
}

// The key is the drawn secret, and zeros behind it.
static bool is_key_of(const TotpKey& key, const Secret& secret) {
  bool same = true;
  for (std::uint32_t i = 0; i < 20; ++i) same = same && key.b[i] == secret.b[i];
  return same && contract::zero_after(key, 20);
}

static bool same_token(const Token& a, const Token& b) { return contract::same_token(a, b); }

static bool empty_token(const Token& a) { return contract::absent_token(a); }

static bool empty_key(const TotpKey& a) { return contract::absent_key(a); }

static bool empty_secret(const Secret& a) { return contract::absent_secret(a); }

static bool same_throttle(const Throttle& a, const Throttle& b) {
  return a.failures[0] == b.failures[0] && a.failures[1] == b.failures[1] &&
         a.ticket_failures == b.ticket_failures && a.wait_until[0] == b.wait_until[0] &&
         a.wait_until[1] == b.wait_until[1] && a.budget_until == b.budget_until &&
         a.recovery_until == b.recovery_until && a.begin_until == b.begin_until &&
         a.link_until[0] == b.link_until[0] && a.link_until[1] == b.link_until[1] &&
         a.link_until[2] == b.link_until[2];
}

static bool same_but_throttle_and_enrollment(const Record& a, const Record& b) {
  return a.policy == b.policy && a.policy_from == b.policy_from && a.host_word == b.host_word &&
         a.seen == b.seen && a.last_step == b.last_step && a.enrolled_at == b.enrolled_at &&
         a.last_used_at == b.last_used_at && a.recovery_drawn_at == b.recovery_drawn_at &&
         a.recovery_saved_at == b.recovery_saved_at && a.secret_length == b.secret_length &&
         same_key(a.secret, b.secret) && same_token(a.epoch, b.epoch) &&
         same_token(a.recovery_hash, b.recovery_hash) && same_token(a.link_hash, b.link_hash) &&
         same_token(a.asker_hash, b.asker_hash);
}

static bool same_voucher(const Record& a, const Record& b) {
  return a.voucher_until == b.voucher_until && a.ticket_codes == b.ticket_codes &&
         same_token(a.voucher_hash, b.voucher_hash);
}

static bool same_enrollment(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.enrollment_failures == b.enrollment_failures &&
         a.deadline == b.deadline && same_secret(a.pending, b.pending) &&
         same_token(a.enrollment_id, b.enrollment_id);
}

static bool same_record(const Record& a, const Record& b) {
  return same_but_throttle_and_enrollment(a, b) && same_voucher(a, b) && same_enrollment(a, b) &&
         same_throttle(a.throttle, b.throttle);
}

static bool active(State s) { return s == State::on || s == State::recovering; }

static bool by_code_kind(Kind k) {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// spec 2.4.3
static std::uint32_t failures_of(const Record& r) {
  return static_cast<std::uint32_t>(r.throttle.failures[0]) +
         static_cast<std::uint32_t>(r.throttle.failures[1]) +
         static_cast<std::uint32_t>(r.throttle.ticket_failures);
}

static bool has_failed_100_times(const Record& r) { return failures_of(r) >= 100; }

// spec 2.8: by the host, now or when it spoke last, by policy or by configuration, from its date on.
static bool required_by(const Record& r, HostWord word, const Rules& rules, Seconds now) {
  if (word == HostWord::required || r.host_word == HostWord::required) return true;
  if (r.policy == Policy::required) return r.policy_from <= now;
  if (r.policy == Policy::optional) return false;
  return rules.required && rules.required_from <= now;
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
  if (static_cast<std::uint8_t>(e.kind) > 14 || static_cast<std::uint8_t>(e.host_word) > 2) return false;
  if (by_code_kind(e.kind) || e.kind == Kind::confirm_enrollment)
    return six_digits(e.code) && static_cast<std::uint8_t>(e.lane) < 2;
  if (e.kind == Kind::operator_import)
    return e.key_length >= 16 && e.key_length <= 64 && !empty_key(e.key) &&
           contract::zero_after(e.key, e.key_length);
  if (e.kind != Kind::set_policy) return true;
  return static_cast<std::uint8_t>(e.policy) < 3 && e.policy_from < 1099511627776ULL &&
         (e.policy_from == 0 || e.policy == Policy::required);
}

// spec 2.4.1 and 2.4.2: the lane is free at `now`, and a failure would find room in the budget.
// The lane of an event that is none does not count.
static bool lane_is_free(const Record& r, const Event& e, Seconds now) {
  if (e.lane == Lane::known) return r.throttle.wait_until[0] <= now;
  return r.throttle.wait_until[1] <= now;
}

static bool budget_has_room(const Record& r, const Event& e, Seconds now) {
  if (e.lane == Lane::known) return left_of(r.throttle.budget_until, now) <= 99 * 25920;
  return left_of(r.throttle.budget_until, now) <= 79 * 25920;
}

// spec 2.4.5: a wrong recovery code would find room in its budget.
static bool recovery_has_room(const Record& r, Seconds now) {
  return left_of(r.throttle.recovery_until, now) <= 9 * 360;
}

// What the recovery code proves, alone or with the link.
static bool proved_by_recovery_code(Kind k) {
  return k == Kind::request_recovery || k == Kind::confirm_recovery || k == Kind::confirm_saved;
}
