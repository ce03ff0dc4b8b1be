// SPDX-License-Identifier: Apache-2.0
// Everything that must run in constant time: neither a branch nor an address depends on the bytes.
//
// A bit is 0 or 1 in a wide unsigned type. Bits become masks by multiplication or widening, never by `0 -
// bit`, so that the prover's overflow checks stay on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/record.hpp"

namespace twinlock {

// Returns 1 when x is 0, else 0: x + (2^32 - 1) carries into bit 32 exactly when x > 0.
[[nodiscard]] inline std::uint32_t is_zero(std::uint32_t x) noexcept {
  return static_cast<std::uint32_t>(((static_cast<std::uint64_t>(x) + 0xFFFFFFFFULL) >> 32U) ^ 1ULL);
}

// Returns 1 when all n bytes agree, else 0. All n are read, whatever they hold.
[[nodiscard]] std::uint32_t same_bytes(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) noexcept;

// Returns 1 when all n bytes are zero, else 0.
[[nodiscard]] std::uint32_t zero_bytes(const std::uint8_t* a, std::size_t n) noexcept;

[[nodiscard]] bool same(const Token& a, const Token& b) noexcept;
[[nodiscard]] bool absent(const Token& t) noexcept;
[[nodiscard]] bool absent(const Secret& s) noexcept;
[[nodiscard]] bool absent(const TotpKey& k) noexcept;

// Says whether every byte from `length` on is zero. The length is public.
[[nodiscard]] bool zero_after(const TotpKey& k, std::size_t length) noexcept;

}  // namespace twinlock
