// SPDX-License-Identifier: Apache-2.0
// spec 2.5: what the passing of time does to an account.
#include "property_tests/specification/specification.hpp"

namespace specification {

bool sound_clock(const Clock& clock) noexcept {
  if (clock.now < 30 || clock.now >= 1099511627776) return false;
  if (clock.step < 0 || clock.step > 1099511627776) return false;
  const Number begins = 30 * clock.step;
  return begins <= clock.now && clock.now < begins + 30;
}

Number at_least_0(Number n) noexcept {
  if (n < 0) return 0;
  return n;
}

Number left(Number until, Number seen) noexcept { return at_least_0(until - seen); }

static Number until(Number left, Number now) noexcept {
  if (left == 0) return 0;
  return now + left;
}

Account account_of(const Record& r) noexcept {
  Account a;
  a.state = r.state;
  a.before = r.before;
  a.policy = r.policy;
  a.wrong_confirmations = r.wrong_confirmations;
  a.credit = r.credit;
  for (std::uint32_t i = 0; i < 2; ++i) {
    a.failures[i] = r.failures[i];
    a.wait_left[i] = left(r.wait_until[i], r.seen);
  }
  a.budget_used = left(r.budget_until, r.seen);
  a.recovery_used = left(r.recovery_until, r.seen);
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = left(r.link_until[i], r.seen);
  a.life_left = left(r.deadline, r.seen);
  a.grant_left = left(r.grant_until, r.seen);
  a.last_step = r.last_step;
  a.enrolled_at = r.enrolled_at;
  a.last_used_at = r.last_used_at;
  a.fields.secret = From::before;
  a.fields.pending = From::before;
  a.fields.enrollment_id = From::before;
  a.fields.epoch = From::before;
  a.fields.recovery_hash = From::before;
  a.fields.link_hash = From::before;
  a.fields.asker_hash = From::before;
  a.fields.grant_hash = From::before;
  return a;
}

Record record_of(const Account& a, Number now) noexcept {
  Record r;
  r.state = a.state;
  r.before = a.before;
  r.policy = a.policy;
  r.wrong_confirmations = a.wrong_confirmations;
  r.seen = now;
  r.credit = a.credit;
  for (std::uint32_t i = 0; i < 2; ++i) {
    r.failures[i] = a.failures[i];
    r.wait_until[i] = until(a.wait_left[i], now);
  }
  r.budget_until = until(a.budget_used, now);
  r.recovery_until = until(a.recovery_used, now);
  for (std::uint32_t i = 0; i < 3; ++i) r.link_until[i] = until(a.link_left[i], now);
  r.deadline = until(a.life_left, now);
  r.grant_until = until(a.grant_left, now);
  r.last_step = a.last_step;
  r.enrolled_at = a.enrolled_at;
  r.last_used_at = a.last_used_at;
  return r;
}

// The account is what it was before the enrollment.
void end_enrollment(Account& a) noexcept {
  a.state = a.before;
  a.before = State::off;
  a.wrong_confirmations = 0;
  a.life_left = 0;
  a.fields.pending = From::nothing;
  a.fields.enrollment_id = From::nothing;
}

void end_recovery(Account& a) noexcept {
  a.state = State::on;
  a.life_left = 0;
  a.fields.link_hash = From::nothing;
  a.fields.asker_hash = From::nothing;
}

Account later(const Account& before, Number seconds) noexcept {
  Account a = before;
  for (std::uint32_t i = 0; i < 2; ++i) a.wait_left[i] = at_least_0(before.wait_left[i] - seconds);
  a.budget_used = at_least_0(before.budget_used - seconds);
  a.recovery_used = at_least_0(before.recovery_used - seconds);
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = at_least_0(before.link_left[i] - seconds);
  a.life_left = at_least_0(before.life_left - seconds);
  a.grant_left = at_least_0(before.grant_left - seconds);
  if (a.grant_left == 0) a.fields.grant_hash = From::nothing;
  if (a.life_left == 0 && a.state == State::enrolling) end_enrollment(a);
  if (a.life_left == 0 && a.state == State::recovering) end_recovery(a);
  return a;
}

}  // namespace specification
