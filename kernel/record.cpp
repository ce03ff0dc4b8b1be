// SPDX-License-Identifier: Apache-2.0
#include "kernel/record.hpp"

#include "kernel/bytes.hpp"

namespace twinlock {

Record new_record() noexcept {
  Record r{};
  return r;
}

// `until` is free, or lies after the last-seen time, by at most `length`: what has passed is 0.
static bool within(Seconds until, const Record& r, Seconds length) noexcept {
  return until == 0 || (until > r.seen && until <= r.seen + length);
}

// A moment that a clock can have said; 0: none.
static bool moment(Seconds at) noexcept { return at == 0 || (at >= clock_s_min && at < clock_s_limit); }

// A lane waits only after the failures that cost a wait.
static bool wait_in_range(const Record& r, std::uint32_t lane) noexcept {
  const Seconds until = r.throttle.wait_until[lane];
  return within(until, r, backoff_s_max) && (until == 0 || r.throttle.failures[lane] > free_failures_max);
}

static bool throttle_in_range(const Record& r) noexcept {
  const Throttle& t = r.throttle;
  const std::uint32_t failures = static_cast<std::uint32_t>(t.failures[0]) +
                                 static_cast<std::uint32_t>(t.failures[1]) +
                                 static_cast<std::uint32_t>(t.ticket_failures);
  if (failures > lock_failures || !wait_in_range(r, 0) || !wait_in_range(r, 1)) return false;
  if (!within(t.budget_until, r, budget_s_full) || !within(t.recovery_until, r, recovery_budget_s_full) ||
      !within(t.begin_until, r, begin_budget_s_full))
    return false;
  for (std::size_t i = 0; i < links_count; ++i)
    if (!within(t.link_until[i], r, link_s_window)) return false;
  return t.link_until[0] <= t.link_until[1] && t.link_until[1] <= t.link_until[2];
}

// Nothing is charged to a factor; begun enrollments may be. A lane without failures does not wait.
static bool throttle_untouched(const Throttle& t) noexcept {
  return t.failures[0] == 0 && t.failures[1] == 0 && t.ticket_failures == 0 && t.budget_until == 0 &&
         t.recovery_until == 0 && t.link_until[2] == 0;
}

static bool policy_in_range(const Record& r) noexcept {
  if (static_cast<std::uint8_t>(r.policy) >= policies_count ||
      static_cast<std::uint8_t>(r.host_word) >= host_words_count || r.policy_from >= clock_s_limit)
    return false;
  return r.policy_from == 0 || r.policy == Policy::required;
}

static bool times_in_range(const Record& r) noexcept {
  if (!moment(r.seen) || !moment(r.enrolled_at) || !moment(r.last_used_at) || !moment(r.recovery_drawn_at) ||
      !moment(r.recovery_saved_at))
    return false;
  return r.last_step <= step_limit && within(r.voucher_until, r, grant_s_max) &&
         within(r.deadline, r, enrollment_s_max) && throttle_in_range(r);
}

static bool in_range(const Record& r) noexcept {
  return r.enrollment_failures < enrollment_failures_limit && policy_in_range(r) && times_in_range(r);
}

// 16 to 64 bytes, zeros after, not zeros alone.
static bool secret_sound(const Record& r) noexcept {
  if (r.secret_length < totp_key_bytes_min || r.secret_length > totp_key_bytes_max || absent(r.secret))
    return false;
  return zero_after(r.secret, r.secret_length);
}

// The recovery code, if there is one, was drawn, which takes a code; it may have been confirmed as saved.
static bool recovery_code_sound(const Record& r) noexcept {
  if (r.recovery_drawn_at == 0) return absent(r.recovery_hash) && r.recovery_saved_at == 0;
  return !absent(r.recovery_hash) && r.last_used_at != 0;
}

// A ticket's used codes stand among its failures: an accepted one would have ended the ticket.
static bool ticket_sound(const Record& r) noexcept {
  if (r.ticket_codes > ticket_codes_max) return false;
  const std::uint32_t used = ticket_codes_max - r.ticket_codes;
  if (r.ticket_codes > 0 && r.throttle.ticket_failures < used) return false;
  return absent(r.voucher_hash) == (r.ticket_codes == 0) && (r.voucher_until == 0) == (r.ticket_codes == 0);
}

// The parts of a factor that is active: all there in on and recovering, none elsewhere.
static bool factor_complete(const Record& r) noexcept {
  return r.seen != 0 && secret_sound(r) && absent(r.pending) && !absent(r.enrollment_id) &&
         !absent(r.epoch) && recovery_code_sound(r) && ticket_sound(r) && r.last_step != 0 &&
         r.enrolled_at != 0 && r.enrollment_failures == 0 && r.before == State::off &&
         r.throttle.begin_until == 0;
}

static bool factor_absent(const Record& r) noexcept {
  return absent(r.secret) && r.secret_length == 0 && absent(r.recovery_hash) && absent(r.link_hash) &&
         absent(r.asker_hash) && r.last_step == 0 && r.enrolled_at == 0 && r.last_used_at == 0 &&
         r.recovery_drawn_at == 0 && r.recovery_saved_at == 0 && r.ticket_codes == 0 &&
         throttle_untouched(r.throttle);
}

static bool enrollment_absent(const Record& r) noexcept {
  return absent(r.pending) && absent(r.enrollment_id) && r.deadline == 0 && r.enrollment_failures == 0 &&
         r.before == State::off;
}

static bool recovery_absent(const Record& r) noexcept {
  return absent(r.link_hash) && absent(r.asker_hash) && r.deadline == 0;
}

static bool grant_absent(const Record& r) noexcept {
  return absent(r.epoch) && absent(r.voucher_hash) && r.voucher_until == 0;
}

static bool grant_sound(const Record& r) noexcept {
  return r.seen != 0 && !absent(r.epoch) && absent(r.voucher_hash) == (r.voucher_until == 0);
}

static bool enrollment_sound(const Record& r) noexcept {
  if (r.seen == 0 || !factor_absent(r) || absent(r.pending) || absent(r.enrollment_id) || r.deadline == 0)
    return false;
  if (r.before == State::off) return grant_absent(r);
  return r.before == State::replacing && grant_sound(r);
}

// Nothing has happened yet where nothing was seen.
static bool off_sound(const Record& r) noexcept {
  const bool untouched =
      r.policy == Policy::inherit && r.host_word == HostWord::unsaid && r.throttle.begin_until == 0;
  return factor_absent(r) && enrollment_absent(r) && grant_absent(r) && (r.seen != 0 || untouched);
}

// Every field by itself takes just the values that events leave in its state. Between two fields more is
// asked only where a decision rests on it. So a few records are valid that no history leaves: a lane that
// waits longer than its count of failures gives, a recovery without a link of the last hour, a live
// enrollment that its budget does not show, a grant that outlives its enrollment's ten minutes by more than
// it can. Each is decided as safely as the others, and costs its holder time at most.
bool valid(const Record& r) noexcept {
  if (!in_range(r)) return false;
  switch (r.state) {
    case State::off:
      return off_sound(r);
    case State::enrolling:
      return enrollment_sound(r);
    case State::on:
      return factor_complete(r) && recovery_absent(r);
    case State::recovering:
      return factor_complete(r) && !absent(r.recovery_hash) && !absent(r.link_hash) &&
             !absent(r.asker_hash) && r.deadline != 0;
    case State::replacing:
      return factor_absent(r) && enrollment_absent(r) && grant_sound(r);
  }
  return false;
}

}  // namespace twinlock
