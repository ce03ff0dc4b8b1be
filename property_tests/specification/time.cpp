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
  a.policy_from = r.policy_from;
  a.host_word = r.host_word;
  a.wrong_confirmations = r.wrong_confirmations;
  a.ticket_codes = r.ticket_codes;
  for (std::uint32_t i = 0; i < 3; ++i) a.failures[i] = r.failures[i];
  for (std::uint32_t i = 0; i < 2; ++i) a.wait_left[i] = left(r.wait_until[i], r.seen);
  a.budget_used = left(r.budget_until, r.seen);
  a.recovery_used = left(r.recovery_until, r.seen);
  a.begin_used = left(r.begin_until, r.seen);
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = left(r.link_until[i], r.seen);
  a.life_left = left(r.deadline, r.seen);
  a.voucher_left = left(r.voucher_until, r.seen);
  a.last_step = r.last_step;
  a.enrolled_at = r.enrolled_at;
  a.last_used_at = r.last_used_at;
  a.recovery_drawn_at = r.recovery_drawn_at;
  a.recovery_saved_at = r.recovery_saved_at;
  a.secret_length = r.secret_length;
  a.fields.secret = From::before;
  a.fields.pending = From::before;
  a.fields.enrollment_id = From::before;
  a.fields.epoch = From::before;
  a.fields.recovery_hash = From::before;
  a.fields.link_hash = From::before;
  a.fields.asker_hash = From::before;
  a.fields.voucher_hash = From::before;
  return a;
}

Record record_of(const Account& a, Number now) noexcept {
  Record r;
  r.state = a.state;
  r.before = a.before;
  r.policy = a.policy;
  r.policy_from = a.policy_from;
  r.host_word = a.host_word;
  r.wrong_confirmations = a.wrong_confirmations;
  r.seen = now;
  r.ticket_codes = a.ticket_codes;
  for (std::uint32_t i = 0; i < 3; ++i) r.failures[i] = a.failures[i];
  for (std::uint32_t i = 0; i < 2; ++i) r.wait_until[i] = until(a.wait_left[i], now);
  r.budget_until = until(a.budget_used, now);
  r.recovery_until = until(a.recovery_used, now);
  r.begin_until = until(a.begin_used, now);
  for (std::uint32_t i = 0; i < 3; ++i) r.link_until[i] = until(a.link_left[i], now);
  r.deadline = until(a.life_left, now);
  r.voucher_until = until(a.voucher_left, now);
  r.last_step = a.last_step;
  r.enrolled_at = a.enrolled_at;
  r.last_used_at = a.last_used_at;
  r.recovery_drawn_at = a.recovery_drawn_at;
  r.recovery_saved_at = a.recovery_saved_at;
  r.secret_length = a.secret_length;
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

void end_voucher(Account& a) noexcept {
  a.voucher_left = 0;
  a.ticket_codes = 0;
  a.fields.voucher_hash = From::nothing;
}

Account later(const Account& before, Number seconds) noexcept {
  Account a = before;
  for (std::uint32_t i = 0; i < 2; ++i) a.wait_left[i] = at_least_0(before.wait_left[i] - seconds);
  a.budget_used = at_least_0(before.budget_used - seconds);
  a.recovery_used = at_least_0(before.recovery_used - seconds);
  a.begin_used = at_least_0(before.begin_used - seconds);
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = at_least_0(before.link_left[i] - seconds);
  a.life_left = at_least_0(before.life_left - seconds);
  a.voucher_left = at_least_0(before.voucher_left - seconds);
  if (a.voucher_left == 0) end_voucher(a);
  if (a.life_left == 0 && a.state == State::enrolling) end_enrollment(a);
  if (a.life_left == 0 && a.state == State::recovering) end_recovery(a);
  return a;
}

}  // namespace specification
