// SPDX-License-Identifier: Apache-2.0
// Claim: through any history the kernel answers as the naive model does, which shares no code with it:
// verdict, notice, step, retry time, whether it was written, and every word of the view.
//
// Input: history.hpp; the seeds are kernel_history's.
#include "property_tests/model/kernel_model.hpp"

#include "fuzz/claim.hpp"
#include "fuzz/history.hpp"
#include "property_tests/model/kernel_view.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

std::int64_t number(std::uint64_t x) { return static_cast<std::int64_t>(x); }

model::ModelOutcome told(const Outcome& o) {
  return {o.verdict,          o.notice,       o.write,     o.clock_went_back,
          number(o.retry_at), number(o.step), o.by_ticket, number(o.decided_at)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::Account naive;
  fuzz::play(data, size, 300, [&naive](const fuzz::Happening& h) {
    claim(told(h.outcome) == naive.handle(h.event, h.clock, h.rules, h.fresh));
    for (const Seconds later_s : {0U, 29U, 601U}) {
      const Seconds at = h.clock.now + later_s;
      const View v = view(h.outcome.record, {at, at / step_s}, h.event.host_word, h.rules);
      claim(v.sound == (at >= 30 && at < 1'099'511'627'776));
      if (v.sound) claim(model::sight_of(v) == naive.look(number(at), h.event.host_word, h.rules));
    }
  });
  return 0;
}
