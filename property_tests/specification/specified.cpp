// SPDX-License-Identifier: Apache-2.0
// spec 2.2 and 2.5: the whole, around the passing of time and one event.
#include "property_tests/specification/specification.hpp"

namespace specification {

// spec 2.5: servers that share accounts may differ by 30 seconds.
Number decision_time(Number seen, Number now) noexcept {
  if (now < seen && now + 30 >= seen) return seen;
  return now;
}

Answer specified(const Record& r, const Event& e, const Clock& clock, const Rules& rules,
                 const Says& says) noexcept {
  const Account before = account_of(r);
  if (!sound_clock(clock)) return refused(before, Verdict::bad_clock);
  if (!well_formed(r)) return refused(before, Verdict::bad_record);
  if (!says.drawn) return refused(before, Verdict::bad_entropy);
  Clock moment = clock;
  moment.now = decision_time(r.seen, clock.now);
  Answer answer = decided(later(before, at_least_0(moment.now - r.seen)), e, moment, rules, says);
  answer.decided_at = moment.now;
  answer.clock_went_back = moment.now < r.seen;
  if (answer.clock_went_back) answer.write = true;
  return answer;
}

}  // namespace specification
