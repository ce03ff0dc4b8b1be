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
// must be durable before anybody learns the verdict (K5, K17). A refusal leaves everything but its charge and
// `seen` as it was (K8), what had expired aside. Ensures: valid(outcome.record) if valid(r); the stack
// below the caller holds no secret on return (K11).
[[nodiscard]] Outcome handle(const Record& r, const Event& e, const Situation& s) noexcept;

// What may be said of an account without an event: expired things are as if they had never been.
struct View {
  // Record and clock are sound. Otherwise answer 503: nothing else here counts.
  bool sound;
  // As it is at the clock.
  State state;
  // Sign-in needs a code (on, recovering).
  bool code_required;
  // Being off is forbidden: by policy, configuration or the host.
  bool second_factor_required;
  // Sign-in passes with no code: off (or enrolling from off) and not required.
  bool passes_without;
  bool locked;
  // 0: a code would be evaluated now.
  Seconds retry_after_s[lanes_count];
  // Consecutive, both lanes.
  std::uint32_t failures;
  Seconds enrolled_at;
  Seconds last_used_at;
  // On, recovering: when the recovery code was drawn, and when the person showed that it is saved; 0: never.
  Seconds recovery_drawn_at;
  Seconds recovery_saved_at;
  // Enrolling, recovering.
  Seconds deadline;
  // Replacing; 0: no live grant.
  Seconds grant_until;
  // On, recovering; 0: no live ticket.
  Seconds ticket_until;
};

// `host_word`: of the present request. Ensures: the stack below the caller holds no secret on return (K11).
[[nodiscard]] View view(const Record& r, const Clock& clock, HostWord host_word, const Rules& rules) noexcept;

}  // namespace twinlock
