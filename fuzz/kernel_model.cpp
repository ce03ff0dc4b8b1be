// SPDX-License-Identifier: Apache-2.0
// Claim: through any history the kernel answers as the specification does, which shares no code with it:
// verdict, notice, step, retry time, whether it was written, every byte of the record, and every word of the
// view.
//
// Input: history.hpp; the seeds are kernel_history's.
#include "fuzz/claim.hpp"
#include "fuzz/history.hpp"
#include "property_tests/model/kernel_oracle.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::Account account;
  fuzz::play(data, size, 300, [&account](const fuzz::Happening& h) {
    const model::ModelOutcome said = account.handle(h.event, h.clock, h.rules, h.fresh);
    claim(model::outcome_of(h.outcome) == said);
    claim(account.difference(h.outcome.record, fuzz::history_account).empty());
    for (const Seconds later_s : {0U, 29U, 601U}) {
      const Seconds at = h.clock.now + later_s;
      const View v = view(h.outcome.record, {at, at / step_s}, h.event.host_word, h.rules);
      claim(v.sound == (at >= 30 && at < 1'099'511'627'776));
      if (v.sound)
        claim(model::sight_of(v) == account.look(static_cast<std::int64_t>(at), h.event.host_word, h.rules));
    }
  });
  return 0;
}
