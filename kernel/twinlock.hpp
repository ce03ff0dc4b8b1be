// SPDX-License-Identifier: Apache-2.0
// The kernel's public face: one call decides everything, three look or translate. Pure functions: no heap, no
// clock, no randomness, no globals, no exceptions.
#pragma once

#include "kernel/codec.hpp"
#include "kernel/event.hpp"
#include "kernel/record.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

// Decides one event. Total: defined for every record, event and clock. When `outcome.write`, `outcome.record`
// must be durable before anybody learns the verdict (K5, K17). A refusal leaves everything but the throttle
// and `seen` as it was (K8), what had expired aside. Ensures: valid(outcome.record) if valid(r); the stack
// below the caller holds no secret on return (K11).
[[nodiscard]] Outcome handle(const Record& r, const Event& e, const Situation& s) noexcept;

// What may be said of an account without an event: expired things are as if they had never been.
struct View {
  State state;         // settled at the clock
  bool sound;          // record and clock are sound; otherwise answer 503 and nothing else here counts
  bool code_required;  // sign-in needs a code (on, recovering)
  bool second_factor_required;  // policy: may not be off
  bool passes_without;          // sign-in passes with no code: off (or enrolling from off) and not required
  bool locked;
  Seconds retry_after_s[lanes_count];  // 0: a code would be evaluated now
  std::uint32_t failures;              // consecutive, both lanes
  Seconds enrolled_at;
  Seconds last_used_at;
  Seconds deadline;     // enrolling, recovering
  Seconds grant_until;  // replacing: 0: no live grant
};

[[nodiscard]] View view(const Record& r, const Clock& clock, const Rules& rules) noexcept;

}  // namespace twinlock
