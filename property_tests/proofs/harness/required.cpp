// SPDX-License-Identifier: Apache-2.0
// K4's other side: what spec 2.2 lets somebody do is done. A kernel that refused everybody would keep every
// claim that only forbids. verify, disable and renew_recovery_code: entry.cpp, k01_right_code_enters.
#include "assumptions.hpp"

// spec 2.2: what means something where, written anew and not read from the kernel's table.
static bool means_something(Kind kind, State state) {
  if (kind == Kind::begin_enrollment) return !active(state);
  if (kind == Kind::confirm_enrollment || kind == Kind::cancel_enrollment) return state == State::enrolling;
  if (kind == Kind::renew_recovery_code) return state == State::on;
  if (kind == Kind::confirm_recovery) return state == State::recovering;
  if (kind == Kind::operator_reset || kind == Kind::set_policy) return true;
  return active(state);
}

static void k04_table_is_the_specification() {
  const bool event = is_event(w.e);
  if (event)
    CHECK((w.o.verdict == Verdict::wrong_state) == !means_something(w.e.kind, w.at.state),
          "an event means something exactly where the specification says so");
  if (!event) CHECK(w.o.verdict == Verdict::malformed, "and what is no event is malformed everywhere");
  CAN(event && w.o.verdict == Verdict::wrong_state && w.e.kind == Kind::renew_recovery_code);
  CAN(event && w.o.verdict != Verdict::wrong_state && w.e.kind == Kind::confirm_recovery);
}

static void k04_begin_succeeds() {
  const bool replaces =
      w.at.state == State::replacing || (w.at.state == State::enrolling && w.at.before == State::replacing);
  if (w.e.kind == Kind::begin_enrollment && is_event(w.e) && !active(w.at.state)) {
    if (!replaces || w.says.grant)
      CHECK(w.o.verdict == Verdict::accepted && w.o.write && w.o.record.state == State::enrolling,
            "an enrollment begins: from off on the host's word, after a loss with the grant");
    CHECK(
        w.o.record.before == (w.o.verdict == Verdict::accepted && replaces ? State::replacing : w.at.before),
        "and remembers what it goes back to");
  }
  CAN(w.e.kind == Kind::begin_enrollment && w.at.state == State::off && w.o.verdict == Verdict::accepted);
  CAN(w.e.kind == Kind::begin_enrollment && replaces && w.o.verdict == Verdict::accepted);
}

static void k04_confirm_enrollment_succeeds() {
  const std::uint32_t i = nondet_u32();
  if (!(i < 3 && w.e.kind == Kind::confirm_enrollment && is_event(w.e))) return;
  const bool holder = w.at.state == State::enrolling && w.says.enrollment_id;
  if (holder) CHECK(w.code_evaluated, "its code is evaluated");
  if (holder && w.says.pending_code[i] && (!w.s.rules.strict || i == 1) && w.s.clock.step + i > 1)
    CHECK(w.o.verdict == Verdict::accepted && w.o.write && w.o.record.state == State::on &&
              w.o.notice == Notice::enabled,
          "a right code of the pending secret turns the factor on");
  CAN(holder && w.o.verdict == Verdict::accepted && w.at.enrollment_failures == 9);
  CAN(holder && w.o.verdict == Verdict::accepted && w.o.step == w.s.clock.step + 1);
}

static void k04_cancel_and_revoke_succeed() {
  if (w.e.kind == Kind::cancel_enrollment && is_event(w.e) && w.at.state == State::enrolling &&
      w.says.enrollment_id)
    CHECK(w.o.verdict == Verdict::accepted && w.o.write && w.o.record.state == w.at.before,
          "whoever began an enrollment can cancel it, back to what it was");
  if (w.e.kind == Kind::revoke_passes && is_event(w.e) && active(w.at.state) &&
      (w.e.by_operator || same_token(w.e.epoch, w.at.epoch)))
    CHECK(w.o.verdict == Verdict::accepted && w.o.write && w.o.record.state == w.at.state,
          "a live pass, or the operator, revokes the passes");
  CAN(w.e.kind == Kind::cancel_enrollment && w.o.record.state == State::replacing && w.o.write);
  CAN(w.e.kind == Kind::revoke_passes && w.o.verdict == Verdict::accepted && w.e.by_operator);
}

static void k04_request_recovery_succeeds() {
  if (w.e.kind == Kind::request_recovery && is_event(w.e) && active(w.at.state) &&
      left_of(w.at.throttle.recovery_until, w.s.clock.now) <= 99 * 60 &&
      w.at.throttle.link_until[0] <= w.s.clock.now) {
    CHECK(w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected ||
              w.o.verdict == Verdict::undeliverable,
          "a recovery code is evaluated, locked or not");
    if (w.says.recovery_code && w.e.mailable)
      CHECK(w.o.verdict == Verdict::accepted && w.o.write && w.o.record.state == State::recovering,
            "a right recovery code has its link mailed");
  }
  CAN(w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted &&
      w.at.throttle.failures[0] == 100);
  CAN(w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted &&
      w.at.throttle.recovery_until == w.s.clock.now + 99 * 60);
}

static void k04_confirm_recovery_succeeds() {
  const bool link = w.says.link;
  const bool asker = w.e.has_asker && w.says.asker;
  const bool code = w.e.has_recovery_code && w.says.recovery_code &&
                    left_of(w.at.throttle.recovery_until, w.s.clock.now) <= 99 * 60;
  if (w.e.kind == Kind::confirm_recovery && is_event(w.e) && w.at.state == State::recovering && link &&
      (asker || code))
    CHECK(w.o.verdict == Verdict::accepted && w.o.write && !active(w.o.record.state) &&
              w.o.notice == Notice::recovery_confirmed,
          "the link and the asker secret, or the link and the recovery code, settle the loss");
  CAN(w.e.kind == Kind::confirm_recovery && w.o.verdict == Verdict::accepted && !asker);
  CAN(w.e.kind == Kind::confirm_recovery && w.o.verdict == Verdict::accepted && asker &&
      w.at.throttle.recovery_until > w.s.clock.now + 99 * 60);
}

static void k04_operator_succeeds() {
  if (w.e.kind == Kind::operator_reset && is_event(w.e))
    CHECK(
        w.o.verdict == Verdict::accepted && w.o.write && w.o.notice == Notice::reset &&
            w.o.record.state == (w.e.replace || required_by(w.at, w.s.rules) ? State::replacing : State::off),
        "a reset always works, to off or replacing");
  if (w.e.kind == Kind::operator_unlock && is_event(w.e) && active(w.at.state) && !has_failed_100_times(w.at))
    CHECK(w.o.verdict == Verdict::accepted && w.o.write, "an unlock works unless it is locked");
  if (w.e.kind == Kind::set_policy && is_event(w.e))
    CHECK(w.o.verdict == Verdict::accepted && w.o.write, "a policy is set in every state");
  CAN(w.e.kind == Kind::operator_reset && w.at.state == State::enrolling);
  CAN(w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted &&
      w.at.throttle.failures[0] == 99);
}

static void required_claims() {
  k04_table_is_the_specification();
  k04_begin_succeeds();
  k04_confirm_enrollment_succeeds();
  k04_cancel_and_revoke_succeed();
  k04_request_recovery_succeeds();
  k04_confirm_recovery_succeeds();
  k04_operator_succeeds();
}
