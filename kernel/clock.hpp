// SPDX-License-Identifier: Apache-2.0
// Time as an argument: what the passing of time, and a clock that jumps back, do to a record.
#pragma once

#include "kernel/event.hpp"

namespace twinlock {

// Says whether the clock lies in [30 s, 2^40 s) and its step is the step of its time.
[[nodiscard]] bool sane(const Clock& clock) noexcept;

// Returns how long `until` lies after `at`; 0: it has passed.
[[nodiscard]] Seconds remaining(Seconds until, Seconds at) noexcept;

// Returns the time at which an event on `r` is decided: now_s, or the last-seen time where that lies at most
// clock_skew_s_max ahead, since servers that share accounts may differ by so much.
[[nodiscard]] Seconds decision_time(const Record& r, Seconds now_s) noexcept;

// Returns the record as it stands at now_s: what has expired is gone, every deadline that has passed is 0,
// `seen` is now_s. When now_s is below `seen`, the clock went back: what expired by `seen` stays expired, and
// every deadline keeps exactly what remained of it, counted from now_s. So going back grants nothing and
// costs nothing (K10). Requires: valid(r), clock_s_min <= now_s < clock_s_limit. Ensures: valid(result).
[[nodiscard]] Record advance(const Record& r, Seconds now_s) noexcept;

// Ends the grant or the ticket, if there is one.
void end_voucher(Record& r) noexcept;

// Ends an enrollment as if it had never been. Requires: state enrolling.
void end_enrollment(Record& r) noexcept;

// Ends a recovery as if it had never been. Requires: state recovering.
void end_recovery(Record& r) noexcept;

}  // namespace twinlock
