// SPDX-License-Identifier: Apache-2.0
// Any value that advance() and decide() are proved to give, to a caller who keeps what they require.
#pragma once

#include "kernel/clock.hpp"
#include "kernel/decide.hpp"

twinlock::Record nondet_advanced();
twinlock::Outcome nondet_outcome();

namespace twinlock {

// k10_advance: valid, last seen now, nothing in it that has passed.
Record advance(const Record& r, Seconds now_s) noexcept {
  REQUIRE(valid(r));
  REQUIRE(now_s >= clock_s_min && now_s < clock_s_limit);
  Record at = nondet_advanced();
  __CPROVER_assume(valid(at) && at.seen == now_s);
  return at;
}

// k09_valid_is_inductive, k05_evaluated_means_decided, k08_refusal_changes_nothing; refused() sets
// clock_went_back to false.
Outcome decide(const Record& at, const Event& e, const Evidence& evidence, const Situation& s) noexcept {
  REQUIRE(valid(at) && at.seen == s.clock.now);
  REQUIRE(s.clock.step >= 1 && s.clock.step < step_limit);
  Outcome o = nondet_outcome();
  __CPROVER_assume(valid(o.record) && o.record.seen == at.seen && !o.clock_went_back);
  __CPROVER_assume(o.verdict > Verdict::bad_record && o.verdict <= Verdict::accepted);
  __CPROVER_assume(o.write == (o.verdict == Verdict::accepted || o.verdict == Verdict::rejected));
  return o;
}

}  // namespace twinlock
