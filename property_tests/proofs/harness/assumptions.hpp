// SPDX-License-Identifier: Apache-2.0
// What every harness starts from: the shipped kernel, re-spelled (respell.sed) and included whole, and what
// is assumed of the rest.
//
// - totp_codes() is any three numbers: nothing is assumed of HMAC-SHA-1. That it computes RFC 6238's codes is
//   shown by vectors, oathtool and a second implementation, not here.
// - digest() is any non-zero value, anew at each call: nothing is assumed of SHA-256 but what its last line
//   makes so.
// - kernel/bytes.cpp, kernel/wipe.cpp and match_code() are replaced, in all harnesses but their own
// (bytes.cpp),
//   by what they are proved to do (contracts.hpp, match_contract.hpp).
// - scrub_stack() is not called: handle() adds only the scrub to handle_unscrubbed(), which handle.cpp
// proves.
//   The painted-stack test shows the scrub.
// - Integers are as on x86-64 and AArch64 Linux: 64-bit size_t, two's complement.
//
// Both stubs keep what they were asked, so that a property can say "was evaluated".
#pragma once

// Each harness is run twice. First the claims, which must all hold; then, with REACH, the situations that the
// claims are about, each of which must be found possible: a claim about nothing proves nothing.
//
// A precondition of the kernel (require.hpp) is a claim about whoever calls. Of one step, which is walked
// once for each kind of event, k09_step_is_defined proves them for all kinds at once.
#ifdef REACH
#define CHECK(condition, claim)
#define CAN(condition) __CPROVER_assert(!(condition), "REACH " #condition)
#else
#define CHECK(condition, claim) __CPROVER_assert((condition), claim)
#define CAN(condition)
#endif
#if defined(REACH) || defined(KIND)
#define REQUIRE(condition)
#else
#define REQUIRE(condition) __CPROVER_assert((condition), "REQUIRE " #condition)
#endif
#define GIVEN(condition) __CPROVER_assume(condition)

// clang-format off: the order counts
#ifdef SHIPPED_BYTES
#include "kernel/bytes.cpp"
#include "kernel/wipe.cpp"
#endif
#include "contracts.hpp"
#include "kernel/record.cpp"
#ifdef STEP_BY_CONTRACT
#define advance shipped_advance
#include "kernel/clock.cpp"
#undef advance
#else
#include "kernel/clock.cpp"
#endif
#include "kernel/throttle.cpp"
#ifdef SHIPPED_BYTES
#include "kernel/totp.cpp"
#else
#define match_code shipped_match_code
#include "kernel/totp.cpp"
#undef match_code
#include "match_contract.hpp"
#endif
#include "kernel/admit.cpp"
#include "kernel/gather.cpp"
#ifdef STEP_BY_CONTRACT
#define decide shipped_decide
#include "kernel/decide.cpp"
#undef decide
#include "step_contract.hpp"
#else
#include "kernel/decide.cpp"
#endif
#include "kernel/codec.cpp"
#include "kernel/twinlock.cpp"
// clang-format on

using namespace twinlock;

Record nondet_record();
Event nondet_event();
Clock nondet_clock();
Rules nondet_rules();
Situation nondet_situation();
Token nondet_token();
Secret nondet_secret();
Code nondet_code();
Evidence nondet_evidence();
Throttle nondet_throttle();
Encoded nondet_encoded();
std::uint64_t nondet_u64();
std::uint32_t nondet_u32();
std::uint8_t nondet_u8();
bool nondet_bool();

struct Asked {
  std::uint32_t codes;  // how often totp_codes() was called
  Secret secret;        // the last time, with what
  Step step;
  Codes answer;
  std::uint32_t digests[5];  // how often digest() was called, by purpose
  Token first[5];            // its first answer: the one that gather() compares
  Token last[5];             // its last answer: the one that decide() keeps
};

Asked asked;

namespace twinlock {

Codes totp_codes(const Secret& secret, Step now_step) noexcept {
  REQUIRE(now_step >= 1 && now_step < step_limit);
  Codes c;
  c.c[0] = nondet_u32();
  c.c[1] = nondet_u32();
  c.c[2] = nondet_u32();
  asked.codes = asked.codes + 1U;
  asked.secret = secret;
  asked.step = now_step;
  asked.answer = c;
  return c;
}

Token digest(Purpose purpose, const AccountTag& account, const Token& binding, const Token& value) noexcept {
  Token t = nondet_token();
  GIVEN(!absent(t));
  const std::uint8_t i = static_cast<std::uint8_t>(purpose);
  if (asked.digests[i] == 0) asked.first[i] = t;
  asked.last[i] = t;
  asked.digests[i] = asked.digests[i] + 1U;
  return t;
}

}  // namespace twinlock

static void nothing_asked() {
  asked.codes = 0;
  for (std::uint32_t i = 0; i < 5; ++i) asked.digests[i] = 0;
}

// Any sound start of one step: every valid record as advance() leaves it (k10_advance: valid, last seen now,
// the factor unchanged), every event, every clock, all rules, any usable randomness; and what
// handle_settled() answers. What handle() puts around it is proved over any such answer (handle.cpp). The
// claims are functions over one world, so that the prover walks the kernel once for all of them, and once per
// kind of event.
struct World {
  Event e;
  Situation s;
  Record at;
  Outcome o;
};

static World w;

// As advance() leaves a record: last seen now, and no deadline that has passed.
static bool up_to_date(const Record& at, Seconds now) {
  return at.seen == now && (at.deadline == 0 || at.deadline > now) &&
         (at.grant_until == 0 || at.grant_until > now);
}

static void any_world() {
  w.e = nondet_event();
#if !defined(KIND)
#elif KIND < 12
  w.e.kind = static_cast<Kind>(KIND);
#else
  GIVEN(static_cast<std::uint8_t>(w.e.kind) >= kinds_count);
#endif
  w.s = nondet_situation();
  w.at = nondet_record();
  GIVEN(w.s.clock.now >= clock_s_min && w.s.clock.now < clock_s_limit && w.s.clock.step >= 1 &&
        w.s.clock.step < step_limit);
  GIVEN(valid(w.at) && up_to_date(w.at, w.s.clock.now) && usable(w.s.fresh));
  nothing_asked();
  w.o = handle_settled(w.at, w.e, w.s);
}

static bool same_secret(const Secret& a, const Secret& b) {
  return a.b[0] == b.b[0] && a.b[1] == b.b[1] && a.b[2] == b.b[2] && a.b[3] == b.b[3] && a.b[4] == b.b[4] &&
         a.b[5] == b.b[5] && a.b[6] == b.b[6] && a.b[7] == b.b[7] && a.b[8] == b.b[8] && a.b[9] == b.b[9] &&
         a.b[10] == b.b[10] && a.b[11] == b.b[11] && a.b[12] == b.b[12] && a.b[13] == b.b[13] &&
         a.b[14] == b.b[14] && a.b[15] == b.b[15] && a.b[16] == b.b[16] && a.b[17] == b.b[17] &&
         a.b[18] == b.b[18] && a.b[19] == b.b[19];
}

static bool same_token(const Token& a, const Token& b) { return contract::same_token(a, b); }

static bool same_throttle(const Throttle& a, const Throttle& b) {
  return a.failures[0] == b.failures[0] && a.failures[1] == b.failures[1] &&
         a.unlock_credit == b.unlock_credit && a.wait_until[0] == b.wait_until[0] &&
         a.wait_until[1] == b.wait_until[1] && a.budget_until == b.budget_until &&
         a.recovery_until == b.recovery_until && a.link_until[0] == b.link_until[0] &&
         a.link_until[1] == b.link_until[1] && a.link_until[2] == b.link_until[2];
}

static bool same_but_throttle_and_enrollment(const Record& a, const Record& b) {
  return a.policy == b.policy && a.seen == b.seen && a.last_step == b.last_step &&
         a.grant_until == b.grant_until && a.enrolled_at == b.enrolled_at &&
         a.last_used_at == b.last_used_at && same_secret(a.secret, b.secret) &&
         same_token(a.epoch, b.epoch) && same_token(a.recovery_hash, b.recovery_hash) &&
         same_token(a.link_hash, b.link_hash) && same_token(a.asker_hash, b.asker_hash) &&
         same_token(a.grant_hash, b.grant_hash);
}

static bool same_enrollment(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.enrollment_failures == b.enrollment_failures &&
         a.deadline == b.deadline && same_secret(a.pending, b.pending) &&
         same_token(a.enrollment_id, b.enrollment_id);
}

static bool same_record(const Record& a, const Record& b) {
  return same_but_throttle_and_enrollment(a, b) && same_enrollment(a, b) &&
         same_throttle(a.throttle, b.throttle);
}

static bool active(State s) { return s == State::on || s == State::recovering; }

static bool by_code_kind(Kind k) {
  return k == Kind::verify || k == Kind::disable || k == Kind::renew_recovery_code;
}

// The lock of spec 2.4, counted here and not by the kernel's own is_locked().
static bool has_failed_100_times(const Record& r) {
  return r.throttle.failures[0] + r.throttle.failures[1] >= 100;
}

static bool required_by(const Record& r, const Rules& rules) {
  if (r.policy == Policy::required) return true;
  if (r.policy == Policy::optional) return false;
  return rules.required;
}
