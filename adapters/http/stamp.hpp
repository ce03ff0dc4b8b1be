// SPDX-License-Identifier: Apache-2.0
// Makes and checks stamps: short-lived, authenticated texts of a fixed size. Passes, known-browser cookies
// and form tokens are stamps. What a stamp is bound to is covered by its MAC and not readable from it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/keys/key_ring.hpp"
#include "kernel/limits.hpp"

namespace twinlock::http {

using Nonce = std::array<std::uint8_t, 16>;

// Collects what a MAC covers: each piece with its length, so that two different lists of pieces never give
// the same bytes.
class MacInput {
 public:
  MacInput& add(std::string_view piece);
  MacInput& add(std::span<const std::uint8_t> piece);
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

// hex(key id, 4 bytes || expiry, 8 || nonce, 16 || HMAC-SHA-256, 32), big-endian.
inline constexpr std::size_t stamp_bytes = 60;

std::string make_stamp(const keys::KeyRing& keys, keys::MacPurpose purpose, const MacInput& bound_to,
                       Seconds expiry, const Nonce& nonce);

// Returns the stamp's nonce. nullopt: misspelled, expired at `now`, expiring more than `life_s_max` after
// `now` (the clock went back), made with an unknown key, or bound to something else.
std::optional<Nonce> check_stamp(const keys::KeyRing& keys, keys::MacPurpose purpose,
                                 const MacInput& bound_to, Seconds now, Seconds life_s_max,
                                 std::string_view stamp);

// When a stamp says that it expires, unchecked: good for putting one's own stamps in order, and for nothing
// else. 0: misspelled.
Seconds claimed_expiry(std::string_view stamp);

}  // namespace twinlock::http
