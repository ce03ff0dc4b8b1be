// SPDX-License-Identifier: Apache-2.0
// spec 2.2 and 2.6: what an event does to an account.
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

static bool needs_code(Kind k) noexcept {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// spec 2.2: a code of the active secret, or of the pending one.
static bool has_code(Kind k) noexcept { return needs_code(k) || k == Kind::confirm_enrollment; }

// The tightest of the host's word, now or last, the account's policy and the configuration.
static bool factor_required(const Account& a, const Event& e, Number now, const Rules& rules) noexcept {
  if (e.host_word == HostWord::required || a.host_word == HostWord::required) return true;
  if (a.policy == Policy::inherit) return rules.required && now >= rules.required_from;
  return a.policy == Policy::required && now >= a.policy_from;
}

// The enrollment, if there is one, is to replace a lost factor.
static bool replaces(const Account& a) noexcept {
  return a.state == State::replacing || a.before == State::replacing;
}

// Off: everything of the factor is erased. What is required of the account stays.
static void erase_factor(Account& a) noexcept {
  a.state = State::off;
  a.before = State::off;
  a.wrong_confirmations = 0;
  clear_failures(a);
  a.budget_used = 0;
  a.recovery_used = 0;
  a.begin_used = 0;
  for (std::uint32_t i = 0; i < 3; ++i) a.link_left[i] = 0;
  a.life_left = 0;
  a.last_step = 0;
  a.enrolled_at = 0;
  a.last_used_at = 0;
  a.recovery_drawn_at = 0;
  a.recovery_saved_at = 0;
  a.secret_length = 0;
  end_voucher(a);
  a.fields.secret = From::nothing;
  a.fields.pending = From::nothing;
  a.fields.enrollment_id = From::nothing;
  a.fields.epoch = From::nothing;
  a.fields.recovery_hash = From::nothing;
  a.fields.link_hash = From::nothing;
  a.fields.asker_hash = From::nothing;
}

// After a loss: off, or replacing with a grant for 30 minutes.
static void lose_factor(Account& a, bool replacing) noexcept {
  erase_factor(a);
  if (!replacing) return;
  a.state = State::replacing;
  a.voucher_left = 30 * minute;
  a.fields.epoch = From::drawn;
  a.fields.voucher_hash = From::drawn;
}

// The asker secret makes the recovery code unneeded.
static bool asker_proves(const Event& e, const Says& says) noexcept { return e.has_asker && says.asker; }

// A live ticket was shown: lane and budget do not count.
static bool by_ticket(const Account& a, const Event& e, const Says& says) noexcept {
  return e.kind == Kind::verify && a.ticket_codes > 0 && says.ticket;
}

// The holder of a living enrollment begins it again: the same secret is shown, and nothing is written.
static bool repeats(const Account& a, const Event& e, const Says& says) noexcept {
  return e.kind == Kind::begin_enrollment && a.state == State::enrolling && says.enrollment_id;
}

// How many seconds the event has to wait; 0: none. A recovery code never waits; its link may.
static Number wait_for(const Account& a, const Event& e, const Says& says) noexcept {
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

static Number matched_step(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
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
static Verdict verdict_on(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
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

static void begin(Account& a) noexcept {
  if (replaces(a)) a.before = State::replacing;
  a.state = State::enrolling;
  a.wrong_confirmations = 0;
  a.life_left = 10 * minute;
  a.begin_used = a.begin_used + minute;
  a.fields.pending = From::drawn;
  a.fields.enrollment_id = From::drawn;
}

static void draw_recovery_code(Account& a, Number now) noexcept {
  a.recovery_drawn_at = now;
  a.recovery_saved_at = 0;
  a.fields.recovery_hash = From::drawn;
}

static void turn_on(Account& a, Number step, Number now) noexcept {
  erase_factor(a);
  a.state = State::on;
  a.last_step = step;
  a.enrolled_at = now;
  a.fields.epoch = From::drawn;
}

static void confirm(Account& a, Number step, Number now) noexcept {
  turn_on(a, step, now);
  a.last_used_at = now;
  a.secret_length = 20;
  a.fields.secret = From::pending;
  a.fields.enrollment_id = From::before;
  draw_recovery_code(a, now);
}

// The codes up to the next step count as used elsewhere.
static void import_key(Account& a, const Event& e, const Clock& clock) noexcept {
  turn_on(a, clock.step + 1, clock.now);
  a.secret_length = e.key_length;
  a.fields.secret = From::given;
  a.fields.enrollment_id = From::drawn;
}

static void enter(Account& a, Number step, Number now) noexcept {
  clear_failures(a);
  end_voucher(a);
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

static void issue_ticket(Account& a) noexcept {
  a.ticket_codes = 5;
  a.voucher_left = 30 * minute;
  a.fields.voucher_hash = From::ticket;
}

// From a backup: what may have been used, revoked or issued since is dead; no charge and no wait is eased.
static void restore(Account& a, const Clock& clock) noexcept {
  if (a.state == State::enrolling) end_enrollment(a);
  if (a.state == State::recovering) end_recovery(a);
  end_voucher(a);
  if (a.state == State::on) a.last_step = larger(a.last_step, clock.step + 1);
  if (a.state != State::off) a.fields.epoch = From::drawn;
}

static void set_policy(Account& a, const Event& e) noexcept {
  a.policy = e.policy;
  a.policy_from = e.policy_from;
  a.host_word = HostWord::unsaid;
}

static Notice apply(Account& a, const Event& e, Number step, const Clock& clock,
                    const Rules& rules) noexcept {
  const bool required = factor_required(a, e, clock.now, rules);
  const bool was_recovering = a.state == State::recovering;
  switch (e.kind) {
    case Kind::begin_enrollment:
      begin(a);
      return Notice::none;
    case Kind::confirm_enrollment:
      confirm(a, step, clock.now);
      return Notice::enabled;
    case Kind::cancel_enrollment:
      end_enrollment(a);
      return Notice::none;
    case Kind::verify:
      enter(a, step, clock.now);
      if (was_recovering) end_recovery(a);
      return was_recovering ? Notice::recovery_cancelled : Notice::none;
    case Kind::disable:
      erase_factor(a);
      return Notice::disabled;
    case Kind::renew_recovery_code:
      enter(a, step, clock.now);
      draw_recovery_code(a, clock.now);
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
      issue_ticket(a);
      return Notice::ticket_issued;
    case Kind::set_policy:
      set_policy(a, e);
      return Notice::none;
    case Kind::confirm_saved:
      a.recovery_saved_at = clock.now;
      return Notice::none;
    case Kind::operator_import:
      import_key(a, e, clock);
      return Notice::imported;
    case Kind::operator_restored:
      restore(a, clock);
      return Notice::none;
  }
  return Notice::none;
}

// The host's word is kept where a code was accepted or an enrollment begun.
static void keep_host_word(Account& a, const Event& e) noexcept {
  if (!has_code(e.kind) && e.kind != Kind::begin_enrollment) return;
  if (e.host_word != HostWord::unsaid) a.host_word = e.host_word;
}

// A wrong recovery code is written while its budget has room.
static bool is_charged(const Account& a, const Event& e) noexcept {
  return has_code(e.kind) || recovery_budget_has_room(a);
}

// What a wrong code, or a wrong recovery code, costs.
static Notice charge(Account& a, const Event& e, bool ticket) noexcept {
  if (needs_code(e.kind)) return charge_code(a, e.lane, ticket);
  if (e.kind == Kind::confirm_enrollment) {
    a.wrong_confirmations = a.wrong_confirmations + 1;
    if (a.wrong_confirmations == 10) end_enrollment(a);
  } else {
    a.recovery_used = a.recovery_used + 6 * minute;
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
  answer.by_ticket = false;
  answer.decided_at = 0;
  answer.retry_at = 0;
  answer.step = 0;
  answer.next = a;
  return answer;
}

Answer decided(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
               const Says& says) noexcept {
  Answer answer = refused(a, verdict_on(a, e, clock, rules, says));
  answer.decided_at = clock.now;
  const bool ticket = by_ticket(a, e, says);
  if (answer.verdict == Verdict::waiting) answer.retry_at = clock.now + wait_for(a, e, says);
  if (answer.verdict == Verdict::rejected && is_charged(a, e)) {
    answer.write = true;
    answer.notice = charge(answer.next, e, ticket);
  }
  if (answer.verdict == Verdict::accepted && !repeats(a, e, says)) {
    answer.write = true;
    answer.step = matched_step(a, e, clock, rules, says);
    answer.notice = apply(answer.next, e, answer.step, clock, rules);
    keep_host_word(answer.next, e);
  }
  answer.code_evaluated = has_code(e.kind) && answer.write;
  answer.by_ticket = ticket && answer.write;
  return answer;
}

}  // namespace specification
