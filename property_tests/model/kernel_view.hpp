// SPDX-License-Identifier: Apache-2.0
// What the kernel's view() says, in the model's words, so that the two can be compared.
#pragma once

#include "kernel/twinlock.hpp"
#include "property_tests/model/kernel_model.hpp"

namespace twinlock::model {

inline Sight sight_of(const View& v) {
  const auto number = [](std::uint64_t x) { return static_cast<std::int64_t>(x); };
  return {v.state,
          v.code_required,
          v.second_factor_required,
          v.passes_without,
          v.locked,
          {number(v.retry_after_s[0]), number(v.retry_after_s[1])},
          static_cast<int>(v.failures),
          number(v.enrolled_at),
          number(v.last_used_at),
          number(v.recovery_drawn_at),
          number(v.recovery_saved_at),
          number(v.deadline),
          number(v.grant_until),
          number(v.ticket_until)};
}

}  // namespace twinlock::model
