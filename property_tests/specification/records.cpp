// SPDX-License-Identifier: Apache-2.0
// Which records are well formed: spec 2.8.
#include "property_tests/specification/specification.hpp"

namespace specification {

// By state: 1, the field holds something; 0, it does not; 2, only where a lost factor is to be replaced.
static const std::uint8_t held[5][7] = {
    // secret, pending, enrollment id, epoch, recovery hash, link hash, asker hash
    {0, 0, 0, 0, 0, 0, 0},  // off
    {0, 1, 1, 2, 0, 0, 0},  // enrolling
    {1, 0, 1, 1, 1, 0, 0},  // on
    {1, 0, 1, 1, 1, 1, 1},  // recovering
    {0, 0, 0, 1, 0, 0, 0}   // replacing
};

static bool is_on(State s) noexcept { return s == State::on || s == State::recovering; }

static bool as_held(bool holds, std::uint8_t wanted, bool replacing) noexcept {
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

// No time lies further ahead of the last-seen time than it can have been set.
static bool times_fit(const Record& r) noexcept {
  const Number limit = 1099511627776;
  if (r.seen < 0 || r.seen >= limit || r.enrolled_at >= limit || r.last_used_at >= limit) return false;
  if (r.last_step > 36650387593) return false;  // the step after the last one that a clock can be in
  if (left(r.wait_until[0], r.seen) > hour || left(r.wait_until[1], r.seen) > hour) return false;
  if (left(r.budget_until, r.seen) > 100 * 25920 || left(r.recovery_until, r.seen) > 100 * minute)
    return false;
  if (r.link_until[0] > r.link_until[1] || r.link_until[1] > r.link_until[2]) return false;
  if (left(r.link_until[2], r.seen) > hour) return false;
  return left(r.deadline, r.seen) <= 10 * minute && left(r.grant_until, r.seen) <= 30 * minute;
}

static bool counts_fit(const Record& r) noexcept {
  return r.failures[0] + r.failures[1] <= 100 && r.credit <= 5 && r.wrong_confirmations <= 9;
}

// Off, enrolling and replacing have no factor: no failure, no wait, no date, no used step.
static bool nothing_of_a_factor(const Record& r) noexcept {
  return r.failures[0] == 0 && r.failures[1] == 0 && r.credit == 0 && r.wait_until[0] == 0 &&
         r.wait_until[1] == 0 && r.budget_until == 0 && r.recovery_until == 0 && r.link_until[0] == 0 &&
         r.link_until[1] == 0 && r.link_until[2] == 0 && r.last_step == 0 && r.enrolled_at == 0 &&
         r.last_used_at == 0;
}

bool well_formed(const Record& r) noexcept {
  if (static_cast<std::uint8_t>(r.state) > 4 || static_cast<std::uint8_t>(r.policy) > 2) return false;
  if (!times_fit(r) || !counts_fit(r)) return false;
  const bool enrolling = r.state == State::enrolling;
  if (r.before != State::off && !(enrolling && r.before == State::replacing)) return false;
  if (!enrolling && r.wrong_confirmations != 0) return false;
  if ((r.deadline != 0) != (enrolling || r.state == State::recovering)) return false;
  const bool replacing = r.state == State::replacing || r.before == State::replacing;
  if (r.holds.grant_hash != (r.grant_until != 0)) return false;
  if (r.grant_until != 0 && !replacing) return false;
  if (!is_on(r.state) && !nothing_of_a_factor(r)) return false;
  return fields_fit(r, replacing);
}

}  // namespace specification
