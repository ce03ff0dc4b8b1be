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
         !absent(f.link) && !absent(f.asker) && !absent(f.grant) && !absent(f.ticket);
}

// One event on a record that advance() has brought to the time of the decision: admitted, compared, decided.
static Outcome handle_settled(const Record& at, const Event& e, const Situation& s) noexcept {
  Evidence evidence{};
  if (admit(at, e, s.rules) == Verdict::accepted) {
    evidence = gather_tokens(at, e, s.account);
    if (admit_code(at, e, evidence).verdict == Verdict::accepted)
      evidence.code = gather_code(at, e, s.clock.step, s.rules.strict);
  }
  return decide(at, e, evidence, s);
}

// A refusal by an unsound clock, record or random source; accepted: all are sound.
static Verdict soundness(const Record& r, const Situation& s) noexcept {
  if (!sane(s.clock)) return Verdict::bad_clock;
  if (!valid(r)) return Verdict::bad_record;
  if (!usable(s.fresh)) return Verdict::bad_entropy;
  return Verdict::accepted;
}

[[gnu::noinline]] static Outcome handle_unscrubbed(const Record& r, const Event& e,
                                                   const Situation& s) noexcept {
  const Verdict verdict = soundness(r, s);
  if (verdict != Verdict::accepted) {
    Outcome o = unchanged(r, verdict);
    o.decided_at = 0;
    return o;
  }
  const Seconds now_s = decision_time(r, s.clock.now);
  Outcome o = handle_settled(advance(r, now_s), e, s);
  o.clock_went_back = now_s < r.seen;
  if (o.clock_went_back) o.write = true;  // the rebased deadlines are kept even by a refusal (K10)
  if (!o.write) o.record = r;
  return o;
}

Outcome handle(const Record& r, const Event& e, const Situation& s) noexcept {
  const Outcome o = handle_unscrubbed(r, e, s);
  scrub_stack();
  return o;
}

[[gnu::noinline]] static View view_unscrubbed(const Record& r, const Clock& clock, HostWord host_word,
                                              const Rules& rules) noexcept {
  View v{};
  v.sound = sane(clock) && valid(r);
  if (!v.sound) return v;
  const Record at = advance(r, decision_time(r, clock.now));
  v.state = at.state;
  v.code_required = at.state == State::on || at.state == State::recovering;
  v.second_factor_required = second_factor_required(at, host_word, rules);
  const bool never_enrolled =
      at.state == State::off || (at.state == State::enrolling && at.before == State::off);
  v.passes_without = never_enrolled && !v.second_factor_required;
  v.locked = is_locked(at.throttle);
  v.retry_after_s[0] = remaining(code_free_at(at.throttle, Lane::known, at.seen), at.seen);
  v.retry_after_s[1] = remaining(code_free_at(at.throttle, Lane::other, at.seen), at.seen);
  v.failures = consecutive_failures(at.throttle);
  v.enrolled_at = at.enrolled_at;
  v.last_used_at = at.last_used_at;
  v.recovery_drawn_at = at.recovery_drawn_at;
  v.recovery_saved_at = at.recovery_saved_at;
  v.deadline = at.deadline;
  if (v.code_required) v.ticket_until = at.voucher_until;
  if (!v.code_required) v.grant_until = at.voucher_until;
  return v;
}

View view(const Record& r, const Clock& clock, HostWord host_word, const Rules& rules) noexcept {
  const View v = view_unscrubbed(r, clock, host_word, rules);
  scrub_stack();
  return v;
}

}  // namespace twinlock
