// SPDX-License-Identifier: Apache-2.0
// K4, K9 and the account's life: which event leads where, and with which proof.
#include "assumptions.hpp"

static void k04_ways_out_of_on() {
  if (!(active(w.at.state))) return;
  if (!active(w.o.record.state)) {
    const bool disabled = w.e.kind == Kind::disable && w.code_evaluated && w.o.step != 0 &&
                          w.o.record.state == State::off && !required_now();
    const bool both_proofs =
        w.says.link && ((w.e.has_asker && w.says.asker) || (w.e.has_recovery_code && w.says.recovery_code));
    const bool recovered =
        w.e.kind == Kind::confirm_recovery && w.at.state == State::recovering && both_proofs;
    const bool reset = w.e.kind == Kind::operator_reset;
    CHECK(w.o.verdict == Verdict::accepted && (disabled || recovered || reset),
          "by a code, by both proofs, or by the operator");
    CHECK(w.o.record.state == State::off || w.o.record.state == State::replacing, "to off or replacing");
    if (required_now())
      CHECK(w.o.record.state == State::replacing, "never to off where policy requires a factor");
    if (recovered)
      CHECK((w.o.record.state == State::replacing) == (required_now() || w.s.rules.replace_after_recovery),
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
  if (w.e.kind == Kind::begin_enrollment && w.o.write)
    CHECK(w.says.grant && w.at.voucher_until > w.at.seen, "and an enrollment begins only with a live grant");
  CAN(w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::accepted &&
      w.at.state == State::replacing);
  CAN(w.e.kind == Kind::begin_enrollment && w.o.verdict == Verdict::wrong_holder);
  CAN(!after && w.o.record.state == State::on);
}

static void k04_required_is_never_off() {
  if (!(required_now() && w.at.state != State::off &&
        !(w.at.state == State::enrolling && w.at.before == State::off)))
    return;
  if (!(w.e.kind != Kind::set_policy)) return;
  CHECK(w.o.record.state != State::off &&
            !(w.o.record.state == State::enrolling && w.o.record.before == State::off),
        "no event leads to off");
  if (w.e.kind == Kind::disable && active(w.at.state) && is_event(w.e))
    CHECK(w.o.verdict == Verdict::forbidden, "disable is forbidden");
  CAN(w.e.kind == Kind::disable && w.o.verdict == Verdict::forbidden);
}

static void k04_recovery_needs_the_code_and_the_link() {
  if (w.o.record.state == State::recovering && w.at.state == State::on && w.o.write) {
    CHECK(w.e.kind == Kind::request_recovery && w.says.recovery_code,
          "a recovery starts with the recovery code alone");
    CHECK(w.o.notice == Notice::recovery_asked && w.e.mailable, "and its link is mailed");
    CHECK(w.o.record.deadline == w.at.seen + 600, "and lives ten minutes");
  }
  if (w.e.kind == Kind::request_recovery && w.o.verdict == Verdict::accepted) {
    CHECK(same_token(w.o.record.link_hash, w.drawn.link_hash) &&
              same_token(w.o.record.asker_hash, w.drawn.asker_hash),
          "an earlier link dies");
    CHECK(w.o.record.throttle.link_until[2] == w.at.seen + 3600 && w.at.throttle.link_until[0] <= w.at.seen,
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
  if ((w.e.kind == Kind::confirm_enrollment || w.e.kind == Kind::renew_recovery_code) &&
      w.o.verdict == Verdict::accepted)
    CHECK(w.o.record.recovery_drawn_at == w.at.seen && w.o.record.recovery_saved_at == 0,
          "a recovery code that is new, and not saved yet");
  if (w.o.record.state == State::replacing && w.at.state != State::replacing &&
      w.o.verdict == Verdict::accepted && w.e.kind != Kind::cancel_enrollment &&
      w.e.kind != Kind::operator_restored)
    CHECK(same_token(w.o.record.voucher_hash, w.drawn.grant_hash) &&
              w.o.record.voucher_until == w.at.seen + 1800,
          "replacing: a grant of 30 minutes");
  if (w.e.kind == Kind::begin_enrollment && w.o.write)
    CHECK(same_secret(w.o.record.pending, w.s.fresh.secret) &&
              same_token(w.o.record.enrollment_id, w.s.fresh.enrollment_id) &&
              w.o.record.deadline == w.at.seen + 600 && w.o.record.enrollment_failures == 0,
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
    CHECK(w.o.record.ticket_codes == 5 && w.o.record.voucher_until == w.at.seen + 1800 &&
              same_token(w.o.record.voucher_hash, w.drawn.ticket_hash),
          "an unlock issues a ticket: five codes, half an hour, kept as a hash");
    CHECK(same_throttle(w.o.record.throttle, w.at.throttle) &&
              same_but_throttle_and_enrollment(w.o.record, w.at) && same_enrollment(w.o.record, w.at),
          "and changes nothing for anybody else");
    CHECK(w.o.notice == Notice::ticket_issued, "and is told");
  }
  if (w.e.kind == Kind::set_policy && w.o.verdict == Verdict::accepted) {
    Record n = w.o.record;
    n.policy = w.at.policy;
    n.policy_from = w.at.policy_from;
    n.host_word = w.at.host_word;
    CHECK(w.o.record.policy == w.e.policy && w.o.record.policy_from == w.e.policy_from &&
              w.o.record.host_word == HostWord::unsaid && same_record(n, w.at),
          "a policy and its date change, the host's word is forgotten, and nothing else");
  }
  if (w.e.kind != Kind::set_policy)
    CHECK(w.o.record.policy == w.at.policy && w.o.record.policy_from == w.at.policy_from,
          "and nothing else changes them");
  CAN(w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted);
  CAN(w.e.kind == Kind::set_policy && w.o.verdict == Verdict::accepted && w.e.policy == Policy::required);
}

// spec 2.8: the host's last word is kept where a code was accepted or an enrollment begun.
static void k04_host_word_is_kept() {
  if (w.e.kind == Kind::set_policy) return;
  const bool proved =
      w.o.verdict == Verdict::accepted && w.o.write &&
      (by_code_kind(w.e.kind) || w.e.kind == Kind::confirm_enrollment || w.e.kind == Kind::begin_enrollment);
  const bool kept = proved && w.e.host_word != HostWord::unsaid;
  CHECK(w.o.record.host_word == (kept ? w.e.host_word : w.at.host_word), "then, and only then");
  CAN(kept && w.e.host_word == HostWord::not_required && w.at.host_word == HostWord::required);
  CAN(!kept && w.e.host_word == HostWord::required && w.o.write);
}

// A ticket lets nobody in by itself, is issued by the operator alone, and ends as spec 2.4 says.
static void k04_ticket() {
  if (!active(w.at.state)) return;
  const bool issued = w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted;
  if (!issued) CHECK(w.o.record.ticket_codes <= w.at.ticket_codes, "by the operator alone");
  const bool entered = by_code_kind(w.e.kind) && w.o.verdict == Verdict::accepted;
  if (entered || (w.e.kind == Kind::operator_restored && w.o.write))
    CHECK(w.o.record.ticket_codes == 0, "it ends with an accepted code, and with a restore");
  if (w.e.kind == Kind::revoke_passes || w.e.kind == Kind::request_recovery ||
      w.e.kind == Kind::confirm_saved)
    CHECK(same_voucher(w.o.record, w.at), "not with a revoked pass: a stolen pass must not burn it");
  if (by_code_kind(w.e.kind) && !ticket_shown(w.e) && w.o.verdict != Verdict::accepted)
    CHECK(same_voucher(w.o.record, w.at), "nor by whoever does not hold it");
  CAN(w.e.kind == Kind::revoke_passes && w.o.write && w.at.ticket_codes == 3);
  CAN(w.o.verdict == Verdict::accepted && w.o.by_ticket && w.at.throttle.wait_until[1] > w.at.seen);
}

static void k04_import() {
  if (!(w.e.kind == Kind::operator_import && w.o.verdict == Verdict::accepted)) return;
  CHECK(w.at.state == State::off || (w.at.state == State::enrolling && w.at.before == State::off),
        "from off, or enrolling from off");
  CHECK(w.o.record.state == State::on && same_key(w.o.record.secret, w.e.key) &&
            w.o.record.secret_length == w.e.key_length && w.o.notice == Notice::imported,
        "to on, with the secret that was given");
  CHECK(w.o.record.last_step == w.s.clock.step + 1, "the codes up to the next step are spent");
  CHECK(empty_token(w.o.record.recovery_hash) && w.o.record.recovery_drawn_at == 0,
        "with no recovery code until the person draws one");
  CHECK(same_token(w.o.record.epoch, w.s.fresh.epoch) &&
            same_token(w.o.record.enrollment_id, w.s.fresh.enrollment_id),
        "and a new epoch and enrollment id");
  CAN(w.at.state == State::enrolling);
  CAN(w.e.key_length == 64);
}

static void k04_restored() {
  if (!(w.e.kind == Kind::operator_restored && is_event(w.e))) return;
  CHECK(w.o.verdict == Verdict::accepted && w.o.write, "a record of a backup is taken in every state");
  CHECK(same_throttle(w.o.record.throttle, w.at.throttle), "no charge and no wait is eased");
  if (active(w.at.state)) {
    CHECK(w.o.record.state == State::on && empty_token(w.o.record.link_hash), "a recovery is gone");
    CHECK(w.o.record.last_step == max_of(w.at.last_step, w.s.clock.step + 1), "what may be spent is spent");
  }
  if (w.o.record.state != State::off)
    CHECK(same_token(w.o.record.epoch, w.s.fresh.epoch), "passes and grants of before are dead");
  CHECK(w.o.record.voucher_until == 0 && w.o.record.ticket_codes == 0, "as are grants and tickets");
  if (w.at.state == State::enrolling) CHECK(w.o.record.state == w.at.before, "an enrollment never was");
  CAN(w.at.state == State::recovering);
  CAN(w.at.state == State::replacing && w.at.voucher_until != 0);
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
    CHECK(empty_key(w.o.record.secret) && empty_secret(w.o.record.pending) &&
              empty_token(w.o.record.recovery_hash) && empty_token(w.o.record.link_hash) &&
              empty_token(w.o.record.asker_hash) && empty_token(w.o.record.enrollment_id),
          "off and replacing hold no secret");
    CHECK(w.o.record.last_step == 0 && failures_of(w.o.record) == 0 && w.o.record.throttle.budget_until == 0,
          "nor a throttle");
  }
  if (w.o.write && active(w.o.record.state))
    CHECK(empty_secret(w.o.record.pending) &&
              (w.o.record.ticket_codes != 0 || empty_token(w.o.record.voucher_hash)),
          "on holds no pending secret, and no grant");
  CAN(w.o.write && w.o.record.state == State::off && active(w.at.state));
}

static void k09_step_keeps_its_contract() {  // what handle.cpp assumes of a step
  CHECK(w.o.record.seen == w.at.seen && w.o.decided_at == w.at.seen && !w.o.clock_went_back,
        "a step does not touch the clock");
  CHECK(w.o.verdict > Verdict::bad_entropy && w.o.verdict <= Verdict::accepted,
        "nor calls a sound record unsound");
  CHECK(!w.o.write || w.o.verdict == Verdict::accepted || w.o.verdict == Verdict::rejected,
        "and writes only what it decides");
  if (w.o.verdict == Verdict::accepted)
    CHECK(w.o.write || (w.e.kind == Kind::begin_enrollment && w.says.enrollment_id),
          "all that it accepts, but for a beginning that its holder repeats");
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
  k04_host_word_is_kept();
  k04_ticket();
  k04_import();
  k04_restored();
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
  const HostWord word = nondet_host_word();
  const View v = view(r, clock, word, rules);
  CHECK(v.sound == (clock_in_bounds(clock) && valid(r)), "an unsound record or clock is seen");
  if (!v.sound) CHECK(!v.passes_without && !v.code_required, "and passes nobody");
  if (v.sound) {
    const Seconds now = decision_time(r, clock.now);
    const Record at = advance(r, now);
    CHECK(v.passes_without ==
              (!required_by(r, word, rules, now) &&
               (at.state == State::off || (at.state == State::enrolling && at.before == State::off))),
          "only off, or enrolling from off, passes without a code, and only where policy allows");
    CHECK(v.code_required == active(at.state) && v.state == at.state, "on and recovering need a code");
    CHECK(!(v.passes_without && v.code_required), "never both");
    CHECK(v.second_factor_required ? required_by(r, word, rules, now) : !required_by(r, word, rules, now),
          "what host, policy and configuration say");
    CHECK((v.ticket_until != 0) == (at.ticket_codes != 0) && (v.grant_until == 0 || !active(at.state)),
          "a live ticket in on, a live grant elsewhere");
    CHECK(v.recovery_drawn_at == at.recovery_drawn_at && v.recovery_saved_at == at.recovery_saved_at,
          "when the recovery code was drawn and saved");
    CHECK(v.locked == has_failed_100_times(at) && v.failures == failures_of(at),
          "the failures in a row, and the lock");
  }
  CAN(v.passes_without);
  CAN(v.sound && v.locked);
  CAN(v.sound && v.retry_after_s[1] > v.retry_after_s[0]);
}
}
