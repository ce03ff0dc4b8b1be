// SPDX-License-Identifier: Apache-2.0
// spec 2.2, 2.6 and 2.8: what an event is answered.
#include "property_tests/specification/specification.hpp"

namespace specification {

// spec 2.2: which event means something in which state.
static const bool meaningful[15][5] = {
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
    {true, true, true, true, true},      // set_policy
    {false, false, true, true, false},   // confirm_saved
    {true, true, false, false, false},   // operator_import
    {true, true, true, true, true}       // operator_restored
};

bool needs_code(Kind k) noexcept {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// spec 2.2: a code of the active secret, or of the pending one.
bool has_code(Kind k) noexcept { return needs_code(k) || k == Kind::confirm_enrollment; }

// The tightest of the host's word, now or last, the account's policy and the configuration.
bool factor_required(const Account& a, const Event& e, Number now, const Rules& rules) noexcept {
  if (e.host_word == HostWord::required || a.host_word == HostWord::required) return true;
  if (a.policy == Policy::inherit) return rules.required && now >= rules.required_from;
  return a.policy == Policy::required && now >= a.policy_from;
}

// The enrollment, if there is one, is to replace a lost factor.
bool replaces(const Account& a) noexcept {
  return a.state == State::replacing || a.before == State::replacing;
}

// The asker secret makes the recovery code unneeded.
static bool asker_proves(const Event& e, const Says& says) noexcept { return e.has_asker && says.asker; }

// A live ticket was shown: lane and budget do not count.
bool by_ticket(const Account& a, const Event& e, const Says& says) noexcept {
  return e.kind == Kind::verify && a.ticket_codes > 0 && says.ticket;
}

// The holder of a living enrollment begins it again: the same secret is shown, and nothing is written.
bool repeats(const Account& a, const Event& e, const Says& says) noexcept {
  return e.kind == Kind::begin_enrollment && a.state == State::enrolling && says.enrollment_id;
}

// How many seconds the event has to wait; 0: none. A recovery code never waits; its link may.
Number wait_for(const Account& a, const Event& e, const Says& says) noexcept {
  if (needs_code(e.kind) && !by_ticket(a, e, says)) return wait_for_code(a, e.lane);
  if (e.kind == Kind::begin_enrollment && !repeats(a, e, says)) return wait_to_begin(a);
  if (e.kind == Kind::request_recovery && says.recovery_code && e.mailable) return a.link_left[0];
  return 0;
}

// The highest step above `last` whose code was presented; 0: none.
static Number step_of(const bool (&code)[3], Number now_step, Number last, const Rules& rules) noexcept {
  if (code[2] && !rules.strict && now_step + 1 > last) return now_step + 1;
  if (code[1] && now_step > last) return now_step;
  if (code[0] && !rules.strict && now_step - 1 > last) return now_step - 1;
  return 0;
}

Number matched_step(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                    const Says& says) noexcept {
  if (needs_code(e.kind)) return step_of(says.code, clock.step, a.last_step, rules);
  if (e.kind == Kind::confirm_enrollment) return step_of(says.pending_code, clock.step, 0, rules);
  return 0;
}

static bool malformed(const Event& e) noexcept {
  if (static_cast<std::uint8_t>(e.kind) > 14 || static_cast<std::uint8_t>(e.host_word) > 2) return true;
  if (has_code(e.kind)) return static_cast<std::uint8_t>(e.lane) > 1 || !e.six_digits;
  if (e.kind == Kind::operator_import) return e.key_length < 16 || e.key_length > 64 || !e.key_sound;
  if (e.kind != Kind::set_policy) return false;
  if (static_cast<std::uint8_t>(e.policy) > 2 || e.policy_from >= 1099511627776) return true;
  return e.policy_from != 0 && e.policy != Policy::required;
}

// A lost factor is replaced by its holder, and not by an import.
static bool wrong_state(const Account& a, const Event& e) noexcept {
  if (e.kind == Kind::operator_import && replaces(a)) return true;
  return !meaningful[static_cast<std::uint8_t>(e.kind)][static_cast<std::uint8_t>(a.state)];
}

static bool wrong_holder(const Account& a, const Event& e, const Says& says) noexcept {
  switch (e.kind) {
    case Kind::begin_enrollment:
      return replaces(a) && !repeats(a, e, says) && !(says.grant && a.voucher_left > 0);
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
  if (e.kind == Kind::request_recovery || e.kind == Kind::confirm_saved) return true;
  return e.kind == Kind::confirm_recovery && !asker_proves(e, says);
}

// The first that holds, in the order of the verdicts.
Verdict verdict_on(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                   const Says& says) noexcept {
  if (malformed(e)) return Verdict::malformed;
  if (wrong_state(a, e)) return Verdict::wrong_state;
  if (e.kind == Kind::disable && factor_required(a, e, clock.now, rules)) return Verdict::forbidden;
  if (locked(a, e)) return Verdict::locked;
  if (wrong_holder(a, e, says)) return Verdict::wrong_holder;
  if (wait_for(a, e, says) > 0) return Verdict::waiting;
  if (proof_needed(e, says)) return Verdict::proof_needed;
  if (wrong_recovery_code(e, says)) return Verdict::rejected;
  if (has_code(e.kind) && matched_step(a, e, clock, rules, says) == 0) return Verdict::rejected;
  if (e.kind == Kind::request_recovery && !e.mailable) return Verdict::undeliverable;
  return Verdict::accepted;
}

}  // namespace specification
