// SPDX-License-Identifier: Apache-2.0
// K5, K6, K8: every evaluated guess is charged, the count of guesses is bounded, a refusal changes nothing
// else.
#include "assumptions.hpp"

static void k05_evaluated_means_decided() {
  if (w.code_evaluated)
    CHECK(w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected,
          "an evaluated code is accepted or charged");
  if (w.o.verdict == Verdict::rejected) CHECK(w.o.write, "and what is charged is written before the answer");
  if (w.o.verdict == Verdict::accepted) CHECK(w.o.write, "as is what is accepted");
  const bool recovery_code_evaluated = w.e.kind == Kind::request_recovery && is_event(w.e) &&
                                       active(w.at.state) && recovery_has_room(w.at, w.s.clock.now) &&
                                       w.at.throttle.link_until[0] <= w.s.clock.now;
  if (recovery_code_evaluated)
    CHECK(w.o.verdict == (!w.says.recovery_code ? Verdict::rejected
                          : w.e.mailable        ? Verdict::accepted
                                                : Verdict::undeliverable),
          "so is an evaluated recovery code, but for a right one that cannot be mailed");
  CAN(w.code_evaluated && w.o.verdict == Verdict::rejected);
  CAN(recovery_code_evaluated && w.o.verdict == Verdict::undeliverable);
}

static void k05_wrong_code_is_charged() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected)) return;
  const std::uint32_t lane = static_cast<std::uint32_t>(w.e.lane);
  const std::uint32_t n = w.at.throttle.failures[lane] + 1U;
  CHECK(w.o.record.throttle.failures[lane] == n, "one more failure in its lane");
  CHECK(w.o.record.throttle.failures[1 - lane] == w.at.throttle.failures[1 - lane], "none in the other");
  if (n < 5)
    CHECK(w.o.record.throttle.wait_until[lane] == 0, "the first four cost no time");
  else
    CHECK(w.o.record.throttle.wait_until[lane] == w.s.clock.now + pause_after(n), "then the lane's back-off");
  CHECK(w.o.record.throttle.wait_until[1 - lane] == w.at.throttle.wait_until[1 - lane],
        "and not the other's");
  if (w.at.throttle.unlock_credit != 0)
    CHECK(w.o.record.throttle.unlock_credit + 1U == w.at.throttle.unlock_credit &&
              w.o.record.throttle.budget_until == w.at.throttle.budget_until,
          "from the operator's credit first");
  else
    CHECK(w.o.record.throttle.budget_until == max_of(w.at.throttle.budget_until, w.s.clock.now) + 25920,
          "then from the budget");
  CHECK(w.o.notice == (n + w.at.throttle.failures[1 - lane] == 10    ? Notice::ten_failures
                       : n + w.at.throttle.failures[1 - lane] == 100 ? Notice::locked
                                                                     : Notice::none),
        "the tenth and the hundredth are told");
  CAN(n == 12 && lane == 0);
  CAN(w.at.throttle.unlock_credit != 0);
  CAN(w.o.notice == Notice::locked);
  CAN(w.o.notice == Notice::ten_failures);
}

static void k05_wrong_enrollment_code_is_counted() {
  if (!(w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::rejected)) return;
  if (w.at.enrollment_failures == 9)
    CHECK(w.o.record.state == w.at.before && empty_secret(w.o.record.pending),
          "the tenth wrong code cancels the enrollment");
  else
    CHECK(w.o.record.state == State::enrolling &&
              w.o.record.enrollment_failures == w.at.enrollment_failures + 1,
          "it counts on the enrollment");
  CHECK(same_throttle(w.o.record.throttle, w.at.throttle), "alone");
  CHECK(same_but_throttle_and_enrollment(w.o.record, w.at), "and changes nothing else");
  CAN(w.at.enrollment_failures == 9 && w.at.before == State::replacing);
  CAN(w.at.enrollment_failures == 0);
}

static void k05_wrong_recovery_code_is_charged() {
  if (!((w.e.kind == Kind::request_recovery || w.e.kind == Kind::confirm_recovery) &&
        w.o.verdict == Verdict::rejected))
    return;
  CHECK(w.o.record.throttle.recovery_until == max_of(w.at.throttle.recovery_until, w.s.clock.now) + 60,
        "to a budget of its own");
  CHECK(w.o.record.throttle.failures[0] == w.at.throttle.failures[0] &&
            w.o.record.throttle.failures[1] == w.at.throttle.failures[1] &&
            w.o.record.throttle.budget_until == w.at.throttle.budget_until,
        "not to the code's");
  CHECK(max_of(w.at.throttle.recovery_until, w.s.clock.now) + 60 <= w.s.clock.now + 6000,
        "of a hundred, one a minute");
  CAN(w.e.kind == Kind::confirm_recovery && w.at.throttle.recovery_until > w.s.clock.now);
  CAN(w.e.kind == Kind::request_recovery);
}

static void k06_last_twenty_are_for_known_browsers() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected && w.at.throttle.unlock_credit == 0))
    return;
  const Seconds level = left_of(w.o.record.throttle.budget_until, w.s.clock.now);
  CHECK(w.e.lane == Lane::known || level <= 80 * 25920, "other browsers use at most 80 of the 100");
  CAN(w.e.lane == Lane::known && level > 99 * 25920);
  CAN(w.e.lane == Lane::other && level == 80 * 25920);
}

static void k06_only_a_code_clears_failures() {
  if (!(active(w.at.state) && active(w.o.record.state))) return;
  const bool code = by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted;
  const bool unlocked = w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted;
  if (!code && !unlocked)
    CHECK(w.o.record.throttle.failures[0] >= w.at.throttle.failures[0] &&
              w.o.record.throttle.failures[1] >= w.at.throttle.failures[1],
          "nothing else clears a lane");
  if (!unlocked)
    CHECK(w.o.record.throttle.unlock_credit <= w.at.throttle.unlock_credit, "only the operator gives credit");
  CHECK(w.o.record.throttle.budget_until >= w.at.throttle.budget_until,
        "nothing but time refills the budget, success does not");
  if (code)
    CHECK(failures_of(w.o.record) == 0 && w.o.record.throttle.wait_until[0] == 0 &&
              w.o.record.throttle.wait_until[1] == 0,
          "an accepted code clears both lanes");
  CAN(code && failures_of(w.at) == 99);
  CAN(unlocked && w.at.throttle.failures[1] == 99);
}

static void k08_refusal_changes_nothing() {
  if (w.o.verdict != Verdict::accepted) {
    CHECK(w.o.write == (w.o.verdict == Verdict::rejected), "only a charge is written");
    if (!w.o.write) CHECK(same_record(w.o.record, w.at), "what is not written is as it was");
    const bool enrollment_counted = w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::rejected;
    CHECK(same_but_throttle_and_enrollment(w.o.record, w.at), "a refusal leaves everything but the throttle");
    if (!enrollment_counted) CHECK(same_enrollment(w.o.record, w.at), "and the state");
    CHECK(w.o.step == 0, "and names no step");
    CHECK(w.o.verdict == Verdict::rejected || w.o.notice == Notice::none, "and tells nobody");
  }
  CAN(w.o.verdict == Verdict::wrong_state);
  CAN(w.o.verdict == Verdict::forbidden);
  CAN(w.o.verdict == Verdict::wrong_holder);
  CAN(w.o.verdict == Verdict::proof_needed);
  CAN(w.o.verdict == Verdict::malformed);
  CAN(w.o.verdict == Verdict::rejected && w.o.write);
}

// A failure is charged to its lane and to the budget; whatever else limits guessing stays as it was.
static void k08_a_charge_eases_nothing() {
  const Throttle& t = w.at.throttle;
  const Throttle& n = w.o.record.throttle;
  if (w.o.verdict == Verdict::rejected && by_code_kind(w.e.kind))
    CHECK(n.recovery_until == t.recovery_until && n.link_until[0] == t.link_until[0] &&
              n.link_until[1] == t.link_until[1] && n.link_until[2] == t.link_until[2],
          "a wrong code leaves the recovery codes' budget and the links alone");
  if (w.o.verdict == Verdict::rejected && !by_code_kind(w.e.kind))
    CHECK(n.failures[0] == t.failures[0] && n.failures[1] == t.failures[1] &&
              n.wait_until[0] == t.wait_until[0] && n.wait_until[1] == t.wait_until[1] &&
              n.budget_until == t.budget_until && n.unlock_credit == t.unlock_credit &&
              n.link_until[0] == t.link_until[0] && n.link_until[1] == t.link_until[1] &&
              n.link_until[2] == t.link_until[2],
          "a wrong recovery code, or one of an enrollment, leaves back-off, budget and links alone");
  if (w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted)
    CHECK(n.failures[0] == t.failures[0] && n.failures[1] == t.failures[1] &&
              n.wait_until[0] == t.wait_until[0] && n.wait_until[1] == t.wait_until[1] &&
              n.budget_until == t.budget_until && n.unlock_credit == t.unlock_credit &&
              n.recovery_until == t.recovery_until && n.link_until[0] == t.link_until[1] &&
              n.link_until[1] == t.link_until[2],
          "nor does a right one ease anything: it counts one more link");
  if (w.o.verdict == Verdict::accepted && active(w.at.state) && active(w.o.record.state))
    CHECK(n.recovery_until == t.recovery_until && n.budget_until == t.budget_until,
          "and no budget is refilled by what is accepted");
  CAN(w.o.verdict == Verdict::rejected && by_code_kind(w.e.kind) && t.recovery_until > w.s.clock.now);
  CAN(w.o.verdict == Verdict::rejected && !by_code_kind(w.e.kind) && t.wait_until[1] > w.s.clock.now);
}

static void k08_an_answer_names_times_and_steps() {
  CHECK((w.o.retry_at != 0) == (w.o.verdict == Verdict::waiting),
        "a time to come again, exactly when waiting");
  if (w.o.verdict == Verdict::waiting) CHECK(w.o.retry_at > w.s.clock.now, "and it lies ahead");
  const bool code = by_code_kind(w.e.kind) || w.e.kind == Kind::confirm_enrollment;
  CHECK((w.o.step != 0) == (code && w.o.verdict == Verdict::accepted),
        "a step, exactly for an accepted code");
  CAN(w.o.retry_at != 0);
  CAN(w.o.step != 0);
}

static void charge_claims() {
  k08_a_charge_eases_nothing();
  k08_an_answer_names_times_and_steps();
  k05_evaluated_means_decided();
  k05_wrong_code_is_charged();
  k05_wrong_enrollment_code_is_counted();
  k05_wrong_recovery_code_is_charged();
  k06_last_twenty_are_for_known_browsers();
  k06_only_a_code_clears_failures();
  k08_refusal_changes_nothing();
}
