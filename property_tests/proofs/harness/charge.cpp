// SPDX-License-Identifier: Apache-2.0
// K5, K6, K8: every evaluated guess is charged, the count of guesses is bounded, a refusal changes nothing
// else.
#include "assumptions.hpp"

// The back-off after the n-th consecutive failure in a lane, as spec 2.4 writes it.
static Seconds pause_after(std::uint32_t n) {
  if (n < 5) return 0;
  if (n == 5) return 30;
  if (n == 6) return 60;
  if (n == 7) return 120;
  if (n == 8) return 240;
  if (n == 9) return 480;
  if (n == 10) return 960;
  if (n == 11) return 1920;
  return 3600;
}

static Seconds max_of(Seconds a, Seconds b) { return a > b ? a : b; }

static void k05_evaluated_means_decided() {
  if (asked.codes != 0)
    CHECK(w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected,
          "an evaluated code is accepted or charged");
  if (w.o.verdict == Verdict::rejected) CHECK(w.o.write, "and what is charged is written before the answer");
  if (w.o.verdict == Verdict::accepted) CHECK(w.o.write, "as is what is accepted");
  const bool recovery_code_evaluated = w.e.kind == Kind::request_recovery && asked.digests[1] != 0;
  if (recovery_code_evaluated)
    CHECK(w.o.verdict == (!same_token(asked.first[1], w.at.recovery_hash) ? Verdict::rejected
                          : w.e.mailable                                  ? Verdict::accepted
                                                                          : Verdict::undeliverable),
          "so is an evaluated recovery code, but for a right one that cannot be mailed");
  CAN(asked.codes != 0 && w.o.verdict == Verdict::rejected);
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
    CHECK(w.o.record.state == w.at.before && absent(w.o.record.pending),
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
  const Seconds level = remaining(w.o.record.throttle.budget_until, w.s.clock.now);
  CHECK(w.e.lane == Lane::known || level <= 80 * budget_s_unit, "other browsers use at most 80 of the 100");
  CAN(w.e.lane == Lane::known && level > 99 * budget_s_unit);
  CAN(w.e.lane == Lane::other && level == 80 * budget_s_unit);
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
    CHECK(consecutive_failures(w.o.record.throttle) == 0 && w.o.record.throttle.wait_until[0] == 0 &&
              w.o.record.throttle.wait_until[1] == 0,
          "an accepted code clears both lanes");
  CAN(code && consecutive_failures(w.at.throttle) == 99);
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

static void charge_claims() {
  k05_evaluated_means_decided();
  k05_wrong_code_is_charged();
  k05_wrong_enrollment_code_is_counted();
  k05_wrong_recovery_code_is_charged();
  k06_last_twenty_are_for_known_browsers();
  k06_only_a_code_clears_failures();
  k08_refusal_changes_nothing();
}
