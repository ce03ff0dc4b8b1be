// SPDX-License-Identifier: Apache-2.0
// K5, K6, K8: every evaluated guess is charged, the count of guesses is bounded, a refusal changes nothing
// else.
#include "assumptions.hpp"

static void k05_evaluated_means_decided() {
  if (w.code_evaluated)
    CHECK(w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected,
          "an evaluated code is accepted or charged");
  if (w.code_evaluated) CHECK(w.o.write, "and what was decided on it is written before the answer");
  const bool asks = w.e.kind == Kind::request_recovery && is_event(w.e) && active(w.at.state);
  if (asks)
    CHECK((w.o.verdict == Verdict::rejected) == !w.says.recovery_code,
          "a recovery code is evaluated always: the wrong ones are rejected, and no right one");
  if (asks && w.says.recovery_code)
    CHECK(w.o.verdict == (!w.e.mailable                             ? Verdict::undeliverable
                          : w.at.throttle.link_until[0] > w.at.seen ? Verdict::waiting
                                                                    : Verdict::accepted),
          "a right one waits for nothing but an address and a link that is free");
  CAN(w.code_evaluated && w.o.verdict == Verdict::rejected);
  CAN(asks && w.o.verdict == Verdict::undeliverable);
  CAN(asks && w.o.verdict == Verdict::waiting);
}

static void k05_wrong_code_is_charged() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected && !ticket_shown(w.e))) return;
  const std::uint32_t lane = static_cast<std::uint32_t>(w.e.lane);
  const std::uint32_t n = w.at.throttle.failures[lane] + 1U;
  CHECK(w.o.record.throttle.failures[lane] == n, "one more failure in its lane");
  CHECK(w.o.record.throttle.failures[1 - lane] == w.at.throttle.failures[1 - lane], "none in the other");
  if (n < 5)
    CHECK(w.o.record.throttle.wait_until[lane] == 0, "the first four cost no time");
  else
    CHECK(w.o.record.throttle.wait_until[lane] == w.at.seen + pause_after(n), "then the lane's back-off");
  CHECK(w.o.record.throttle.wait_until[1 - lane] == w.at.throttle.wait_until[1 - lane],
        "and not the other's");
  CHECK(w.o.record.throttle.budget_until == max_of(w.at.throttle.budget_until, w.at.seen) + 25920,
        "one unit of the budget");
  CHECK(w.o.record.throttle.ticket_failures == w.at.throttle.ticket_failures &&
            same_voucher(w.o.record, w.at) && !w.o.by_ticket,
        "and no ticket is touched");
  CAN(n == 12 && lane == 0);
  CAN(w.at.ticket_codes != 0);
}

static void k05_wrong_code_with_a_ticket_is_charged() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected && ticket_shown(w.e))) return;
  Throttle n = w.at.throttle;
  n.ticket_failures = static_cast<std::uint8_t>(w.at.throttle.ticket_failures + 1U);
  CHECK(same_throttle(w.o.record.throttle, n), "it counts to the hundred, and to no lane and no budget");
  CHECK(w.o.record.ticket_codes + 1U == w.at.ticket_codes && w.o.by_ticket,
        "one of the ticket's codes is used");
  if (w.o.record.ticket_codes == 0)
    CHECK(w.o.record.voucher_until == 0 && empty_token(w.o.record.voucher_hash), "with the last it is gone");
  else
    CHECK(w.o.record.voucher_until == w.at.voucher_until &&
              same_token(w.o.record.voucher_hash, w.at.voucher_hash),
          "before, it stays");
  CAN(w.o.record.ticket_codes == 0);
  CAN(w.o.record.ticket_codes == 4 && w.at.throttle.wait_until[1] > w.at.seen);
}

static void k05_failures_are_told() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected)) return;
  const std::uint32_t n = failures_of(w.at) + 1U;
  CHECK(failures_of(w.o.record) == n, "one more failure in a row, by lane or by ticket");
  CHECK(w.o.notice == (n == 10    ? Notice::ten_failures
                       : n == 100 ? Notice::locked
                                  : Notice::none),
        "the tenth and the hundredth are told");
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
  CHECK(same_but_throttle_and_enrollment(w.o.record, w.at) && same_voucher(w.o.record, w.at),
        "and changes nothing else");
  CAN(w.at.enrollment_failures == 9 && w.at.before == State::replacing);
  CAN(w.at.enrollment_failures == 0);
}

static void k05_wrong_recovery_code_is_charged() {
  if (!(proved_by_recovery_code(w.e.kind) && w.o.verdict == Verdict::rejected)) return;
  CHECK(w.o.write == recovery_has_room(w.at, w.at.seen), "written while fewer than ten are");
  Record n = w.at;
  if (w.o.write) n.throttle.recovery_until = max_of(w.at.throttle.recovery_until, w.at.seen) + 360;
  CHECK(same_record(w.o.record, n),
        "to a budget of its own, one back in six minutes, and nothing else changes");
  CHECK(w.o.record.throttle.recovery_until <= w.at.seen + 3600, "of ten");
  CAN(w.e.kind == Kind::confirm_recovery && w.at.throttle.recovery_until > w.at.seen);
  CAN(w.e.kind == Kind::request_recovery && w.o.write);
  CAN(w.e.kind == Kind::confirm_saved && !w.o.write);
}

static void k06_last_twenty_are_for_known_browsers() {
  if (!(by_code_kind(w.e.kind) && w.o.verdict == Verdict::rejected && !ticket_shown(w.e))) return;
  const Seconds level = left_of(w.o.record.throttle.budget_until, w.at.seen);
  CHECK(w.e.lane == Lane::known || level <= 80 * 25920, "other browsers use at most 80 of the 100");
  CAN(w.e.lane == Lane::known && level > 99 * 25920);
  CAN(w.e.lane == Lane::other && level == 80 * 25920);
}

static void k06_only_a_code_clears_failures() {
  if (!(active(w.at.state) && active(w.o.record.state))) return;
  const bool code = by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted;
  if (!code)
    CHECK(w.o.record.throttle.failures[0] >= w.at.throttle.failures[0] &&
              w.o.record.throttle.failures[1] >= w.at.throttle.failures[1] &&
              w.o.record.throttle.ticket_failures >= w.at.throttle.ticket_failures,
          "nothing else clears a lane, an operator's unlock neither");
  if (!code)
    CHECK(w.o.record.throttle.wait_until[0] >= w.at.throttle.wait_until[0] &&
              w.o.record.throttle.wait_until[1] >= w.at.throttle.wait_until[1],
          "nor ends a wait");
  CHECK(w.o.record.throttle.budget_until >= w.at.throttle.budget_until,
        "nothing but time refills the budget, success does not");
  if (code)
    CHECK(failures_of(w.o.record) == 0 && w.o.record.throttle.wait_until[0] == 0 &&
              w.o.record.throttle.wait_until[1] == 0,
          "an accepted code clears both lanes");
  CAN(code && failures_of(w.at) == 99);
  CAN(w.e.kind == Kind::operator_unlock && w.o.write && w.at.throttle.failures[1] == 99);
}

static void k08_refusal_changes_nothing() {
  if (w.o.verdict != Verdict::accepted) {
    CHECK(!w.o.write || w.o.verdict == Verdict::rejected, "only a charge is written");
    if (!w.o.write) CHECK(same_record(w.o.record, w.at), "what is not written is as it was");
    const bool enrollment_counted = w.e.kind == Kind::confirm_enrollment && w.o.verdict == Verdict::rejected;
    CHECK(same_but_throttle_and_enrollment(w.o.record, w.at), "a refusal leaves everything but the throttle");
    if (!enrollment_counted) CHECK(same_enrollment(w.o.record, w.at), "and the state");
    if (!w.o.by_ticket) CHECK(same_voucher(w.o.record, w.at), "and a grant, and a ticket that was not shown");
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
    CHECK(n.begin_until == t.begin_until && n.recovery_until == t.recovery_until &&
              n.link_until[0] == t.link_until[0] && n.link_until[1] == t.link_until[1] &&
              n.link_until[2] == t.link_until[2],
          "a wrong code leaves the recovery codes' budget and the links alone");
  if (w.o.verdict == Verdict::rejected && !by_code_kind(w.e.kind))
    CHECK(n.failures[0] == t.failures[0] && n.failures[1] == t.failures[1] &&
              n.wait_until[0] == t.wait_until[0] && n.wait_until[1] == t.wait_until[1] &&
              n.budget_until == t.budget_until && n.ticket_failures == t.ticket_failures &&
              n.link_until[0] == t.link_until[0] && n.link_until[1] == t.link_until[1] &&
              n.link_until[2] == t.link_until[2],
          "a wrong recovery code, or one of an enrollment, leaves back-off, budget and links alone");
  if (w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted)
    CHECK(n.failures[0] == t.failures[0] && n.failures[1] == t.failures[1] &&
              n.wait_until[0] == t.wait_until[0] && n.wait_until[1] == t.wait_until[1] &&
              n.budget_until == t.budget_until && n.ticket_failures == t.ticket_failures &&
              n.recovery_until == t.recovery_until && n.link_until[0] == t.link_until[1] &&
              n.link_until[1] == t.link_until[2],
          "nor does a right one ease anything: it counts one more link");
  if (w.o.verdict == Verdict::accepted && active(w.at.state) && active(w.o.record.state))
    CHECK(n.recovery_until == t.recovery_until && n.budget_until == t.budget_until,
          "and no budget is refilled by what is accepted");
  CAN(w.o.verdict == Verdict::rejected && by_code_kind(w.e.kind) && t.recovery_until > w.at.seen);
  CAN(w.o.verdict == Verdict::rejected && !by_code_kind(w.e.kind) && t.wait_until[1] > w.at.seen);
}

// spec 2.4: what is begun is charged, for whoever could ask for it without end; cancelling gives nothing
// back.
static void k08_begun_enrollments_are_charged() {
  const bool on_after = active(w.o.record.state) || active(w.at.state);
  const Throttle& t = w.at.throttle;
  const bool begun = w.e.kind == Kind::begin_enrollment && w.o.write;
  if (begun)
    CHECK(w.o.record.throttle.begin_until == max_of(t.begin_until, w.at.seen) + 60 &&
              w.o.record.throttle.begin_until <= w.at.seen + 1200,
          "a begun enrollment costs one of twenty, one back a minute");
  if (!begun && !on_after && w.e.kind != Kind::operator_reset)
    CHECK(w.o.record.throttle.begin_until == t.begin_until, "and nothing but time gives it back");
  CAN(begun && t.begin_until == w.at.seen + 19 * 60);
  CAN(w.e.kind == Kind::cancel_enrollment && w.o.write && t.begin_until > w.at.seen);
}

static void k08_an_answer_names_times_and_steps() {
  CHECK((w.o.retry_at != 0) == (w.o.verdict == Verdict::waiting),
        "a time to come again, exactly when waiting");
  if (w.o.verdict == Verdict::waiting) CHECK(w.o.retry_at > w.at.seen, "and it lies ahead");
  const bool code = by_code_kind(w.e.kind) || w.e.kind == Kind::confirm_enrollment;
  CHECK((w.o.step != 0) == (code && w.o.verdict == Verdict::accepted),
        "a step, exactly for an accepted code");
  CHECK(w.o.decided_at == w.at.seen, "and the time of the decision");
  CHECK(!w.o.by_ticket || (w.code_evaluated && ticket_shown(w.e)), "a ticket, where one counted");
  CAN(w.o.retry_at != 0);
  CAN(w.o.step != 0);
}

static void charge_claims() {
  k08_a_charge_eases_nothing();
  k08_an_answer_names_times_and_steps();
  k08_begun_enrollments_are_charged();
  k05_wrong_code_with_a_ticket_is_charged();
  k05_failures_are_told();
  k05_evaluated_means_decided();
  k05_wrong_code_is_charged();
  k05_wrong_enrollment_code_is_counted();
  k05_wrong_recovery_code_is_charged();
  k06_last_twenty_are_for_known_browsers();
  k06_only_a_code_clears_failures();
  k08_refusal_changes_nothing();
}
