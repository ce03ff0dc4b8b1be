// SPDX-License-Identifier: Apache-2.0
// What limits guessing: back-off in two lanes, a long-run budget, the lock; a budget for recovery codes, a
// limit on links. NIST SP 800-63B-4, 3.2.2; RFC 4226, 7.3. All times are those of a record that advance() has
// brought to now_s.
#pragma once

#include "kernel/record.hpp"

namespace twinlock {

[[nodiscard]] std::uint32_t consecutive_failures(const Throttle& t) noexcept;
[[nodiscard]] bool is_locked(const Throttle& t) noexcept;

// Returns when the lane may next have a code evaluated without a ticket: now_s or earlier means at once.
// Requires: a lane that exists.
[[nodiscard]] Seconds code_free_at(const Throttle& t, Lane lane, Seconds now_s) noexcept;

// Charges one evaluated failure to the lane. Requires: not locked, code_free_at() <= now_s.
void charge_code(Throttle& t, Lane lane, Seconds now_s) noexcept;

// Charges one evaluated failure to the ticket: it counts to the lock, and to no lane and no budget. Requires:
// not locked.
void charge_ticket(Throttle& t) noexcept;

// An accepted code: both lanes and the consecutive count are clear; the budget is not.
void clear_failures(Throttle& t) noexcept;

// Charges one wrong recovery code, if its budget has room; returns whether it had. Evaluated it was anyhow:
// 128 bits need no protection from guessing, and nobody must be able to close the way back.
[[nodiscard]] bool charge_recovery(Throttle& t, Seconds now_s) noexcept;

// Returns when an enrollment may next be begun.
[[nodiscard]] Seconds begin_free_at(const Throttle& t, Seconds now_s) noexcept;

// Charges one begun enrollment. Requires: begin_free_at() <= now_s.
void charge_begin(Throttle& t, Seconds now_s) noexcept;

// Returns when a link may next be mailed.
[[nodiscard]] Seconds link_free_at(const Throttle& t) noexcept;

// Counts one mailed link. Requires: link_free_at() <= now_s.
void charge_link(Throttle& t, Seconds now_s) noexcept;

}  // namespace twinlock
