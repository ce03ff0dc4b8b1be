// SPDX-License-Identifier: Apache-2.0
#include "kernel/record.hpp"

#include "kernel/bytes.hpp"

namespace twinlock {

Record new_record() noexcept {
  Record r{};
  return r;
}

// `until` is free, or lies at most `length` after the last-seen time.
static bool within(Seconds until, const Record& r, Seconds length) noexcept {
  return until <= r.seen + length;
}

static bool throttle_in_range(const Record& r) noexcept {
  const Throttle& t = r.throttle;
  const std::uint32_t failures =
      static_cast<std::uint32_t>(t.failures[0]) + static_cast<std::uint32_t>(t.failures[1]);
  if (failures > lock_failures || t.unlock_credit > unlock_credit_max) return false;
  if (!within(t.wait_until[0], r, backoff_s_max) || !within(t.wait_until[1], r, backoff_s_max)) return false;
  if (!within(t.budget_until, r, budget_s_full) || !within(t.recovery_until, r, recovery_budget_s_full))
    return false;
  if (t.link_until[0] > t.link_until[1] || t.link_until[1] > t.link_until[2]) return false;
  return within(t.link_until[2], r, link_s_window);
}

static bool throttle_untouched(const Throttle& t) noexcept {
  return t.failures[0] == 0 && t.failures[1] == 0 && t.unlock_credit == 0 && t.wait_until[0] == 0 &&
         t.wait_until[1] == 0 && t.budget_until == 0 && t.recovery_until == 0 && t.link_until[2] == 0;
}

static bool in_range(const Record& r) noexcept {
  if (static_cast<std::uint8_t>(r.policy) >= policies_count ||
      r.enrollment_failures >= enrollment_failures_limit)
    return false;
  if (r.seen >= clock_s_limit || r.enrolled_at >= clock_s_limit || r.last_used_at >= clock_s_limit)
    return false;
  if (r.last_step > step_limit || !within(r.grant_until, r, grant_s_max)) return false;
  return within(r.deadline, r, enrollment_s_max) && throttle_in_range(r);
}

// The parts of a factor that is active: all there in on and recovering, none elsewhere.
static bool factor_complete(const Record& r) noexcept {
  return !absent(r.secret) && absent(r.pending) && !absent(r.enrollment_id) && !absent(r.epoch) &&
         !absent(r.recovery_hash) && absent(r.grant_hash) && r.grant_until == 0 &&
         r.enrollment_failures == 0 && r.before == State::off;
}

static bool factor_absent(const Record& r) noexcept {
  return absent(r.secret) && absent(r.recovery_hash) && absent(r.link_hash) && absent(r.asker_hash) &&
         r.last_step == 0 && r.enrolled_at == 0 && r.last_used_at == 0 && throttle_untouched(r.throttle);
}

static bool enrollment_absent(const Record& r) noexcept {
  return absent(r.pending) && absent(r.enrollment_id) && r.deadline == 0 && r.enrollment_failures == 0 &&
         r.before == State::off;
}

static bool recovery_absent(const Record& r) noexcept {
  return absent(r.link_hash) && absent(r.asker_hash) && r.deadline == 0;
}

static bool grant_absent(const Record& r) noexcept {
  return absent(r.epoch) && absent(r.grant_hash) && r.grant_until == 0;
}

static bool grant_sound(const Record& r) noexcept {
  return !absent(r.epoch) && absent(r.grant_hash) == (r.grant_until == 0);
}

static bool enrollment_sound(const Record& r) noexcept {
  if (!factor_absent(r) || absent(r.pending) || absent(r.enrollment_id) || r.deadline == 0) return false;
  if (r.before == State::off) return grant_absent(r);
  return r.before == State::replacing && grant_sound(r);
}

bool valid(const Record& r) noexcept {
  if (!in_range(r)) return false;
  switch (r.state) {
    case State::off:
      return factor_absent(r) && enrollment_absent(r) && grant_absent(r);
    case State::enrolling:
      return enrollment_sound(r);
    case State::on:
      return factor_complete(r) && recovery_absent(r);
    case State::recovering:
      return factor_complete(r) && !absent(r.link_hash) && !absent(r.asker_hash) && r.deadline != 0;
    case State::replacing:
      return factor_absent(r) && enrollment_absent(r) && grant_sound(r);
  }
  return false;
}

}  // namespace twinlock
