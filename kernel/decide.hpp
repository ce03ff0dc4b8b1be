// SPDX-License-Identifier: Apache-2.0
// The decision, in steps that defend each other: admit() refuses what no proof could save, the 128-bit values
// are compared, admit_code() says whether the six digits may be looked at, they are compared, and decide()
// repeats both admissions and gives the verdict and the next record.
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
  bool ticket;
  bool enrollment_id;
  bool epoch;
};

// What an admission says: `accepted` means "go on".
struct Admission {
  Verdict verdict;
  Seconds retry_at;  // waiting
};

// All take the record as advance() left it: its last-seen time is the time of the decision. They require
// valid(at) and, where they take a step, 1 <= now_step < step_limit. Checked by REQUIRE (require.hpp).

// Refuses by shape, state, policy and lock. Looks at no secret, code or token.
[[nodiscard]] Verdict admit(const Record& at, const Event& e, const Rules& rules) noexcept;

// Compares the 128-bit values that the event presents. Requires: admit() accepts the event.
[[nodiscard]] Evidence gather_tokens(const Record& at, const Event& e, const AccountTag& account) noexcept;

// Says whether the event is heard by its ticket: a verify, while the ticket lives. Looked at again by each
// layer, whatever `evidence` says.
[[nodiscard]] bool by_ticket(const Record& at, const Event& e, const Evidence& evidence) noexcept;

// Says whether the event's six digits may be evaluated: by whom the enrollment is held, and by lane and
// budget unless a live ticket was shown. wrong_state: the event has none. Requires: admit() accepts the
// event.
[[nodiscard]] Admission admit_code(const Record& at, const Event& e, const Evidence& evidence) noexcept;

// Compares the six digits. Requires: admit_code() accepts the event.
[[nodiscard]] CodeMatch gather_code(const Record& at, const Event& e, Step now_step, bool strict) noexcept;

// Repeats the admissions and decides on the evidence. A code counts only at a step above the last and within
// the window, whatever `evidence` says.
[[nodiscard]] Outcome decide(const Record& at, const Event& e, const Evidence& evidence,
                             const Situation& s) noexcept;

// Returns the outcome that changes nothing, decided at the record's last-seen time.
[[nodiscard]] Outcome unchanged(const Record& r, Verdict verdict) noexcept;

// Says whether being off is forbidden: by the account's policy, the configuration, the host's last word or
// its present one, whichever is the tightest.
[[nodiscard]] bool second_factor_required(const Record& at, HostWord host_word, const Rules& rules) noexcept;

}  // namespace twinlock
