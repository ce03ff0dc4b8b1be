// SPDX-License-Identifier: Apache-2.0
// K21, the outermost layer: what stands around the passing of time and a step, for every record, event and
// 64-bit time. The two layers below are any values, but the same ones in kernel and specification, which
// k21_time and k21_step show; and each must be handed what they start from.
#define WITH_SPECIFICATION
#define STEP_BY_CONTRACT
#include "assumptions.hpp"

specification::Account nondet_account();
specification::Answer nondet_answer();
Says nondet_says();

struct Layers {
  Record kept;                    // what handle() is given
  Seconds now;                    // the time of the decision
  Record settled;                 // what advance() gives,
  specification::Account moment;  // and the specification's account of it
  Record next;                    // what a step gives,
  specification::Answer answer;   // and what the specification says of it
  bool handed_on;                 // each layer was handed what the one before gave
};

static Layers layers;

static bool same_account(const specification::Account& a, const specification::Account& b) {
  return a.state == b.state && a.before == b.before && a.policy == b.policy &&
         a.policy_from == b.policy_from && a.host_word == b.host_word &&
         a.wrong_confirmations == b.wrong_confirmations && a.failures[0] == b.failures[0] &&
         a.failures[1] == b.failures[1] && a.failures[2] == b.failures[2] &&
         a.ticket_codes == b.ticket_codes && a.wait_left[0] == b.wait_left[0] &&
         a.wait_left[1] == b.wait_left[1] && a.budget_used == b.budget_used &&
         a.recovery_used == b.recovery_used && a.begin_used == b.begin_used &&
         a.link_left[0] == b.link_left[0] && a.link_left[1] == b.link_left[1] &&
         a.link_left[2] == b.link_left[2] && a.life_left == b.life_left && a.voucher_left == b.voucher_left &&
         a.last_step == b.last_step && a.enrolled_at == b.enrolled_at && a.last_used_at == b.last_used_at &&
         a.recovery_drawn_at == b.recovery_drawn_at && a.recovery_saved_at == b.recovery_saved_at &&
         a.secret_length == b.secret_length && a.fields.secret == b.fields.secret &&
         a.fields.pending == b.fields.pending && a.fields.enrollment_id == b.fields.enrollment_id &&
         a.fields.epoch == b.fields.epoch && a.fields.recovery_hash == b.fields.recovery_hash &&
         a.fields.link_hash == b.fields.link_hash && a.fields.asker_hash == b.fields.asker_hash &&
         a.fields.voucher_hash == b.fields.voucher_hash;
}

namespace twinlock {

Record advance(const Record& r, Seconds now_s) noexcept {
  REQUIRE(valid(r) && now_s >= clock_s_min && now_s < clock_s_limit);
  if (!same_record(r, layers.kept) || now_s != layers.now) layers.handed_on = false;
  return layers.settled;
}

Outcome decide(const Record& at, const Event& e, const Evidence& evidence, const Situation& s) noexcept {
  if (!same_record(at, layers.settled) || e.kind != w.e.kind || s.clock.step != w.s.clock.step)
    layers.handed_on = false;
  Outcome o = head_from(layers.answer);
  o.decided_at = layers.now;
  o.record = layers.next;
  return o;
}

}  // namespace twinlock

namespace specification {

Account later(const Account& a, Number seconds) noexcept {
  Number forward = 0;
  if (layers.now > layers.kept.seen) forward = number(layers.now - layers.kept.seen);
  if (seconds != forward || !same_account(a, account_of(numbers_of(layers.kept)))) layers.handed_on = false;
  return layers.moment;
}

Answer decided(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
               const Says& says) noexcept {
  if (!same_account(a, layers.moment) || clock.now != number(layers.now)) layers.handed_on = false;
  return layers.answer;
}

}  // namespace specification

extern "C" {

void k21_entry() {
  layers.kept = nondet_record();
  layers.settled = nondet_record();
  layers.moment = nondet_account();
  layers.next = nondet_record();
  layers.answer = nondet_answer();
  layers.handed_on = true;
  w.e = nondet_event();
  w.s = nondet_situation();
  w.at = layers.settled;
  w.says = nondet_says();
  layers.now = w.s.clock.now;
  if (w.s.clock.now < layers.kept.seen && layers.kept.seen - w.s.clock.now <= 30)
    layers.now = layers.kept.seen;
  GIVEN(valid(layers.settled) && layers.settled.seen == layers.now && valid(layers.next));
  GIVEN(!layers.answer.clock_went_back && layers.answer.retry_at >= 0 && layers.answer.step >= 0 &&
        layers.answer.decided_at >= 0);
  nothing_asked();
  w.o = handle_unscrubbed(layers.kept, w.e, w.s);
  const specification::Answer said =
      specification::specified(numbers_of(layers.kept), request_of(w.e), time_of(w.s.clock),
                               settings_of(w.s.rules), checks_of(w.says, w.s.fresh));
  same_answers(w.o, head_from(said));
  CHECK(layers.handed_on, "each layer starts from what the one before gave");
  if (!said.write)
    CHECK(same_record(w.o.record, layers.kept), "what is not written is as it was, byte for byte");
  if (said.write)
    CHECK(same_record(w.o.record, layers.next) && same_account(said.next, layers.answer.next),
          "what is written is what the step gave");
  CAN(said.verdict == specification::Verdict::bad_clock);
  CAN(said.verdict == specification::Verdict::bad_record);
  CAN(said.verdict == specification::Verdict::bad_entropy);
  CAN(said.decided_at > number(w.s.clock.now));
  CAN(said.clock_went_back && said.verdict == specification::Verdict::waiting);
  CAN(said.write && !said.clock_went_back);
}
}
