// SPDX-License-Identifier: Apache-2.0
// K1, K2, K3, K7, K19: who comes in, with which code, of which secret.
#include "assumptions.hpp"

static bool may_enter(const Record& at, const Event& e, bool ticket) {
  if (!active(at.state) || has_failed_100_times(at)) return false;
  return ticket || (lane_is_free(at, e, at.seen) && budget_has_room(at, e, at.seen));
}

// Whether code i of the three is right, fresh and inside the window.
static bool fresh_code(std::uint32_t i) {
  return w.says.code[i] && w.s.clock.step + i > w.at.last_step + 1 && (!w.s.rules.strict || i == 1);
}

static void k01_no_entry_without_proof() {
  if (by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted) {
    CHECK(may_enter(w.at, w.e, ticket_shown(w.e)),
          "from on or recovering, not locked, not waiting, with budget or a live ticket");
    CHECK(six_digits(w.e.code) && w.code_evaluated, "six digits were evaluated");
    CHECK(w.o.step > w.at.last_step, "above the last accepted step");
    CHECK(w.o.step + 1 >= w.s.clock.step && w.o.step <= w.s.clock.step + 1, "inside the window");
    CHECK(w.says.code[w.o.step + 1 - w.s.clock.step], "the code that was sent is the code of that step");
    CHECK(!w.s.rules.strict || w.o.step == w.s.clock.step, "strict: the current step alone");
  }
  CAN(w.e.kind == Kind::verify && w.o.verdict == Verdict::accepted && w.at.state == State::recovering);
  CAN(w.e.kind == Kind::disable && w.o.verdict == Verdict::accepted);
  CAN(w.e.kind == Kind::renew_recovery_code && w.o.verdict == Verdict::accepted &&
      w.o.step == w.s.clock.step + 1);
}

static void k01_right_code_enters() {
  const std::uint32_t i = nondet_u32();
  if (!(i < 3)) return;
  const bool meaningful = w.e.kind == Kind::verify || (w.e.kind == Kind::disable && !required_now()) ||
                          (w.e.kind == Kind::renew_recovery_code && w.at.state == State::on);
  if (meaningful && is_event(w.e) && may_enter(w.at, w.e, ticket_shown(w.e))) {
    CHECK(w.code_evaluated, "it is evaluated");
    if (fresh_code(i)) {
      CHECK(w.o.verdict == Verdict::accepted && w.o.write, "a right, fresh code is always accepted");
      CHECK(w.o.step + 1 >= w.s.clock.step + i, "at the highest step that matches");
    }
  }
  CAN(meaningful && w.o.verdict == Verdict::accepted && w.at.throttle.failures[1] == 99);
  CAN(w.o.verdict == Verdict::accepted && w.e.lane == Lane::known && w.at.throttle.wait_until[1] > w.at.seen);
}

static void k02_one_step_one_acceptance() {
  if (active(w.at.state) && active(w.o.record.state)) {
    CHECK(w.o.record.last_step >= w.at.last_step, "the accepted step never falls");
    if (by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted)
      CHECK(w.o.record.last_step == w.o.step && w.o.step > w.at.last_step, "and rises with every acceptance");
    else if (w.e.kind != Kind::operator_restored)
      CHECK(w.o.record.last_step == w.at.last_step, "and with nothing else, but for a restore");
  }
  if (w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::accepted)
    CHECK(w.o.record.last_step == w.o.step && w.o.step >= 1, "the code that enrolled is spent");
  CAN(active(w.at.state) && by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted &&
      w.at.last_step + 1 == w.o.step);
}

static void k03_active_secret_is_never_replaced() {
  if (active(w.o.record.state) && active(w.at.state))
    CHECK(same_key(w.o.record.secret, w.at.secret) && w.o.record.secret_length == w.at.secret_length,
          "the active secret stays the same");
  if (active(w.o.record.state) && !active(w.at.state) && w.e.kind != Kind::operator_import) {
    CHECK(w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::accepted,
          "set by confirm_enrollment, or by the operator's import, alone");
    CHECK(w.at.state == State::enrolling && is_key_of(w.o.record.secret, w.at.pending),
          "from the pending one");
    CHECK(w.says.enrollment_id, "by whoever began");
  }
  if (w.e.kind == Kind::begin_enrollment && active(w.at.state) && is_event(w.e))
    CHECK(w.o.verdict == Verdict::wrong_state, "no enrollment while on");
  if (w.e.kind == Kind::operator_import && active(w.at.state)) CHECK(!w.o.write, "nor an import");
  CAN(active(w.o.record.state) && !active(w.at.state));
  CAN(w.e.kind == Kind::begin_enrollment && active(w.at.state));
}

// spec 2.4.1, 2.4.2, 2.4.4: the wait is enforced, and ends when it says.
static void k06_waits_are_kept() {
  if (!(by_code_kind(w.e.kind) && active(w.at.state) && !ticket_shown(w.e))) return;
  const bool free = lane_is_free(w.at, w.e, w.at.seen);
  const bool room = budget_has_room(w.at, w.e, w.at.seen);
  if (w.code_evaluated)
    CHECK(free && room, "no code is evaluated while the lane waits or the budget is used up");
  const Seconds pause = left_of(w.at.throttle.wait_until[w.e.lane == Lane::known ? 0U : 1U], w.at.seen);
  const Seconds used = left_of(w.at.throttle.budget_until, w.at.seen);
  const Seconds usable = w.e.lane == Lane::known ? 99U * 25920U : 79U * 25920U;
  const Seconds refill = left_of(used, usable);
  if (w.o.verdict == Verdict::waiting)
    CHECK(w.o.retry_at == w.at.seen + max_of(pause, refill),
          "until the lane is free and the budget has room");
  CAN(w.o.verdict == Verdict::waiting && free);
  CAN(w.o.verdict == Verdict::waiting && room);
}

static void k03_confirmed_by_a_code() {
  if (!(w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::accepted)) return;
  CHECK(six_digits(w.e.code) && w.says.enrollment_id && w.code_evaluated,
        "by the enrollment's holder, with six digits");
  CHECK(w.o.step + 1 >= w.s.clock.step && w.o.step <= w.s.clock.step + 1 &&
            w.says.pending_code[w.o.step + 1 - w.s.clock.step],
        "that are a code of the pending secret, of the step that it names");
  CHECK(!w.s.rules.strict || w.o.step == w.s.clock.step, "strict: of the present step");
  CAN(w.o.step == w.s.clock.step + 1);
  CAN(w.o.step + 1 == w.s.clock.step);
}

static void k07_locked_evaluates_nothing() {
  if (by_code_kind(w.e.kind) && has_failed_100_times(w.at)) {
    CHECK(!w.code_evaluated, "no code is evaluated");
    CHECK(w.o.verdict != Verdict::accepted && w.o.verdict != Verdict::rejected,
          "none is accepted or charged");
  }
  if (by_code_kind(w.e.kind) && w.o.verdict == Verdict::waiting) {
    CHECK(!w.code_evaluated && w.o.retry_at > w.at.seen, "waiting: not evaluated, and it says until when");
    CHECK(!lane_is_free(w.at, w.e, w.at.seen) || !budget_has_room(w.at, w.e, w.at.seen),
          "and there is a reason to wait");
  }
  if (w.e.kind == Kind::operator_unlock && has_failed_100_times(w.at))
    CHECK(w.o.verdict != Verdict::accepted, "a lock is never unlocked");
  if (active(w.at.state) && active(w.o.record.state) && has_failed_100_times(w.at))
    CHECK(has_failed_100_times(w.o.record), "a lock stays");
  CAN(by_code_kind(w.e.kind) && w.o.verdict == Verdict::locked);
  CAN(by_code_kind(w.e.kind) && w.o.verdict == Verdict::waiting);
  CAN(has_failed_100_times(w.at) && w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted);
}

static void k19_pending_is_nobody() {
  if (by_code_kind(w.e.kind) && w.at.state == State::enrolling)
    CHECK(!w.code_evaluated && w.o.verdict != Verdict::accepted && w.o.verdict != Verdict::rejected,
          "a pending secret verifies nobody");
  if (w.code_evaluated && w.at.state == State::enrolling) {
    CHECK(w.e.kind == Kind::confirm_enrollment, "only to confirm is a pending secret used");
    CHECK(w.says.enrollment_id, "and only by whoever began");
  }
  const bool foreign = w.at.state == State::enrolling && !w.says.enrollment_id;
  if (foreign && w.e.kind == Kind::cancel_enrollment && is_event(w.e))
    CHECK(w.o.verdict == Verdict::wrong_holder, "others cannot cancel");
  if (foreign && w.e.kind == Kind::confirm_enrollment && is_event(w.e))
    CHECK(w.o.verdict == Verdict::wrong_holder, "others cannot confirm, nor spend its tries");
  CAN(foreign && w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::wrong_holder);
  CAN(w.code_evaluated && w.at.state == State::enrolling && w.o.verdict == Verdict::accepted);
}

static void entry_claims() {
  k01_no_entry_without_proof();
  k01_right_code_enters();
  k02_one_step_one_acceptance();
  k03_active_secret_is_never_replaced();
  k07_locked_evaluates_nothing();
  k19_pending_is_nobody();
  k06_waits_are_kept();
  k03_confirmed_by_a_code();
}

extern "C" {

void k01_decide_trusts_nobody() {  // the layer below: whatever evidence it is handed
  const Record at = nondet_record();
  const Event e = nondet_event();
  const Situation s = nondet_situation();
  const Evidence evidence = nondet_evidence();
  GIVEN(valid(at) && at.seen >= 30 && at.seen < clock_s_limit);
  GIVEN(s.clock.step >= 1 && s.clock.step < step_limit && usable_values(s.fresh));
  const Outcome o = decide(at, e, evidence, s);
  if (by_code_kind(e.kind) && o.verdict == Verdict::accepted) {
    CHECK(may_enter(at, e, evidence.ticket && e.kind == Kind::verify && at.ticket_codes > 0),
          "decide repeats both admissions");
    CHECK(evidence.code.match && evidence.code.step > at.last_step, "and the check for replay");
    CHECK(evidence.code.step + 1 >= s.clock.step && evidence.code.step <= s.clock.step + 1, "and the window");
  }
  CAN(by_code_kind(e.kind) && o.verdict == Verdict::accepted);
  CAN(by_code_kind(e.kind) && o.verdict == Verdict::rejected && evidence.code.match);
}

// The answer to what is not evaluated does not depend on it. Two records that differ in every secret and
// hash, and two events that differ in every value, valid or not: what counts of a hash is whether there is
// one.
void k07_admission_ignores_secrets() {
  const Record a = nondet_record();
  const Event e = nondet_event();
  const Rules rules = nondet_rules();
  Evidence shown = nondet_evidence();
  GIVEN(valid(a));
  Record b = a;
  b.secret = nondet_key();
  b.pending = nondet_secret();
  b.enrollment_id = nondet_token();
  b.epoch = nondet_token();
  b.recovery_hash = nondet_token();
  b.link_hash = nondet_token();
  b.asker_hash = nondet_token();
  b.voucher_hash = nondet_token();
  b.last_step = nondet_u64();
  Event f = e;
  f.code = nondet_code();
  f.enrollment_id = nondet_token();
  f.epoch = nondet_token();
  f.recovery_code = nondet_token();
  f.link = nondet_token();
  f.asker = nondet_token();
  f.grant = nondet_token();
  f.ticket = nondet_token();
  GIVEN(valid(b) && six_digits(e.code) == six_digits(f.code));
  const Verdict x = admit(a, e, rules);
  CHECK(x == admit(b, f, rules), "the first admission is the same for every secret and every code");
  if (x == Verdict::accepted) {
    const Admission c = admit_code(a, e, shown);
    shown.code.match = nondet_bool();
    shown.code.step = nondet_u64();
    const Admission d = admit_code(b, f, shown);
    CHECK(c.verdict == d.verdict && c.retry_at == d.retry_at, "so is that of the six digits");
    CAN(c.verdict == Verdict::waiting);
    CAN(c.verdict == Verdict::accepted);
  }
  CAN(x == Verdict::locked);
}
}
