// SPDX-License-Identifier: Apache-2.0
// The records that accepted events lead to. All take the record as advance() left it: its last-seen time is
// the time of the decision.
#pragma once

#include "kernel/event.hpp"

namespace twinlock {

// Everything of the factor is gone; what stays is what is required of the account, and its last-seen time.
[[nodiscard]] Record off_record(const Record& at) noexcept;

// The factor is lost: a grant, bound to a new epoch, allows to enroll anew.
[[nodiscard]] Record replacing_record(const Record& at, const Situation& s) noexcept;

// A new pending secret and enrollment id; the begin budget is charged. Requires: begin_free_at() <= at.seen.
[[nodiscard]] Record enrolling_record(const Record& at, const Fresh& fresh) noexcept;

// The factor is set up, with no recovery code yet. Requires: `length` bytes of `key`, zeros after.
[[nodiscard]] Record on_record(const Record& at, const TotpKey& key, std::uint8_t length, Step step,
                               const Token& enrollment_id, const Fresh& fresh) noexcept;

// Puts the fresh recovery code in place of the one before.
void draw_recovery_code(Record& n, const Situation& s) noexcept;

}  // namespace twinlock
