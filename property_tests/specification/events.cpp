// SPDX-License-Identifier: Apache-2.0
// spec 2.2 and 2.6: what an event does to an account.
#include "property_tests/specification/specification.hpp"

namespace specification {

// spec 2.2: which event means something in which state.
static const bool meaningful[12][5] = {
    // off, enrolling, on, recovering, replacing
    {true, true, false, false, true},    // begin_enrollment
    {false, true, false, false, false},  // confirm_enrollment
    {false, true, false, false, false},  // cancel_enrollment
    {false, false, true, true, false},   // verify
    {false, false, true, true, false},   // disable
    {false, false, true, false, false},  // renew_recovery_code
    {false, false, true, true, false},   // revoke_passes
    {false, false, true, true, false},   // request_recovery
    {false, false, false, true, false},  // confirm_recovery
    {true, true, true, true, true},      // operator_reset
    {false, false, true, true, false},   // operator_unlock
    {true, true, true, true, true}       // set_policy
};

static bool needs_code(Kind k) noexcept {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// spec 2.2: a code of the active secret, or of the pending one.
static bool has_code(Kind k) noexcept { return needs_code(k) || k == Kind::confirm_enrollment; }

static bool factor_required(const Account& a, const Rules& rules) noexcept {
  if (a.policy == Policy::inherit) return rules.required;
  return a.policy == Policy::required;
}

// The enrollment, if there is one, is to replace a lost factor.
static bool replaces(const Account& a) noexcept {
  return a.state == State::replacing || a.before == State::replacing;
}

// Off: everything of the factor is erased. The policy is the account's, and stays.
static void erase_factor(Account& a) noexcept {
  a.state = State::off;
  a.before = State::off;
  a.wrong_confirmations = 0;
  a.credit = 0;
  for (std::uint32_t i = 0; i < 2; ++i) {
    a.failures[i] = 0;
    a.wait_left[i] = 0;
  }
  a.budget_used = 0;
  a.recovery_used = 0;
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = 0;
  a.life_left = 0;
  a.grant_left = 0;
  a.last_step = 0;
  a.enrolled_at = 0;
  a.last_used_at = 0;
  a.fields.secret = From::nothing;
  a.fields.pending = From::nothing;
  a.fields.enrollment_id = From::nothing;
  a.fields.epoch = From::nothing;
  a.fields.recovery_hash = From::nothing;
  a.fields.link_hash = From::nothing;
  a.fields.asker_hash = From::nothing;
  a.fields.grant_hash = From::nothing;
}

// After a loss: off, or replacing with a grant for 30 minutes.
static void lose_factor(Account& a, bool replacing) noexcept {
  erase_factor(a);
  if (!replacing) return;
  a.state = State::replacing;
  a.grant_left = 30 * minute;
  a.fields.epoch = From::drawn;
  a.fields.grant_hash = From::drawn;
}

// The asker secret makes the recovery code, and with it its budget, unneeded.
static bool asker_proves(const Event& e, const Says& says) noexcept { return e.has_asker && says.asker; }

// How many seconds the event has to wait; 0: none.
static Number wait_for(const Account& a, const Event& e, const Says& says) noexcept {
  if (needs_code(e.kind)) return wait_for_code(a, e.lane);
  if (e.kind == Kind::request_recovery) return larger(wait_for_recovery_code(a), a.link_left[0]);
  if (e.kind == Kind::confirm_recovery && !asker_proves(e, says)) return wait_for_recovery_code(a);
  return 0;
}

// The highest step above `last` whose code was presented; 0: none.
static Number step_of(const bool (&code)[3], Number now_step, Number last, const Rules& rules) noexcept {
  if (code[2] && !rules.strict && now_step + 1 > last) return now_step + 1;
  if (code[1] && now_step > last) return now_step;
  if (code[0] && !rules.strict && now_step - 1 > last) return now_step - 1;
  return 0;
}

static Number matched_step(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                           const Says& says) noexcept {
  if (needs_code(e.kind)) return step_of(says.code, clock.step, a.last_step, rules);
  if (e.kind == Kind::confirm_enrollment) return step_of(says.pending_code, clock.step, 0, rules);
  return 0;
}

static bool malformed(const Event& e) noexcept {
  if (static_cast<std::uint8_t>(e.kind) > 11 || static_cast<std::uint8_t>(e.lane) > 1) return true;
  if (e.kind == Kind::set_policy) return static_cast<std::uint8_t>(e.policy) > 2;
  return has_code(e.kind) && !e.six_digits;
}

static bool wrong_state(const Account& a, const Event& e) noexcept {
  return !meaningful[static_cast<std::uint8_t>(e.kind)][static_cast<std::uint8_t>(a.state)];
}

static bool wrong_holder(const Account& a, const Event& e, const Says& says) noexcept {
  switch (e.kind) {
    case Kind::begin_enrollment:
      return replaces(a) && !(says.grant && a.grant_left > 0);
    case Kind::confirm_enrollment:
    case Kind::cancel_enrollment:
      return !says.enrollment_id;
    case Kind::revoke_passes:
      return !says.epoch && !e.by_operator;
    case Kind::confirm_recovery:
      return !says.link;
    default:
      return false;
  }
}

// spec 2.4.3. Recovery works on a locked account.
static bool locked(const Account& a, const Event& e) noexcept {
  return failures_in_a_row(a) >= 100 && (needs_code(e.kind) || e.kind == Kind::operator_unlock);
}

static bool proof_needed(const Event& e, const Says& says) noexcept {
  return e.kind == Kind::confirm_recovery && !asker_proves(e, says) && !e.has_recovery_code;
}

static bool wrong_recovery_code(const Event& e, const Says& says) noexcept {
  if (says.recovery_code) return false;
  return e.kind == Kind::request_recovery || (e.kind == Kind::confirm_recovery && !asker_proves(e, says));
}

// The first that holds, in the order of the verdicts.
static Verdict verdict_on(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                          const Says& says) noexcept {
  if (malformed(e)) return Verdict::malformed;
  if (wrong_state(a, e)) return Verdict::wrong_state;
  if (e.kind == Kind::disable && factor_required(a, rules)) return Verdict::forbidden;
  if (wrong_holder(a, e, says)) return Verdict::wrong_holder;
  if (locked(a, e)) return Verdict::locked;
  if (wait_for(a, e, says) > 0) return Verdict::waiting;
  if (proof_needed(e, says)) return Verdict::proof_needed;
  if (wrong_recovery_code(e, says)) return Verdict::rejected;
  if (has_code(e.kind) && matched_step(a, e, clock, rules, says) == 0) return Verdict::rejected;
  if (e.kind == Kind::request_recovery && !e.mailable) return Verdict::undeliverable;
  return Verdict::accepted;
}

static void begin(Account& a) noexcept {
  if (replaces(a)) a.before = State::replacing;
  a.state = State::enrolling;
  a.wrong_confirmations = 0;
  a.life_left = 10 * minute;
  a.fields.pending = From::drawn;
  a.fields.enrollment_id = From::drawn;
}

static void turn_on(Account& a, Number step, Number now) noexcept {
  erase_factor(a);
  a.state = State::on;
  a.last_step = step;
  a.enrolled_at = now;
  a.last_used_at = now;
  a.fields.secret = From::pending;
  a.fields.enrollment_id = From::before;
  a.fields.epoch = From::drawn;
  a.fields.recovery_hash = From::drawn;
}

static void enter(Account& a, Number step, Number now) noexcept {
  clear_failures(a);
  a.last_step = step;
  a.last_used_at = now;
}

static void ask_recovery(Account& a) noexcept {
  a.state = State::recovering;
  a.life_left = 10 * minute;
  a.link_left[0] = a.link_left[1];
  a.link_left[1] = a.link_left[2];
  a.link_left[2] = hour;
  a.fields.link_hash = From::drawn;
  a.fields.asker_hash = From::drawn;
}

static Notice apply(Account& a, const Event& e, Number step, Number now, const Rules& rules) noexcept {
  const bool required = factor_required(a, rules);
  const bool was_recovering = a.state == State::recovering;
  switch (e.kind) {
    case Kind::begin_enrollment:
      begin(a);
      return Notice::none;
    case Kind::confirm_enrollment:
      turn_on(a, step, now);
      return Notice::enabled;
    case Kind::cancel_enrollment:
      end_enrollment(a);
      return Notice::none;
    case Kind::verify:
      enter(a, step, now);
      if (was_recovering) end_recovery(a);
      return was_recovering ? Notice::recovery_cancelled : Notice::none;
    case Kind::disable:
      erase_factor(a);
      return Notice::disabled;
    case Kind::renew_recovery_code:
      enter(a, step, now);
      a.fields.recovery_hash = From::drawn;
      return Notice::recovery_code_renewed;
    case Kind::revoke_passes:
      a.fields.epoch = From::drawn;
      return Notice::none;
    case Kind::request_recovery:
      ask_recovery(a);
      return Notice::recovery_asked;
    case Kind::confirm_recovery:
      lose_factor(a, required || rules.replace_after_recovery);
      return Notice::recovery_confirmed;
    case Kind::operator_reset:
      lose_factor(a, required || e.replace);
      return Notice::reset;
    case Kind::operator_unlock:
      clear_failures(a);
      a.credit = 5;
      return Notice::none;
    case Kind::set_policy:
      a.policy = e.policy;
      return Notice::none;
  }
  return Notice::none;
}

// What a wrong code, or a wrong recovery code, costs.
static Notice charge(Account& a, const Event& e) noexcept {
  if (needs_code(e.kind)) return charge_code(a, e.lane);
  if (e.kind == Kind::confirm_enrollment) {
    a.wrong_confirmations = a.wrong_confirmations + 1;
    if (a.wrong_confirmations == 10) end_enrollment(a);
  } else {
    a.recovery_used = a.recovery_used + minute;
  }
  return Notice::none;
}

Answer refused(const Account& a, Verdict verdict) noexcept {
  Answer answer;
  answer.verdict = verdict;
  answer.notice = Notice::none;
  answer.write = false;
  answer.clock_went_back = false;
  answer.code_evaluated = false;
  answer.retry_at = 0;
  answer.step = 0;
  answer.next = a;
  return answer;
}

Answer decided(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
               const Says& says) noexcept {
  Answer answer = refused(a, verdict_on(a, e, clock, rules, says));
  if (answer.verdict == Verdict::waiting) answer.retry_at = clock.now + wait_for(a, e, says);
  if (answer.verdict == Verdict::rejected) {
    answer.write = true;
    answer.notice = charge(answer.next, e);
  }
  if (answer.verdict == Verdict::accepted) {
    answer.write = true;
    answer.step = matched_step(a, e, clock, rules, says);
    answer.notice = apply(answer.next, e, answer.step, clock.now, rules);
  }
  answer.code_evaluated = has_code(e.kind) && answer.write;
  return answer;
}

}  // namespace specification
