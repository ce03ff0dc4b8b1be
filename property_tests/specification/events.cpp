// SPDX-License-Identifier: Apache-2.0
// spec 2.2: what an event does to an account.
#include "property_tests/specification/specification.hpp"

namespace specification {

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
