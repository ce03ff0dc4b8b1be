// SPDX-License-Identifier: Apache-2.0
// The decision, in three steps that defend each other: admit() refuses what no proof could save, gather()
// compares in constant time, decide() gives the verdict and the next record.
#pragma once

#include "kernel/digest.hpp"
#include "kernel/event.hpp"
#include "kernel/totp.hpp"

namespace twinlock {

// The outcome of every constant-time check that the event needs; what was not needed is false.
struct Evidence {
  CodeMatch code;
  bool recovery_code;
  bool link;
  bool asker;
  bool grant;
  bool enrollment_id;
  bool epoch;
};

// What admit() says: `accepted` means "evaluate it".
struct Admission {
  Verdict verdict;
  Seconds retry_at;  // waiting
};

// admit(), gather() and decide() take the record as advance() left it. They require valid(at), at.seen ==
// now_s, and 1 <= the clock's step < step_limit. Checked by REQUIRE (require.hpp).

// Refuses by shape, state, policy, lock and wait. Looks at no secret, code or token.
[[nodiscard]] Admission admit(const Record& at, const Event& e, Seconds now_s, const Rules& rules) noexcept;

// Evaluates what the event presents. Requires: admit() accepts the event.
[[nodiscard]] Evidence gather(const Record& at, const Event& e, Step now_step, const Rules& rules,
                              const AccountTag& account) noexcept;

// Repeats admit() and decides on the evidence. A code counts only at a step above the last and within the
// window, whatever `evidence` says.
[[nodiscard]] Outcome decide(const Record& at, const Event& e, const Evidence& evidence,
                             const Situation& s) noexcept;

// Returns the outcome that changes nothing.
[[nodiscard]] Outcome refused(const Record& r, Verdict verdict, Seconds retry_at) noexcept;

// Says whether policy forbids being off.
[[nodiscard]] bool second_factor_required(Policy policy, const Rules& rules) noexcept;

}  // namespace twinlock
