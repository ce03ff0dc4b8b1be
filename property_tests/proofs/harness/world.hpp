// SPDX-License-Identifier: Apache-2.0
// One step from any sound start: every valid record as advance() leaves it (k10_advance), whose last-seen
// time is the time of the decision, every event, every step, all rules, any usable randomness; what each
// check would say of what is presented; and what handle_settled() answers. What handle() puts around it is
// proved over any such answer (handle.cpp). The claims are functions over this one world, so that the prover
// walks the kernel once for all of them, and once per kind of event.
//
// With OF_SPECIFICATION the answer is the specification's, so that the same claims are proved of it.
#pragma once

#include "says.hpp"

struct World {
  Event e;
  Situation s;
  Record at;
  Says says;
  Drawn drawn;
  Outcome o;
  bool code_evaluated;
};

static World w;

static bool none_or_to_come(Seconds until, Seconds now) { return until == 0 || until > now; }

// As advance() leaves a record: last seen now, and no time that has passed.
static bool up_to_date(const Record& at, Seconds now) {
  const Throttle& t = at.throttle;
  return at.seen == now && none_or_to_come(at.deadline, now) && none_or_to_come(at.voucher_until, now) &&
         none_or_to_come(t.wait_until[0], now) && none_or_to_come(t.wait_until[1], now) &&
         none_or_to_come(t.budget_until, now) && none_or_to_come(t.recovery_until, now) &&
         none_or_to_come(t.begin_until, now) && none_or_to_come(t.link_until[0], now) &&
         none_or_to_come(t.link_until[1], now) && none_or_to_come(t.link_until[2], now) &&
         (at.voucher_until != 0 || empty_token(at.voucher_hash));
}

#ifdef WITH_SPECIFICATION
#include "translation.hpp"
#endif

// Presented and drawn, for each purpose, with the binding that docs/spec.md names: a recovery code, a link
// an asker secret and a ticket to the enrollment, a grant to the epoch.
static void ask_the_stubs() {
  const Codes active = totp_codes(w.at.secret, w.s.clock.step);
  TotpKey key{};
  for (std::uint32_t i = 0; i < 20; ++i) key.b[i] = w.at.pending.b[i];
  const Codes pending = totp_codes(key, w.s.clock.step);
  const std::uint32_t n = number_of(w.e.code);
  for (std::uint32_t i = 0; i < 3; ++i) {
    w.says.code[i] = n == active.c[i];
    w.says.pending_code[i] = n == pending.c[i];
  }
  const AccountTag& who = w.s.account;
  const Token& id = w.at.enrollment_id;
  w.says.recovery_code =
      same_token(digest(Purpose::recovery_code, who, id, w.e.recovery_code), w.at.recovery_hash);
  w.says.link = same_token(digest(Purpose::link, who, id, w.e.link), w.at.link_hash);
  w.says.asker = same_token(digest(Purpose::asker, who, id, w.e.asker), w.at.asker_hash);
  w.says.grant = same_token(digest(Purpose::grant, who, w.at.epoch, w.e.grant), w.at.voucher_hash);
  w.says.ticket = same_token(digest(Purpose::ticket, who, id, w.e.ticket), w.at.voucher_hash);
  w.says.enrollment_id = same_token(w.e.enrollment_id, w.at.enrollment_id);
  w.says.epoch = same_token(w.e.epoch, w.at.epoch);
  w.drawn.recovery_hash = digest(Purpose::recovery_code, who, id, w.s.fresh.recovery_code);
  w.drawn.link_hash = digest(Purpose::link, who, id, w.s.fresh.link);
  w.drawn.asker_hash = digest(Purpose::asker, who, id, w.s.fresh.asker);
  w.drawn.grant_hash = digest(Purpose::grant, who, w.s.fresh.epoch, w.s.fresh.grant);
  w.drawn.ticket_hash = digest(Purpose::ticket, who, id, w.s.fresh.ticket);
}

// spec 2.4: a verify came with the ticket, and the ticket lives.
static bool ticket_shown(const Event& e) {
  return e.kind == Kind::verify && w.at.ticket_codes > 0 && w.says.ticket;
}

static bool required_now() { return required_by(w.at, w.e.host_word, w.s.rules, w.at.seen); }

static void any_start() {
  w.e = nondet_event();
#if !defined(KIND)
#elif KIND < 15
  w.e.kind = static_cast<Kind>(KIND);
#else
  GIVEN(static_cast<std::uint8_t>(w.e.kind) >= kinds_count);
#endif
  w.s = nondet_situation();
  w.at = nondet_record();
  GIVEN(w.at.seen >= clock_s_min && w.at.seen < clock_s_limit && w.s.clock.step >= 1 &&
        w.s.clock.step < step_limit);
  GIVEN(valid(w.at) && up_to_date(w.at, w.at.seen) && usable_values(w.s.fresh));
  nothing_asked();
  ask_the_stubs();
  asked.codes = 0;
}

#ifdef WITH_SPECIFICATION
static specification::Answer specified_step() {
  const specification::Account a = specification::account_of(numbers_of(w.at));
  specification::Clock moment = time_of(w.s.clock);
  moment.now = number(w.at.seen);
  return specification::decided(a, request_of(w.e), moment, settings_of(w.s.rules),
                                checks_of(w.says, w.s.fresh));
}
#endif

static void any_world() {
  any_start();
#ifdef OF_SPECIFICATION
  const specification::Answer said = specified_step();
  w.o = outcome_from(said, w.at, w.e.key, w.s, w.drawn);
  w.code_evaluated = said.code_evaluated;
#else
  w.o = handle_settled(w.at, w.e, w.s);
  w.code_evaluated = asked.codes != 0;
#endif
}
