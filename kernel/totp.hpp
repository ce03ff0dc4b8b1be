// SPDX-License-Identifier: Apache-2.0
// Time-based one-time codes: RFC 6238 over RFC 4226, HMAC-SHA-1, six digits.
#pragma once

#include "kernel/event.hpp"

namespace twinlock {

// The codes of the steps now_step - 1, now_step and now_step + 1, each below code_limit.
struct Codes {
  std::uint32_t c[candidates_count];
};

// Whether what the person sent was one of the codes, and at which step: the highest of those that match. The
// one place where something derived from a secret becomes public.
struct CodeMatch {
  bool match;
  Step step;  // 0 when nothing matched
};

// Computes all three codes, whatever they are. Instructions and addresses do not depend on the key (K12).
// Uses SHA-1's contexts, no heap. Requires: 1 <= now_step < step_limit.
[[nodiscard]] Codes totp_codes(const TotpKey& key, Step now_step) noexcept;

// Returns the key of a drawn secret: zeros follow it.
[[nodiscard]] TotpKey totp_key(const Secret& secret) noexcept;

// Cuts an HMAC-SHA-1 value to six digits (RFC 4226, 5.3), without indexing by its last nibble and without
// division.
[[nodiscard]] std::uint32_t truncate(const std::uint8_t (&mac)[secret_bytes]) noexcept;

// Returns the number that six ASCII digits spell. Requires: is_code(code).
[[nodiscard]] std::uint32_t code_value(const Code& code) noexcept;
[[nodiscard]] bool is_code(const Code& code) noexcept;

// Compares with all three candidates, no early exit; a step at or below `last` never matches, nor, when
// `strict`, any but now_step. Requires: 1 <= now_step < step_limit.
[[nodiscard]] CodeMatch match_code(const Codes& codes, std::uint32_t presented, Step now_step, Step last,
                                   bool strict) noexcept;

}  // namespace twinlock
