// SPDX-License-Identifier: Apache-2.0
// What limits guessing: back-off in two lanes, a long-run budget, the lock; a budget for recovery codes, a
// limit on links. NIST SP 800-63B-4, 3.2.2; RFC 4226, 7.3. All times are those of a record that advance() has
// brought to now_s.
#pragma once

#include "kernel/record.hpp"

namespace twinlock {

[[nodiscard]] std::uint32_t consecutive_failures(const Throttle& t) noexcept;
[[nodiscard]] bool is_locked(const Throttle& t) noexcept;

// Returns when the lane may next have a code evaluated: now_s or earlier means at once. Requires: a lane
// that exists.
[[nodiscard]] Seconds code_free_at(const Throttle& t, Lane lane, Seconds now_s) noexcept;

// Charges one evaluated failure to the lane. Requires: not locked, code_free_at() <= now_s.
void charge_code(Throttle& t, Lane lane, Seconds now_s) noexcept;

// An accepted code: both lanes and the consecutive count are clear; the budget is not.
void clear_failures(Throttle& t) noexcept;

// Returns when a recovery code may next be evaluated.
[[nodiscard]] Seconds recovery_free_at(const Throttle& t, Seconds now_s) noexcept;

// Charges one wrong recovery code. Requires: recovery_free_at() <= now_s.
void charge_recovery(Throttle& t, Seconds now_s) noexcept;

// Returns when a link may next be mailed.
[[nodiscard]] Seconds link_free_at(const Throttle& t) noexcept;

// Counts one mailed link. Requires: link_free_at() <= now_s.
void charge_link(Throttle& t, Seconds now_s) noexcept;

}  // namespace twinlock
