// SPDX-License-Identifier: Apache-2.0
#include "kernel/clock.hpp"

#include "kernel/require.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

bool sane(const Clock& clock) noexcept {
  if (clock.now < clock_s_min || clock.now >= clock_s_limit || clock.step >= step_limit) return false;
  return clock.step * step_s <= clock.now && clock.now - clock.step * step_s < step_s;
}

Seconds remaining(Seconds until, Seconds at) noexcept {
  if (until <= at) return 0;
  return until - at;
}

// The deadline after the move from `at`, the later of the old time and the new, to now_s.
static Seconds moved(Seconds until, Seconds at, Seconds now_s) noexcept {
  const Seconds left = remaining(until, at);
  if (left == 0) return 0;
  return now_s + left;
}

Seconds decision_time(const Record& r, Seconds now_s) noexcept {
  return remaining(r.seen, now_s) <= clock_skew_s_max && now_s < r.seen ? r.seen : now_s;
}

Record advance(const Record& r, Seconds now_s) noexcept {
  REQUIRE(valid(r));
  REQUIRE(now_s >= clock_s_min && now_s < clock_s_limit);
  const Seconds at = now_s < r.seen ? r.seen : now_s;
  Record n = r;
  n.seen = now_s;
  n.throttle.wait_until[0] = moved(r.throttle.wait_until[0], at, now_s);
  n.throttle.wait_until[1] = moved(r.throttle.wait_until[1], at, now_s);
  n.throttle.budget_until = moved(r.throttle.budget_until, at, now_s);
  n.throttle.recovery_until = moved(r.throttle.recovery_until, at, now_s);
  n.throttle.begin_until = moved(r.throttle.begin_until, at, now_s);
  for (std::size_t i = 0; i < links_count; ++i)
    n.throttle.link_until[i] = moved(r.throttle.link_until[i], at, now_s);
  n.deadline = moved(r.deadline, at, now_s);
  n.voucher_until = moved(r.voucher_until, at, now_s);
  if (n.voucher_until == 0) end_voucher(n);
  if (n.state == State::enrolling && n.deadline == 0) end_enrollment(n);
  if (n.state == State::recovering && n.deadline == 0) end_recovery(n);
  return n;
}

void end_voucher(Record& r) noexcept {
  r.voucher_until = 0;
  r.ticket_codes = 0;
  wipe(r.voucher_hash);
}

void end_enrollment(Record& r) noexcept {
  REQUIRE(r.state == State::enrolling);
  r.state = r.before;
  r.before = State::off;
  r.enrollment_failures = 0;
  r.deadline = 0;
  wipe(r.pending);
  wipe(r.enrollment_id);
}

void end_recovery(Record& r) noexcept {
  REQUIRE(r.state == State::recovering);
  r.state = State::on;
  r.deadline = 0;
  wipe(r.link_hash);
  wipe(r.asker_hash);
}

}  // namespace twinlock
