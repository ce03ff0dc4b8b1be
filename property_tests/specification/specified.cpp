// SPDX-License-Identifier: Apache-2.0
// spec 2.2 and 2.5: the whole, around the passing of time and one event.
#include "property_tests/specification/specification.hpp"

namespace specification {

Answer specified(const Record& r, const Event& e, const Clock& clock, const Rules& rules,
                 const Says& says) noexcept {
  const Account before = account_of(r);
  if (!sound_clock(clock)) return refused(before, Verdict::bad_clock);
  if (!well_formed(r)) return refused(before, Verdict::bad_record);
  if (!says.drawn) return refused(before, Verdict::malformed);
  Answer answer = decided(later(before, at_least_0(clock.now - r.seen)), e, clock, rules, says);
  answer.clock_went_back = clock.now < r.seen;
  if (answer.clock_went_back) answer.write = true;
  return answer;
}

}  // namespace specification
