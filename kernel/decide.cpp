// SPDX-License-Identifier: Apache-2.0
#include "kernel/decide.hpp"

#include "kernel/clock.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"

namespace twinlock {

Outcome refused(const Record& r, Verdict verdict, Seconds retry_at) noexcept {
  Outcome o;
  o.verdict = verdict;
  o.notice = Notice::none;
  o.write = false;
  o.clock_went_back = false;
  o.retry_at = retry_at;
  o.step = 0;
  o.record = r;
  return o;
}

static Outcome accepted(const Record& next, Notice notice, Step step) noexcept {
  Outcome o = refused(next, Verdict::accepted, 0);
  o.notice = notice;
  o.write = true;
  o.step = step;
  return o;
}

// A wrong code of the active secret: charged, whoever sent it.
static Outcome charged_code(const Record& at, Lane lane, Seconds now_s) noexcept {
  Outcome o = refused(at, Verdict::rejected, 0);
  o.write = true;
  charge_code(o.record.throttle, lane, now_s);
  const std::uint32_t failures = consecutive_failures(o.record.throttle);
  if (failures == notice_failures) o.notice = Notice::ten_failures;
  if (failures == lock_failures) o.notice = Notice::locked;
  return o;
}

static Outcome charged_recovery(const Record& at, Seconds now_s) noexcept {
  Outcome o = refused(at, Verdict::rejected, 0);
  o.write = true;
  charge_recovery(o.record.throttle, now_s);
  return o;
}

// Everything of the factor is gone; what stays is the account's policy and its last-seen time.
static Record off_record(const Record& at) noexcept {
  Record n = new_record();
  n.policy = at.policy;
  n.seen = at.seen;
  return n;
}

static Record replacing_record(const Record& at, const Situation& s) noexcept {
  Record n = off_record(at);
  n.state = State::replacing;
  n.epoch = s.fresh.epoch;
  n.grant_hash = digest(Purpose::grant, s.account, s.fresh.epoch, s.fresh.grant);
  n.grant_until = at.seen + grant_s_max;
  return n;
}

static Record enrolling_record(const Record& at, const Fresh& fresh) noexcept {
  Record n = at;
  if (at.state != State::enrolling) n.before = at.state;
  n.state = State::enrolling;
  n.pending = fresh.secret;
  n.enrollment_id = fresh.enrollment_id;
  n.enrollment_failures = 0;
  n.deadline = at.seen + enrollment_s_max;
  return n;
}

static Record enrolled_record(const Record& at, Step step, const Situation& s) noexcept {
  Record n = off_record(at);
  n.state = State::on;
  n.secret = at.pending;
  n.enrollment_id = at.enrollment_id;
  n.epoch = s.fresh.epoch;
  n.recovery_hash = digest(Purpose::recovery_code, s.account, at.enrollment_id, s.fresh.recovery_code);
  n.last_step = step;
  n.enrolled_at = at.seen;
  n.last_used_at = at.seen;
  return n;
}

// Inside the window and above the last step; the upper bound first, so that no sum can overflow.
static bool good_step(const CodeMatch& code, Step last, Step now_step) noexcept {
  return code.match && code.step > last && code.step <= now_step + skew_steps_max &&
         now_step <= code.step + skew_steps_max;
}

static Outcome begin(const Record& at, const Evidence& evidence, const Fresh& fresh) noexcept {
  const bool replaces =
      at.state == State::replacing || (at.state == State::enrolling && at.before == State::replacing);
  if (replaces && !evidence.grant) return refused(at, Verdict::wrong_holder, 0);
  return accepted(enrolling_record(at, fresh), Notice::none, 0);
}

static Outcome confirm(const Record& at, const Evidence& evidence, const Situation& s) noexcept {
  if (!evidence.enrollment_id) return refused(at, Verdict::wrong_holder, 0);
  if (good_step(evidence.code, 0, s.clock.step))
    return accepted(enrolled_record(at, evidence.code.step, s), Notice::enabled, evidence.code.step);
  Outcome o = refused(at, Verdict::rejected, 0);
  o.write = true;
  if (at.enrollment_failures + 1U >= enrollment_failures_limit) {
    end_enrollment(o.record);
  } else {
    o.record.enrollment_failures = static_cast<std::uint8_t>(at.enrollment_failures + 1U);
  }
  return o;
}

static Outcome cancel(const Record& at, const Evidence& evidence) noexcept {
  if (!evidence.enrollment_id) return refused(at, Verdict::wrong_holder, 0);
  Outcome o = accepted(at, Notice::none, 0);
  end_enrollment(o.record);
  return o;
}

// verify, disable and renew_recovery_code: the three events that a code of the active secret proves.
static Outcome by_code(const Record& at, const Event& e, const Evidence& evidence,
                       const Situation& s) noexcept {
  if (!good_step(evidence.code, at.last_step, s.clock.step)) return charged_code(at, e.lane, s.clock.now);
  const Step step = evidence.code.step;
  if (e.kind == Kind::disable) return accepted(off_record(at), Notice::disabled, step);
  Outcome o = accepted(at, Notice::none, step);
  o.record.last_step = step;
  o.record.last_used_at = s.clock.now;
  clear_failures(o.record.throttle);
  if (e.kind == Kind::renew_recovery_code) {
    o.record.recovery_hash =
        digest(Purpose::recovery_code, s.account, at.enrollment_id, s.fresh.recovery_code);
    o.notice = Notice::recovery_code_renewed;
  } else if (at.state == State::recovering) {
    end_recovery(o.record);
    o.notice = Notice::recovery_cancelled;
  }
  return o;
}

static Outcome revoke(const Record& at, const Event& e, const Evidence& evidence,
                      const Fresh& fresh) noexcept {
  if (!e.by_operator && !evidence.epoch) return refused(at, Verdict::wrong_holder, 0);
  Outcome o = accepted(at, Notice::none, 0);
  o.record.epoch = fresh.epoch;
  return o;
}

static Outcome ask_recovery(const Record& at, const Event& e, const Evidence& evidence,
                            const Situation& s) noexcept {
  if (!evidence.recovery_code) return charged_recovery(at, s.clock.now);
  if (!e.mailable) return refused(at, Verdict::undeliverable, 0);
  Outcome o = accepted(at, Notice::recovery_asked, 0);
  o.record.state = State::recovering;
  o.record.deadline = s.clock.now + recovery_s_max;
  o.record.link_hash = digest(Purpose::link, s.account, at.enrollment_id, s.fresh.link);
  o.record.asker_hash = digest(Purpose::asker, s.account, at.enrollment_id, s.fresh.asker);
  charge_link(o.record.throttle, s.clock.now);
  return o;
}

static Outcome confirm_recovery(const Record& at, const Event& e, const Evidence& evidence,
                                const Situation& s) noexcept {
  if (!evidence.link) return refused(at, Verdict::wrong_holder, 0);
  if (!evidence.asker) {
    const Seconds free_at = recovery_free_at(at.throttle, s.clock.now);
    if (free_at > s.clock.now) return refused(at, Verdict::waiting, free_at);
    if (!e.has_recovery_code) return refused(at, Verdict::proof_needed, 0);
    if (!evidence.recovery_code) return charged_recovery(at, s.clock.now);
  }
  if (second_factor_required(at.policy, s.rules) || s.rules.replace_after_recovery)
    return accepted(replacing_record(at, s), Notice::recovery_confirmed, 0);
  return accepted(off_record(at), Notice::recovery_confirmed, 0);
}

static Outcome by_operator(const Record& at, const Event& e, const Situation& s) noexcept {
  if (e.kind == Kind::operator_reset) {
    if (e.replace || second_factor_required(at.policy, s.rules))
      return accepted(replacing_record(at, s), Notice::reset, 0);
    return accepted(off_record(at), Notice::reset, 0);
  }
  Outcome o = accepted(at, Notice::none, 0);
  if (e.kind == Kind::operator_unlock) {
    clear_failures(o.record.throttle);
    o.record.throttle.unlock_credit = static_cast<std::uint8_t>(unlock_credit_max);
  }
  if (e.kind == Kind::set_policy) o.record.policy = e.policy;
  return o;
}

Outcome decide(const Record& at, const Event& e, const Evidence& evidence, const Situation& s) noexcept {
  REQUIRE(s.clock.step >= 1 && s.clock.step < step_limit);  // the rest: admit() requires it
  const Admission a = admit(at, e, s.clock.now, s.rules);
  if (a.verdict != Verdict::accepted) return refused(at, a.verdict, a.retry_at);
  switch (need(e.kind, at.state)) {
    case Need::host:
    case Need::restart:
    case Need::grant:
      return begin(at, evidence, s.fresh);
    case Need::pending:
      return confirm(at, evidence, s);
    case Need::id:
      return cancel(at, evidence);
    case Need::code:
      return by_code(at, e, evidence, s);
    case Need::pass:
      return revoke(at, e, evidence, s.fresh);
    case Need::recovery:
      return ask_recovery(at, e, evidence, s);
    case Need::link:
      return confirm_recovery(at, e, evidence, s);
    case Need::authority:
      return by_operator(at, e, s);
    default:  // refused, which admit() said before
      return refused(at, Verdict::wrong_state, 0);
  }
}

}  // namespace twinlock
