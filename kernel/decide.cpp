// SPDX-License-Identifier: Apache-2.0
#include "kernel/decide.hpp"

#include "kernel/clock.hpp"
#include "kernel/next_record.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"

namespace twinlock {

Outcome unchanged(const Record& r, Verdict verdict) noexcept {
  Outcome o;
  o.verdict = verdict;
  o.notice = Notice::none;
  o.write = false;
  o.clock_went_back = false;
  o.by_ticket = false;
  o.decided_at = r.seen;
  o.retry_at = 0;
  o.step = 0;
  o.record = r;
  return o;
}

static Outcome waiting(const Record& at, Seconds retry_at) noexcept {
  Outcome o = unchanged(at, Verdict::waiting);
  o.retry_at = retry_at;
  return o;
}

// A refusal that leaves a charge in the record; the caller adds it.
static Outcome charged(const Record& at) noexcept {
  Outcome o = unchanged(at, Verdict::rejected);
  o.write = true;
  return o;
}

static Outcome accepted(const Record& next, Notice notice, Step step) noexcept {
  Outcome o = unchanged(next, Verdict::accepted);
  o.notice = notice;
  o.write = true;
  o.step = step;
  return o;
}

// A wrong code of the active secret: charged, whoever sent it, to the ticket if it came with a live one.
static Outcome charged_code(const Record& at, const Event& e, const Evidence& evidence) noexcept {
  Outcome o = charged(at);
  o.by_ticket = by_ticket(at, e, evidence);
  if (o.by_ticket) {
    charge_ticket(o.record.throttle);
    o.record.ticket_codes = static_cast<std::uint8_t>(at.ticket_codes - 1U);
    if (o.record.ticket_codes == 0) end_voucher(o.record);
  } else {
    charge_code(o.record.throttle, e.lane, at.seen);
  }
  const std::uint32_t failures = consecutive_failures(o.record.throttle);
  if (failures == notice_failures) o.notice = Notice::ten_failures;
  if (failures == lock_failures) o.notice = Notice::locked;
  return o;
}

// A wrong recovery code. Beyond its budget it gets the same answer, and nothing is written.
static Outcome charged_recovery(const Record& at) noexcept {
  Outcome o = charged(at);
  o.write = charge_recovery(o.record.throttle, at.seen);
  return o;
}

// The host's word goes into the record where the host speaks for somebody who has just proved to be the
// person, or begins to enroll.
static void adopt(Record& n, const Event& e) noexcept {
  if (e.host_word != HostWord::unsaid) n.host_word = e.host_word;
}

// Inside the window and above the last step; the upper bound first, so that no sum can overflow.
static bool good_step(const CodeMatch& code, Step last, Step now_step) noexcept {
  return code.match && code.step > last && code.step <= now_step + skew_steps_max &&
         now_step <= code.step + skew_steps_max;
}

static Outcome begin(const Record& at, const Event& e, const Evidence& evidence,
                     const Fresh& fresh) noexcept {
  if (at.state == State::enrolling && evidence.enrollment_id)
    return unchanged(at, Verdict::accepted);  // the same secret is shown again
  const bool replaces = at.state == State::replacing || at.before == State::replacing;
  if (replaces && !evidence.grant) return unchanged(at, Verdict::wrong_holder);
  const Seconds free_at = begin_free_at(at.throttle, at.seen);
  if (free_at > at.seen) return waiting(at, free_at);
  Outcome o = accepted(enrolling_record(at, fresh), Notice::none, 0);
  adopt(o.record, e);
  return o;
}

static Outcome confirm(const Record& at, const Event& e, const Evidence& evidence,
                       const Situation& s) noexcept {
  if (good_step(evidence.code, 0, s.clock.step)) {
    const Step step = evidence.code.step;
    Outcome o = accepted(on_record(at, totp_key(at.pending), secret_bytes, step, at.enrollment_id, s.fresh),
                         Notice::enabled, step);
    draw_recovery_code(o.record, s);
    o.record.last_used_at = at.seen;
    adopt(o.record, e);
    return o;
  }
  Outcome o = charged(at);
  if (at.enrollment_failures + 1U >= enrollment_failures_limit) {
    end_enrollment(o.record);
  } else {
    o.record.enrollment_failures = static_cast<std::uint8_t>(at.enrollment_failures + 1U);
  }
  return o;
}

static Outcome cancel(const Record& at, const Evidence& evidence) noexcept {
  if (!evidence.enrollment_id) return unchanged(at, Verdict::wrong_holder);
  Outcome o = accepted(at, Notice::none, 0);
  end_enrollment(o.record);
  return o;
}

// verify, disable and renew_recovery_code: the three events that a code of the active secret proves.
static Outcome by_code(const Record& at, const Event& e, const Evidence& evidence,
                       const Situation& s) noexcept {
  if (!good_step(evidence.code, at.last_step, s.clock.step)) return charged_code(at, e, evidence);
  const Step step = evidence.code.step;
  Outcome o = accepted(e.kind == Kind::disable ? off_record(at) : at, Notice::none, step);
  adopt(o.record, e);
  if (e.kind == Kind::disable) {
    o.notice = Notice::disabled;
    return o;
  }
  o.by_ticket = by_ticket(at, e, evidence);
  o.record.last_step = step;
  o.record.last_used_at = at.seen;
  clear_failures(o.record.throttle);
  end_voucher(o.record);
  if (e.kind == Kind::renew_recovery_code) {
    draw_recovery_code(o.record, s);
    o.notice = Notice::recovery_code_renewed;
  } else if (at.state == State::recovering) {
    end_recovery(o.record);
    o.notice = Notice::recovery_cancelled;
  }
  return o;
}

static Outcome revoke(const Record& at, const Event& e, const Evidence& evidence,
                      const Fresh& fresh) noexcept {
  if (!e.by_operator && !evidence.epoch) return unchanged(at, Verdict::wrong_holder);
  Outcome o = accepted(at, Notice::none, 0);
  o.record.epoch = fresh.epoch;
  return o;
}

// request_recovery and confirm_saved: the two events that the recovery code alone proves.
static Outcome by_recovery_code(const Record& at, const Event& e, const Evidence& evidence,
                                const Situation& s) noexcept {
  if (!evidence.recovery_code) return charged_recovery(at);
  if (e.kind == Kind::confirm_saved) {
    Outcome o = accepted(at, Notice::none, 0);
    o.record.recovery_saved_at = at.seen;
    return o;
  }
  if (!e.mailable) return unchanged(at, Verdict::undeliverable);
  const Seconds free_at = link_free_at(at.throttle);
  if (free_at > at.seen) return waiting(at, free_at);
  Outcome o = accepted(at, Notice::recovery_asked, 0);
  o.record.state = State::recovering;
  o.record.deadline = at.seen + recovery_s_max;
  o.record.link_hash = digest(Purpose::link, s.account, at.enrollment_id, s.fresh.link);
  o.record.asker_hash = digest(Purpose::asker, s.account, at.enrollment_id, s.fresh.asker);
  charge_link(o.record.throttle, at.seen);
  return o;
}

static Outcome lost(const Record& at, bool replaces, Notice notice, const Situation& s) noexcept {
  return accepted(replaces ? replacing_record(at, s) : off_record(at), notice, 0);
}

static Outcome confirm_recovery(const Record& at, const Event& e, const Evidence& evidence,
                                const Situation& s) noexcept {
  if (!evidence.link) return unchanged(at, Verdict::wrong_holder);
  if (!evidence.asker) {
    if (!e.has_recovery_code) return unchanged(at, Verdict::proof_needed);
    if (!evidence.recovery_code) return charged_recovery(at);
  }
  const bool required = second_factor_required(at, e.host_word, s.rules);
  return lost(at, required || s.rules.replace_after_recovery, Notice::recovery_confirmed, s);
}

// The ticket changes nothing for whoever does not hold it, so that a thief of the password cannot use it up.
static Outcome issue_ticket(const Record& at, const Situation& s) noexcept {
  Outcome o = accepted(at, Notice::ticket_issued, 0);
  o.record.ticket_codes = ticket_codes_max;
  o.record.voucher_hash = digest(Purpose::ticket, s.account, at.enrollment_id, s.fresh.ticket);
  o.record.voucher_until = at.seen + ticket_s_max;
  return o;
}

// A record from a backup: every code that may have been used since, every pass, grant, link and ticket is
// dead; no charge and no wait is eased.
static Outcome restored(const Record& at, const Situation& s) noexcept {
  Outcome o = accepted(at, Notice::none, 0);
  Record& n = o.record;
  if (n.state == State::enrolling) end_enrollment(n);
  if (n.state == State::recovering) end_recovery(n);
  end_voucher(n);
  if (n.state != State::off) n.epoch = s.fresh.epoch;
  if (n.state == State::on && n.last_step < s.clock.step + skew_steps_max)
    n.last_step = s.clock.step + skew_steps_max;
  return o;
}

static Outcome set_policy(const Record& at, const Event& e) noexcept {
  Outcome o = accepted(at, Notice::none, 0);
  o.record.policy = e.policy;
  o.record.policy_from = e.policy_from;
  o.record.host_word = HostWord::unsaid;  // the operator's word is newer
  return o;
}

static Outcome by_operator(const Record& at, const Event& e, const Situation& s) noexcept {
  switch (e.kind) {
    case Kind::operator_reset:
      return lost(at, e.replace || second_factor_required(at, e.host_word, s.rules), Notice::reset, s);
    case Kind::operator_unlock:
      return issue_ticket(at, s);
    case Kind::operator_import:  // the codes up to the next step may have been used elsewhere
      return accepted(
          on_record(at, e.key, e.key_length, s.clock.step + skew_steps_max, s.fresh.enrollment_id, s.fresh),
          Notice::imported, 0);
    case Kind::operator_restored:
      return restored(at, s);
    default:  // set_policy: the table has no other
      return set_policy(at, e);
  }
}

Outcome decide(const Record& at, const Event& e, const Evidence& evidence, const Situation& s) noexcept {
  REQUIRE(s.clock.step >= 1 && s.clock.step < step_limit);  // the rest: admit() requires it
  const Verdict verdict = admit(at, e, s.rules);
  if (verdict != Verdict::accepted) return unchanged(at, verdict);
  const Need what = need(e.kind, at.state);
  if (what == Need::pending || what == Need::code) {
    const Admission a = admit_code(at, e, evidence);
    if (a.verdict == Verdict::waiting) return waiting(at, a.retry_at);
    if (a.verdict != Verdict::accepted) return unchanged(at, a.verdict);
  }
  switch (what) {
    case Need::host:
    case Need::restart:
    case Need::grant:
      return begin(at, e, evidence, s.fresh);
    case Need::pending:
      return confirm(at, e, evidence, s);
    case Need::id:
      return cancel(at, evidence);
    case Need::code:
      return by_code(at, e, evidence, s);
    case Need::pass:
      return revoke(at, e, evidence, s.fresh);
    case Need::recovery:
      return by_recovery_code(at, e, evidence, s);
    case Need::link:
      return confirm_recovery(at, e, evidence, s);
    case Need::authority:
      return by_operator(at, e, s);
    default:  // refused, which admit() said before
      return unchanged(at, Verdict::wrong_state);
  }
}

}  // namespace twinlock
