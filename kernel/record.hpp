// SPDX-License-Identifier: Apache-2.0
// One account's whole second-factor state.
#pragma once

#include <cstdint>

#include "kernel/limits.hpp"

namespace twinlock {

struct Secret {
  std::uint8_t b[secret_bytes];
};

// 128 random bits, or a hash cut to 128 bits. All zero means "there is none".
struct Token {
  std::uint8_t b[token_bytes];
};

enum class State : std::uint8_t {
  off = 0,         // no second factor
  enrolling = 1,   // a secret was shown and is not proved yet
  on = 2,          // sign-in needs a code
  recovering = 3,  // on, and a recovery code was right: the mailed link is outstanding
  replacing = 4    // the factor was lost and must be set up anew: sign-in is refused until then
};

enum class Policy : std::uint8_t {
  inherit = 0,   // as the configuration says
  optional = 1,  // the person chooses
  required = 2   // cannot be disabled; recovery and reset lead to replacing
};

// Which browsers a failure counts for: those that passed for this account within 30 days, or all others.
enum class Lane : std::uint8_t { known = 0, other = 1 };

inline constexpr std::uint32_t policies_count = 3;
inline constexpr std::uint32_t lanes_count = 2;

// What limits guessing. Every time is a point at which something is free again; 0: free.
struct Throttle {
  std::uint8_t failures[lanes_count];  // consecutive evaluated failures per lane; their sum locks at
                                       // lock_failures
  std::uint8_t unlock_credit;          // evaluated failures left from operator_unlock
  Seconds wait_until[lanes_count];     // back-off
  Seconds budget_until;    // when the long-run budget will be full again (a GCRA's theoretical arrival time)
  Seconds recovery_until;  // the same for recovery codes
  Seconds link_until[links_count];  // when each of the hour's links may be mailed anew, ascending
};

struct Record {
  State state;
  State before;  // enrolling: what it goes back to, off or replacing; otherwise off
  Policy policy;
  std::uint8_t enrollment_failures;  // enrolling: wrong codes so far
  Seconds seen;                      // time of the last committed event; 0: none yet
  Throttle throttle;
  Step last_step;       // a code is good only at a step above
  Seconds deadline;     // enrolling, recovering: alive before this
  Seconds grant_until;  // replacing (or enrolling from it): the grant is alive before this; 0: no grant
  Seconds enrolled_at;
  Seconds last_used_at;  // last accepted code
  Secret secret;         // on, recovering
  Secret pending;        // enrolling
  Token enrollment_id;   // enrolling: who may see and confirm it; on: names the enrollment that recovery
                         // hashes are bound to
  Token epoch;           // on, recovering: passes of another epoch are dead; replacing: binds the grant
  Token recovery_hash;   // on, recovering
  Token link_hash;       // recovering: of the mailed link's token
  Token asker_hash;      // recovering: of the secret that the asking browser holds
  Token grant_hash;      // replacing (or enrolling from it)
};

// Returns the record of an account that nobody has touched: off, policy inherited.
[[nodiscard]] Record new_record() noexcept;

// Says whether `r` can have come from new_record() by events. The decoder, the proofs, the models and the
// fuzzers share it.
[[nodiscard]] bool valid(const Record& r) noexcept;

}  // namespace twinlock
