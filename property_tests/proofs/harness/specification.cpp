// SPDX-License-Identifier: Apache-2.0
// K21: the kernel's whole outcome is what the specification says. By layer, as the kernel is built: the
// bounds of clock and record, the passing of time, one step (by kind of event); what stands around them is
// specification_entry.cpp.
#define WITH_SPECIFICATION
#include "assumptions.hpp"

// As if nothing were drawn: time draws nothing.
static Drawn nothing_drawn() {
  Drawn d{};
  return d;
}

extern "C" {

void k21_clock() {  // every 64-bit time and step
  const Clock c = nondet_clock();
  CHECK(sane(c) == specification::sound_clock(time_of(c)), "the clock's bounds");
  CAN(sane(c) && c.now == 30);
  CAN(sane(c) && c.now == 1099511627775);
  CAN(!sane(c) && c.now == 59 && c.step == 2);
}

void k21_valid() {  // every record at all
  const Record r = nondet_record();
  CHECK(valid(r) == specification::well_formed(numbers_of(r)), "which records are well formed");
  CAN(valid(r) && r.state == State::off);
  CAN(valid(r) && r.state == State::enrolling && r.before == State::replacing);
  CAN(valid(r) && r.state == State::recovering);
  CAN(valid(r) && r.state == State::replacing && r.grant_until == 0);
  CAN(!valid(r) && r.state == State::on);
}

void k21_time() {  // every valid record, every time in bounds
  const Record r = nondet_record();
  const Seconds now = nondet_u64();
  GIVEN(valid(r) && now >= 30 && now < 1099511627776);
  const Record at = advance(r, now);
  std::int64_t forward = 0;
  if (now > r.seen) forward = number(now - r.seen);
  const specification::Account a = specification::later(specification::account_of(numbers_of(r)), forward);
  Fresh none{};
  same_records(at, record_from(a, number(now), r, none, nothing_drawn()));
  CHECK(up_to_date(at, now), "and is what a step starts from");
  CAN(r.state == State::enrolling && at.state == State::replacing);
  CAN(r.state == State::recovering && at.state == State::on);
  CAN(now < r.seen && at.deadline > 0);
  CAN(now < r.seen && r.deadline > 0 && at.deadline == 0);
}

void k21_step() {  // every record that advance() can leave, every event, every time in bounds
  any_start();
  const specification::Answer said = specified_step();
  w.o = handle_settled(w.at, w.e, w.s);
  const Outcome o = outcome_from(said, w.at, w.s, w.drawn);
  CHECK((asked.codes != 0) == said.code_evaluated, "whether a code is evaluated");
  same_answers(w.o, o);
  same_records(w.o.record, o.record);
  CAN(o.verdict == Verdict::malformed);
  CAN(o.verdict == Verdict::wrong_state);
  CAN(o.verdict == Verdict::forbidden);
  CAN(o.verdict == Verdict::wrong_holder);
  CAN(o.verdict == Verdict::locked);
  CAN(o.verdict == Verdict::waiting);
  CAN(o.verdict == Verdict::proof_needed);
  CAN(o.verdict == Verdict::rejected);
  CAN(o.verdict == Verdict::undeliverable);
  CAN(o.verdict == Verdict::accepted && o.notice == Notice::none);
  CAN(o.notice == Notice::enabled);
  CAN(o.notice == Notice::disabled);
  CAN(o.notice == Notice::recovery_code_renewed);
  CAN(o.notice == Notice::recovery_asked);
  CAN(o.notice == Notice::recovery_confirmed);
  CAN(o.notice == Notice::recovery_cancelled);
  CAN(o.notice == Notice::reset);
  CAN(o.notice == Notice::ten_failures);
  CAN(o.notice == Notice::locked);
}
}
