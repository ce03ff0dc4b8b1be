// SPDX-License-Identifier: Apache-2.0
// What handle() puts around a step: an unsound clock, record or randomness is refused and changes nothing
// (K9), a clock that went back is committed (K10), what is not written is as it was (K8). Here advance() and
// decide() are replaced by any values that they are proved to give (k10_advance; k08_refusal_changes_nothing
// and k09_valid_is_inductive).
#define STEP_BY_CONTRACT
#include "assumptions.hpp"

extern "C" {

void k09_total() {  // every record, every event, every 64-bit time: an answer, and no change where something
                    // is unsound
  const Record r = nondet_record();
  const Event e = nondet_event();
  const Situation s = nondet_situation();
  nothing_asked();
  const Outcome o = handle_unscrubbed(r, e, s);
  const bool clock = clock_in_bounds(s.clock);
  const bool drawn = usable_values(s.fresh);
  const bool sound = clock && valid(r) && drawn;
  if (!sound) {
    CHECK(o.verdict == (!clock      ? Verdict::bad_clock
                        : !valid(r) ? Verdict::bad_record
                                    : Verdict::malformed),
          "in this order");
    CHECK(!o.write && asked.codes == 0 && o.notice == Notice::none && same_record(o.record, r),
          "refused, never repaired");
    CHECK(!o.clock_went_back && o.retry_at == 0 && o.step == 0,
          "and not taken for a clock, a wait or a code");
  } else {
    CHECK(valid(o.record), "a valid record stays valid");
    CHECK(o.clock_went_back == (s.clock.now < r.seen), "a clock that went back is reported");
    if (o.clock_went_back) CHECK(o.write && o.record.seen == s.clock.now, "and committed, even by a refusal");
    if (!o.write) CHECK(same_record(o.record, r), "what is not written is as it was");
    if (o.verdict == Verdict::accepted || o.verdict == Verdict::rejected)
      CHECK(o.write, "what is decided on evidence is written");
  }
  CAN(o.verdict == Verdict::bad_clock);
  CAN(o.verdict == Verdict::bad_record);
  CAN(!drawn && clock && valid(r));
  CAN(o.clock_went_back && o.verdict == Verdict::waiting);
  CAN(sound && !o.write);
}
}
