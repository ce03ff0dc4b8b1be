// SPDX-License-Identifier: Apache-2.0
// One account's whole second-factor state.
#pragma once

#include <cstdint>

#include "kernel/limits.hpp"

namespace twinlock {

// A secret as it is drawn here.
struct Secret {
  std::uint8_t b[secret_bytes];
};

// A secret as HMAC reads it: totp_key_bytes_min to totp_key_bytes_max bytes, and zeros up to the block's end
// (RFC 2104, 2). Where it ends does not change a code.
struct TotpKey {
  std::uint8_t b[totp_key_bytes_max];
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

// The host's word about one person: must there be a second factor?
enum class HostWord : std::uint8_t { unsaid = 0, not_required = 1, required = 2 };

// Which browsers a failure counts for: those that passed for this account within 90 days, or all others.
enum class Lane : std::uint8_t { known = 0, other = 1 };

inline constexpr std::uint32_t policies_count = 3;
inline constexpr std::uint32_t host_words_count = 3;
inline constexpr std::uint32_t lanes_count = 2;

// What limits guessing. Every time is a point at which something is free again; 0: free.
struct Throttle {
  // Consecutive evaluated failures, per lane and with a ticket; their sum locks at lock_failures.
  std::uint8_t failures[lanes_count];
  std::uint8_t ticket_failures;
  // Back-off.
  Seconds wait_until[lanes_count];
  // When the long-run budget will be full again (a GCRA's theoretical arrival time).
  Seconds budget_until;
  // The same for wrong recovery codes.
  Seconds recovery_until;
  // The same for begun enrollments: off, enrolling, replacing.
  Seconds begin_until;
  // When each of the hour's links may be mailed anew, ascending.
  Seconds link_until[links_count];
};

struct Record {
  State state;
  // Enrolling: what it goes back to, off or replacing; otherwise off.
  State before;
  Policy policy;
  // The host's last word: from the last accepted code or the last begun enrollment.
  HostWord host_word;
  // Enrolling: wrong codes so far.
  std::uint8_t enrollment_failures;
  // On, recovering: codes that the ticket still lets be evaluated; 0: no ticket.
  std::uint8_t ticket_codes;
  // On, recovering: how many bytes of `secret` were drawn or imported.
  std::uint8_t secret_length;
  // Time of the last committed event; 0: none yet.
  Seconds seen;
  Throttle throttle;
  // A code is good only at a step above.
  Step last_step;
  // Enrolling, recovering: alive before this.
  Seconds deadline;
  // Replacing (or enrolling from it): the grant is alive before this. On, recovering: the ticket. 0: none.
  Seconds voucher_until;
  // A policy of `required` holds from this time on; 0: always.
  Seconds policy_from;
  Seconds enrolled_at;
  // Last accepted code; 0: none since an import.
  Seconds last_used_at;
  // On, recovering: when the recovery code was drawn, and when the person showed that it is saved; 0: never.
  Seconds recovery_drawn_at;
  Seconds recovery_saved_at;
  // On, recovering.
  TotpKey secret;
  // Enrolling.
  Secret pending;
  // Enrolling: who may see and confirm it. On: names the enrollment that recovery hashes are bound to.
  Token enrollment_id;
  // On, recovering: passes of another epoch are dead. Replacing: binds the grant.
  Token epoch;
  // On, recovering; none after an import, until the person draws one.
  Token recovery_hash;
  // Recovering: of the mailed link's token.
  Token link_hash;
  // Recovering: of the secret that the asking browser holds.
  Token asker_hash;
  // Replacing (or enrolling from it): of the grant. On, recovering: of the ticket.
  Token voucher_hash;
};

// Returns the record of an account that nobody has touched: off, policy inherited.
[[nodiscard]] Record new_record() noexcept;

// Says whether `r` can have come from new_record() by events. The decoder, the proofs, the models and the
// fuzzers share it.
[[nodiscard]] bool valid(const Record& r) noexcept;

}  // namespace twinlock
