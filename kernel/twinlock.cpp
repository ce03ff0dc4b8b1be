// SPDX-License-Identifier: Apache-2.0
#include "kernel/twinlock.hpp"

#include "kernel/bytes.hpp"
#include "kernel/clock.hpp"
#include "kernel/decide.hpp"
#include "kernel/throttle.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

// A source of randomness that gave nothing must not become a secret of zeros.
static bool usable(const Fresh& f) noexcept {
  return !absent(f.secret) && !absent(f.enrollment_id) && !absent(f.epoch) && !absent(f.recovery_code) &&
         !absent(f.link) && !absent(f.asker) && !absent(f.grant);
}

// Overwrites the stack that the call before it used, with what SHA-1 and SHA-256 left there (K11).
[[gnu::noinline]] static void scrub_stack() noexcept {
  std::uint8_t area[stack_bytes_max];
  wipe_bytes(area, stack_bytes_max);
}

// One event on a record that advance() has brought to the clock: admitted, evaluated, decided.
static Outcome handle_settled(const Record& at, const Event& e, const Situation& s) noexcept {
  Evidence evidence{};
  if (admit(at, e, s.clock.now, s.rules).verdict == Verdict::accepted)
    evidence = gather(at, e, s.clock.step, s.rules, s.account);
  return decide(at, e, evidence, s);
}

[[gnu::noinline]] static Outcome handle_unscrubbed(const Record& r, const Event& e,
                                                   const Situation& s) noexcept {
  if (!sane(s.clock)) return refused(r, Verdict::bad_clock, 0);
  if (!valid(r)) return refused(r, Verdict::bad_record, 0);
  if (!usable(s.fresh)) return refused(r, Verdict::malformed, 0);
  Outcome o = handle_settled(advance(r, s.clock.now), e, s);
  o.clock_went_back = s.clock.now < r.seen;
  if (o.clock_went_back) o.write = true;  // the rebased deadlines are kept even by a refusal (K10)
  if (!o.write) o.record = r;
  return o;
}

Outcome handle(const Record& r, const Event& e, const Situation& s) noexcept {
  const Outcome o = handle_unscrubbed(r, e, s);
  scrub_stack();
  return o;
}

View view(const Record& r, const Clock& clock, const Rules& rules) noexcept {
  View v{};
  v.sound = sane(clock) && valid(r);
  if (!v.sound) return v;
  const Record at = advance(r, clock.now);
  v.state = at.state;
  v.code_required = at.state == State::on || at.state == State::recovering;
  v.second_factor_required = second_factor_required(at.policy, rules);
  const bool never_enrolled =
      at.state == State::off || (at.state == State::enrolling && at.before == State::off);
  v.passes_without = never_enrolled && !v.second_factor_required;
  v.locked = is_locked(at.throttle);
  v.retry_after_s[0] = remaining(code_free_at(at.throttle, Lane::known, clock.now), clock.now);
  v.retry_after_s[1] = remaining(code_free_at(at.throttle, Lane::other, clock.now), clock.now);
  v.failures = consecutive_failures(at.throttle);
  v.enrolled_at = at.enrolled_at;
  v.last_used_at = at.last_used_at;
  v.deadline = at.deadline;
  v.grant_until = at.grant_until;
  return v;
}

}  // namespace twinlock
