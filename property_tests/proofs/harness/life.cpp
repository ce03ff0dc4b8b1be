// SPDX-License-Identifier: Apache-2.0
// K4, K9 and the account's life: which event leads where, and with which proof.
#include "assumptions.hpp"

static void k04_ways_out_of_on() {
  if (!(active(w.at.state))) return;
  if (!active(w.o.record.state)) {
    const bool disabled = w.e.kind == Kind::disable && w.code_evaluated && w.o.step != 0 &&
                          w.o.record.state == State::off && !required_by(w.at, w.s.rules);
    const bool both_proofs =
        w.says.link && ((w.e.has_asker && w.says.asker) || (w.e.has_recovery_code && w.says.recovery_code));
    const bool recovered =
        w.e.kind == Kind::confirm_recovery && w.at.state == State::recovering && both_proofs;
    const bool reset = w.e.kind == Kind::operator_reset;
    CHECK(w.o.verdict == Verdict::accepted && (disabled || recovered || reset),
          "by a code, by both proofs, or by the operator");
    CHECK(w.o.record.state == State::off || w.o.record.state == State::replacing, "to off or replacing");
    if (required_by(w.at, w.s.rules))
      CHECK(w.o.record.state == State::replacing, "never to off where policy requires a factor");
    if (recovered)
      CHECK((w.o.record.state == State::replacing) ==
                (required_by(w.at, w.s.rules) || w.s.rules.replace_after_recovery),
            "as configured");
  }
  CAN(w.e.kind == Kind::disable && w.o.record.state == State::off);
  CAN(w.e.kind == Kind::confirm_recovery && w.o.record.state == State::off && !w.e.has_asker);
  CAN(w.e.kind == Kind::confirm_recovery && w.o.record.state == State::replacing && !w.e.has_recovery_code);
  CAN(w.e.kind == Kind::operator_reset && w.o.record.state == State::off);
}

static void k04_ways_out_of_replacing() {
  const bool before =
      w.at.state == State::replacing || (w.at.state == State::enrolling && w.at.before == State::replacing);
  if (!(before)) return;
  const bool after = w.o.record.state == State::replacing ||
                     (w.o.record.state == State::enrolling && w.o.record.before == State::replacing);
  if (!after && w.o.write) {
    const bool enrolled = w.e.kind == Kind::confirm_enrollment && w.at.state == State::enrolling &&
                          w.o.record.state == State::on;
    CHECK(w.o.verdict == Verdict::accepted && (enrolled || w.e.kind == Kind::operator_reset),
          "by enrollment or the operator");
  }
  if (w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::accepted)
    CHECK(w.says.grant && w.at.grant_until > w.s.clock.now,
          "and an enrollment begins only with a live grant");
  CAN(w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::accepted &&
      w.at.state == State::replacing);
  CAN(w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::wrong_holder);
  CAN(!after && w.o.record.state == State::on);
}

static void k04_required_is_never_off() {
  if (!(required_by(w.at, w.s.rules) && w.at.state != State::off &&
        !(w.at.state == State::enrolling && w.at.before == State::off)))
    return;
  if (!(w.e.kind != Kind::set_policy)) return;
  CHECK(w.o.record.state != State::off &&
            !(w.o.record.state == State::enrolling && w.o.record.before == State::off),
        "no event leads to off");
  if (w.e.kind == Kind::disable && active(w.at.state) && six_digits(w.e.code) &&
      static_cast<std::uint8_t>(w.e.lane) < 2)
    CHECK(w.o.verdict == Verdict::forbidden, "disable is forbidden");
  CAN(w.e.kind == Kind::disable && w.o.verdict == Verdict::forbidden);
}

static void k04_recovery_needs_the_code_and_the_link() {
  if (w.o.record.state == State::recovering && w.at.state == State::on && w.o.write) {
    CHECK(w.e.kind == Kind::request_recovery && w.says.recovery_code,
          "a recovery starts with the recovery code alone");
    CHECK(w.o.notice == Notice::recovery_asked && w.e.mailable, "and its link is mailed");
    CHECK(w.o.record.deadline == w.s.clock.now + 600, "and lives ten minutes");
  }
  if (w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted) {
    CHECK(same_token(w.o.record.link_hash, w.drawn.link_hash) &&
              same_token(w.o.record.asker_hash, w.drawn.asker_hash),
          "an earlier link dies");
    CHECK(w.o.record.throttle.link_until[2] == w.s.clock.now + 3600 &&
              w.at.throttle.link_until[0] <= w.s.clock.now,
          "at most three in any hour");
    CHECK(same_token(w.o.record.recovery_hash, w.at.recovery_hash), "the recovery code is not spent yet");
  }
  if (w.e.kind == Kind::confirm_recovery && w.at.state == State::recovering && !w.says.link)
    CHECK(w.o.verdict == Verdict::wrong_holder || w.o.verdict == Verdict::malformed,
          "a wrong link changes nothing");
  if (by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted && w.at.state == State::recovering &&
      active(w.o.record.state))
    CHECK(w.o.record.state == State::on && empty_token(w.o.record.link_hash) &&
              w.o.notice == Notice::recovery_cancelled,
          "a code cancels it");
  CAN(w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted &&
      w.at.state == State::recovering);
  CAN(w.e.kind == Kind::confirm_recovery && w.o.verdict == Verdict::wrong_holder);
  CAN(w.e.kind == Kind::verify && w.o.verdict == Verdict::accepted && w.at.state == State::recovering);
}

static void k04_rights_are_renewed() {  // what must die, dies; what must be w.s.fresh, is
  if (w.e.kind == Kind::renew_recovery_code && w.o.verdict == Verdict::accepted)
    CHECK(same_token(w.o.record.recovery_hash, w.drawn.recovery_hash) &&
              same_token(w.o.record.epoch, w.at.epoch),
          "renewal: only the recovery code");
  if (w.e.kind == Kind::revoke_passes && w.o.verdict == Verdict::accepted) {
    CHECK(same_token(w.o.record.epoch, w.s.fresh.epoch), "revocation: a new epoch");
    CHECK(w.e.by_operator || same_token(w.e.epoch, w.at.epoch), "on a live pass or the operator's word");
    CHECK(same_token(w.o.record.recovery_hash, w.at.recovery_hash), "and the recovery code lives on");
  }
  if (w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::accepted)
    CHECK(same_token(w.o.record.epoch, w.s.fresh.epoch) &&
              same_token(w.o.record.recovery_hash, w.drawn.recovery_hash),
          "enrollment: epoch and code");
  if (w.o.record.state == State::replacing && w.at.state != State::replacing &&
      w.o.verdict == Verdict::accepted && w.e.kind != Kind::cancel_enrollment)
    CHECK(same_token(w.o.record.grant_hash, w.drawn.grant_hash) &&
              w.o.record.grant_until == w.s.clock.now + 1800,
          "replacing: a grant of 30 minutes");
  if (w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::accepted)
    CHECK(same_secret(w.o.record.pending, w.s.fresh.secret) &&
              same_token(w.o.record.enrollment_id, w.s.fresh.enrollment_id) &&
              w.o.record.deadline == w.s.clock.now + 600 && w.o.record.enrollment_failures == 0,
          "a beginning: a new secret, a new id, a new clock");
  CAN(w.e.kind == Kind::renew_recovery_code && w.o.verdict == Verdict::accepted);
  CAN(w.e.kind == Kind::revoke_passes && w.o.verdict == Verdict::accepted && !w.e.by_operator);
  CAN(w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::accepted &&
      w.at.state == State::enrolling);
  CAN(w.e.kind == Kind::operator_reset && w.o.record.state == State::replacing);
}

static void k04_operator() {
  if (w.e.kind == Kind::operator_reset)
    CHECK(w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::malformed,
          "a reset works in every state");
  if (w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted) {
    CHECK(failures_of(w.o.record) == 0 && w.o.record.throttle.unlock_credit == 5,
          "an unlock clears, and gives five tries");
    CHECK(w.o.record.throttle.budget_until == w.at.throttle.budget_until, "beyond the budget");
    CHECK(same_but_throttle_and_enrollment(w.o.record, w.at) && same_enrollment(w.o.record, w.at),
          "and nothing more");
  }
  if (w.e.kind == Kind::set_policy && w.o.verdict == Verdict::accepted) {
    Record n = w.o.record;
    n.policy = w.at.policy;
    CHECK(w.o.record.policy == w.e.policy && same_record(n, w.at), "a policy changes the policy alone");
  }
  if (w.o.verdict == Verdict::accepted && w.e.kind != Kind::set_policy)
    CHECK(w.o.record.policy == w.at.policy, "and nothing else does");
  CAN(w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted);
  CAN(w.e.kind == Kind::set_policy && w.o.verdict == Verdict::accepted && w.e.policy == Policy::required);
}

static void k09_valid_is_inductive() {
  CHECK(valid(new_record()), "a new account's record is valid");
  CHECK(valid(w.o.record), "and every event keeps it valid");
  CAN(w.o.record.state == State::off && w.o.write);
  CAN(w.o.record.state == State::enrolling && w.o.write);
  CAN(w.o.record.state == State::on && w.o.write);
  CAN(w.o.record.state == State::recovering && w.o.write);
  CAN(w.o.record.state == State::replacing && w.o.write);
}

static void k11_wiped() {  // what left the record is gone from it
  if (w.o.write && (w.o.record.state == State::off || w.o.record.state == State::replacing)) {
    CHECK(empty_secret(w.o.record.secret) && empty_secret(w.o.record.pending) &&
              empty_token(w.o.record.recovery_hash) && empty_token(w.o.record.link_hash) &&
              empty_token(w.o.record.asker_hash) && empty_token(w.o.record.enrollment_id),
          "off and replacing hold no secret");
    CHECK(w.o.record.last_step == 0 && failures_of(w.o.record) == 0 && w.o.record.throttle.budget_until == 0,
          "nor a throttle");
  }
  if (w.o.write && active(w.o.record.state))
    CHECK(empty_secret(w.o.record.pending) && empty_token(w.o.record.grant_hash),
          "on holds no pending secret");
  CAN(w.o.write && w.o.record.state == State::off && active(w.at.state));
}

static void k09_step_keeps_its_contract() {  // what handle.cpp assumes of a step
  CHECK(w.o.record.seen == w.s.clock.now && !w.o.clock_went_back, "a step does not touch the clock");
  CHECK(w.o.verdict > Verdict::bad_record && w.o.verdict <= Verdict::accepted,
        "nor calls a sound record unsound");
  CHECK(w.o.write == (w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected),
        "and writes exactly what it decides");
  CAN(w.o.write);
}

static void life_claims() {
  k09_step_keeps_its_contract();
  k04_ways_out_of_on();
  k04_ways_out_of_replacing();
  k04_required_is_never_off();
  k04_recovery_needs_the_code_and_the_link();
  k04_rights_are_renewed();
  k04_operator();
  k09_valid_is_inductive();
  k11_wiped();
}

extern "C" {

void k09_step_is_defined() {  // all kinds at once, with the overflow, conversion, pointer and bounds checks
                              // on
  any_world();
  CHECK(w.o.verdict <= Verdict::accepted, "a step has an answer");
  CAN(w.o.verdict == Verdict::accepted);
}

void view_says_what_handle_does() {
  const Record r = nondet_record();
  const Clock clock = nondet_clock();
  const Rules rules = nondet_rules();
  const View v = view(r, clock, rules);
  CHECK(v.sound == (clock_in_bounds(clock) && valid(r)), "an unsound record or clock is seen");
  if (!v.sound) CHECK(!v.passes_without && !v.code_required, "and passes nobody");
  if (v.sound) {
    const Record at = advance(r, clock.now);
    CHECK(v.passes_without ==
              (!required_by(r, rules) &&
               (at.state == State::off || (at.state == State::enrolling && at.before == State::off))),
          "only off, or enrolling from off, passes without a code, and only where policy allows");
    CHECK(v.code_required == active(at.state) && v.state == at.state, "on and recovering need a code");
    CHECK(!(v.passes_without && v.code_required), "never both");
    CHECK(v.second_factor_required ? required_by(r, rules) : !required_by(r, rules), "what policy says");
    CHECK(v.locked == has_failed_100_times(at) && v.failures == failures_of(at),
          "the failures in a row, and the lock");
  }
  CAN(v.passes_without);
  CAN(v.sound && v.locked);
  CAN(v.sound && v.retry_after_s[1] > v.retry_after_s[0]);
}
}
