// SPDX-License-Identifier: Apache-2.0
// Which records are well formed: spec 2.9.
#include "property_tests/specification/specification.hpp"

namespace specification {

// By state: 1, the field holds something; 0, it does not; 2, only where a lost factor is to be replaced; 3,
// it may, but in recovering it does.
static const std::uint8_t held[5][7] = {
    // secret, pending, enrollment id, epoch, recovery hash, link hash, asker hash
    {0, 0, 0, 0, 0, 0, 0},  // off
    {0, 1, 1, 2, 0, 0, 0},  // enrolling
    {1, 0, 1, 1, 3, 0, 0},  // on
    {1, 0, 1, 1, 1, 1, 1},  // recovering
    {0, 0, 0, 1, 0, 0, 0}   // replacing
};

static bool is_on(State s) noexcept { return s == State::on || s == State::recovering; }

static bool as_held(bool holds, std::uint8_t wanted, bool replacing) noexcept {
  if (wanted == 3) return true;
  if (wanted == 2) return holds == replacing;
  return holds == (wanted == 1);
}

static bool fields_fit(const Record& r, bool replacing) noexcept {
  const std::uint8_t s = static_cast<std::uint8_t>(r.state);
  return as_held(r.holds.secret, held[s][0], replacing) && as_held(r.holds.pending, held[s][1], replacing) &&
         as_held(r.holds.enrollment_id, held[s][2], replacing) &&
         as_held(r.holds.epoch, held[s][3], replacing) &&
         as_held(r.holds.recovery_hash, held[s][4], replacing) &&
         as_held(r.holds.link_hash, held[s][5], replacing) &&
         as_held(r.holds.asker_hash, held[s][6], replacing);
}

static const Number times_end = 1099511627776;

// None, or a moment that a clock can have said.
static bool moment(Number at) noexcept { return at == 0 || (at >= 30 && at < times_end); }

// None, or to come, and no further ahead than it can have been set.
static bool to_come(Number until, Number seen, Number longest) noexcept {
  return until == 0 || (until > seen && until - seen <= longest);
}

static bool moments_fit(const Record& r) noexcept {
  if (!moment(r.seen) || !moment(r.enrolled_at) || !moment(r.last_used_at)) return false;
  if (!moment(r.recovery_drawn_at) || !moment(r.recovery_saved_at)) return false;
  return r.last_step <= 36650387593;  // the step after the last one that a clock can be in
}

static bool times_fit(const Record& r) noexcept {
  if (!to_come(r.wait_until[0], r.seen, hour) || !to_come(r.wait_until[1], r.seen, hour)) return false;
  if (!to_come(r.budget_until, r.seen, 100 * 25920) || !to_come(r.recovery_until, r.seen, hour)) return false;
  if (!to_come(r.begin_until, r.seen, 20 * minute)) return false;
  for (std::uint32_t i = 0; i < 3; ++i)
    if (!to_come(r.link_until[i], r.seen, hour)) return false;
  if (r.link_until[0] > r.link_until[1] || r.link_until[1] > r.link_until[2]) return false;
  return to_come(r.deadline, r.seen, 10 * minute) && to_come(r.voucher_until, r.seen, 30 * minute);
}

// A lane waits only from its fifth failure on.
static bool counts_fit(const Record& r) noexcept {
  for (std::uint32_t i = 0; i < 2; ++i)
    if (r.wait_until[i] != 0 && r.failures[i] < 5) return false;
  return r.failures[0] + r.failures[1] + r.failures[2] <= 100 && r.wrong_confirmations <= 9;
}

// A date belongs to a policy that requires; nothing was said or set before the first event.
static bool policy_fits(const Record& r) noexcept {
  if (static_cast<std::uint8_t>(r.policy) > 2 || static_cast<std::uint8_t>(r.host_word) > 2) return false;
  if (r.policy_from >= times_end || (r.policy_from != 0 && r.policy != Policy::required)) return false;
  if (r.seen != 0) return true;
  return r.state == State::off && r.policy == Policy::inherit && r.host_word == HostWord::unsaid &&
         r.begin_until == 0;
}

// Off, enrolling and replacing have no factor: no failure, no wait, no date, no used step.
static bool nothing_of_a_factor(const Record& r) noexcept {
  return r.failures[0] == 0 && r.failures[1] == 0 && r.failures[2] == 0 && r.ticket_codes == 0 &&
         r.wait_until[0] == 0 && r.wait_until[1] == 0 && r.budget_until == 0 && r.recovery_until == 0 &&
         r.link_until[0] == 0 && r.link_until[1] == 0 && r.link_until[2] == 0 && r.last_step == 0 &&
         r.enrolled_at == 0 && r.last_used_at == 0 && r.recovery_drawn_at == 0 && r.recovery_saved_at == 0 &&
         r.secret_length == 0;
}

// A ticket has one to five codes left; those that were used stand among the failures.
static bool ticket_fits(const Record& r) noexcept {
  if (r.ticket_codes == 0) return r.voucher_until == 0;
  return r.voucher_until != 0 && r.ticket_codes <= 5 && r.failures[2] + r.ticket_codes >= 5;
}

// A secret of 16 to 64 bytes, a spent step, a date; a recovery code that was drawn, which takes a code.
static bool factor_fits(const Record& r) noexcept {
  if (r.secret_length < 16 || r.secret_length > 64 || r.holds.after_secret) return false;
  if (r.last_step == 0 || r.enrolled_at == 0 || r.begin_until != 0) return false;
  if (r.holds.recovery_hash != (r.recovery_drawn_at != 0)) return false;
  if (r.recovery_drawn_at == 0 && r.recovery_saved_at != 0) return false;
  if (r.recovery_drawn_at != 0 && r.last_used_at == 0) return false;
  return ticket_fits(r);
}

bool well_formed(const Record& r) noexcept {
  if (static_cast<std::uint8_t>(r.state) > 4) return false;
  if (!policy_fits(r) || !moments_fit(r) || !times_fit(r) || !counts_fit(r)) return false;
  const bool enrolling = r.state == State::enrolling;
  if (r.before != State::off && !(enrolling && r.before == State::replacing)) return false;
  if (!enrolling && r.wrong_confirmations != 0) return false;
  if ((r.deadline != 0) != (enrolling || r.state == State::recovering)) return false;
  const bool replacing = r.state == State::replacing || r.before == State::replacing;
  if (r.holds.voucher_hash != (r.voucher_until != 0)) return false;
  if (r.voucher_until != 0 && !replacing && !is_on(r.state)) return false;
  if (is_on(r.state) && !factor_fits(r)) return false;
  if (!is_on(r.state) && !nothing_of_a_factor(r)) return false;
  return fields_fit(r, replacing);
}

}  // namespace specification
