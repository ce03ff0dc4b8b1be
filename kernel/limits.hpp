// SPDX-License-Identifier: Apache-2.0
// Every bound of the kernel, unit last in the name, with its reason. Nothing else in the project restates a
// number from here.
//
// `_count` is how many there are, `_max` the largest that is allowed, `_limit` the first that is not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinlock {

using Seconds = std::uint64_t;  // since the Unix epoch, or a length
using Step = std::uint64_t;     // number of a 30 s interval since the epoch (RFC 6238, 4.2)

// Time (RFC 6238, 4.1 and 5.2). Authenticator apps ignore any other step length.
inline constexpr Seconds step_s = 30;
// Step 0 has no step before it.
inline constexpr Seconds clock_s_min = 30;
// 2^40: a clock at or above it is refused.
inline constexpr Seconds clock_s_limit = 1099511627776;
// The step after the last one that a clock can be in. An accepted code may have this step: one ahead.
inline constexpr Step step_limit = 36650387593;
// Accepted: one step back, now, one ahead. Wider cannot be configured.
inline constexpr Step skew_steps_max = 1;
// Servers that share accounts may differ by so much: an event that lies no further below the last-seen time
// is decided at the last-seen time.
inline constexpr Seconds clock_skew_s_max = 30;
static_assert(clock_s_limit == 1ULL << 40U);
static_assert(step_limit == (clock_s_limit - 1) / step_s + 1);

// Sizes. A secret that is drawn here is as long as the HMAC's digest (RFC 4226, R6); an imported one has 128
// bits at least and one block of SHA-1 at most (RFC 2104, 2). Everything else drawn at random has 128 bits.
inline constexpr std::size_t secret_bytes = 20;
inline constexpr std::size_t totp_key_bytes_min = 16;
inline constexpr std::size_t totp_key_bytes_max = 64;
inline constexpr std::size_t token_bytes = 16;
inline constexpr std::size_t code_digits = 6;
// The steps one back, now, one ahead.
inline constexpr std::size_t candidates_count = 3;
// 10^6: six digits (RFC 4226, 5.3).
inline constexpr std::uint32_t code_limit = 1000000;

// Lives (ASVS 6.5.5: an out-of-band secret lives at most 10 minutes).
inline constexpr Seconds enrollment_s_max = 600;
inline constexpr Seconds recovery_s_max = 600;
inline constexpr Seconds grant_s_max = 1800;
inline constexpr Seconds ticket_s_max = 1800;
// The tenth wrong code cancels the enrollment.
inline constexpr std::uint32_t enrollment_failures_limit = 10;

// Back-off per lane: after the n-th consecutive failure, n >= 5, min(30 * 2^(n-5), 3600) seconds (RFC
// 4226, 7.3).
inline constexpr std::uint32_t free_failures_max = 4;
inline constexpr Seconds backoff_s_first = 30;
inline constexpr Seconds backoff_s_max = 3600;
// From so many doublings on the pause is backoff_s_max.
inline constexpr std::uint32_t backoff_doublings_limit = 7;
static_assert(backoff_s_first << (backoff_doublings_limit - 1) < backoff_s_max);
static_assert(backoff_s_first << backoff_doublings_limit >= backoff_s_max);

// So many failures in a row lock: NIST SP 800-63B-4, 3.2.2, allows at most 100.
inline constexpr std::uint32_t lock_failures = 100;
// After so many in a row the person is told by mail.
inline constexpr std::uint32_t notice_failures = 10;

// Long-run budget: 100 evaluated failures, one back per 25,920 s (100 in 30 days); the last 20 are for known
// browsers.
inline constexpr Seconds budget_s_unit = 25920;
inline constexpr Seconds budget_s_full = 2592000;
// What other browsers may use: 80 units.
inline constexpr Seconds budget_s_others = 2073600;
// Codes that one ticket lets be evaluated, whatever lane and budget say.
inline constexpr std::uint32_t ticket_codes_max = 5;
static_assert(budget_s_full == 100 * budget_s_unit);
static_assert(budget_s_full == 30 * 24 * 3600);
static_assert(budget_s_others == 80 * budget_s_unit);

// Wrong recovery codes that are written: 10, one back in 6 minutes. Links: three in any hour.
inline constexpr Seconds recovery_budget_s_unit = 360;
inline constexpr Seconds recovery_budget_s_full = 3600;
inline constexpr std::size_t links_count = 3;
inline constexpr Seconds link_s_window = 3600;
static_assert(recovery_budget_s_full == 10 * recovery_budget_s_unit);

// Begun enrollments: 20 at once, one back a minute.
inline constexpr Seconds begin_budget_s_unit = 60;
inline constexpr Seconds begin_budget_s_full = 1200;
static_assert(begin_budget_s_full == 20 * begin_budget_s_unit);

// No deadline of a record lies further ahead of its last-seen time than the longest of the lengths above.
inline constexpr Seconds deadline_s_max = 2592000;
static_assert(deadline_s_max == budget_s_full);
static_assert(clock_s_limit + deadline_s_max < 1ULL << 48U);  // the codec's six bytes hold every time

// Encoding (codec.hpp).
inline constexpr std::size_t record_bytes = 294;
inline constexpr std::uint8_t record_version = 1;

// The scrubbed stack area below the entry point (K11), and the bound of the whole kernel's stack (K13).
inline constexpr std::size_t stack_bytes_max = 4096;

}  // namespace twinlock
