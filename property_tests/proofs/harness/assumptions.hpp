// SPDX-License-Identifier: Apache-2.0
// What every harness starts from: the shipped kernel, re-spelled (respell.sed) and included whole, and what
// is assumed of the rest.
//
// - totp_codes() is any three numbers, digest() any non-zero value, the same for the same question
//   (stubs.hpp). That they compute what RFC 6238 and SHA-256 say is shown by vectors, oathtool and a second
//   implementation, not here.
// - kernel/bytes.cpp, kernel/wipe.cpp and match_code() are replaced, in all harnesses but their own
// (bytes.cpp),
//   by what they are proved to do (contracts.hpp, match_contract.hpp).
// - scrub_stack() is not called: handle() adds only the scrub to handle_unscrubbed(), which handle.cpp
// proves.
//   The painted-stack test shows the scrub.
// - Integers are as on x86-64 and AArch64 Linux: 64-bit size_t, two's complement.
//
// What a claim takes for right is in words of its own (plain.hpp, world.hpp): no harness asks the kernel, nor
// the specification (claims_lint.py).
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
#ifdef WITH_SPECIFICATION  // before the kernel, of which it can then use nothing
#include "specified.hpp"
#endif
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
#ifndef WITH_SPECIFICATION
#include "step_contract.hpp"
#endif
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

#include "plain.hpp"
#include "stubs.hpp"
#include "world.hpp"
