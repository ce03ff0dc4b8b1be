// SPDX-License-Identifier: Apache-2.0
// A second TOTP, written from the RFCs alone and as plainly as possible: SHA-1 (RFC 3174), HMAC (RFC 2104),
// HOTP (RFC 4226, 5.3), TOTP (RFC 6238). It shares nothing with the kernel and is not constant time. For
// tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace twinlock::reference {

using Bytes = std::vector<std::uint8_t>;

inline std::uint32_t rotate_left(std::uint32_t x, unsigned n) { return (x << n) | (x >> (32 - n)); }

inline Bytes sha1(Bytes message) {
  const std::uint64_t bits = std::uint64_t{message.size()} * 8;
  message.push_back(0x80);
  while (message.size() % 64 != 56) message.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8) message.push_back(static_cast<std::uint8_t>(bits >> shift));
  std::uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  for (std::size_t at = 0; at < message.size(); at += 64) {
    std::uint32_t w[80];
    for (std::size_t t = 0; t < 16; ++t) {
      const std::uint8_t* p = &message[at + 4 * t];
      w[t] = std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
    }
    for (std::size_t t = 16; t < 80; ++t) w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    std::uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (std::size_t t = 0; t < 80; ++t) {
      std::uint32_t f = b ^ c ^ d, k = t < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
      if (t < 20) f = (b & c) | (~b & d), k = 0x5A827999;
      if (t >= 40 && t < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
      const std::uint32_t next = rotate_left(a, 5) + f + e + k + w[t];
      e = d, d = c, c = rotate_left(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  Bytes digest;
  for (const std::uint32_t word : h)
    for (int shift = 24; shift >= 0; shift -= 8) digest.push_back(static_cast<std::uint8_t>(word >> shift));
  return digest;
}

inline Bytes hmac_sha1(Bytes key, const Bytes& message) {
  if (key.size() > 64) key = sha1(key);
  key.resize(64);
  Bytes inner, outer;
  for (const std::uint8_t b : key) {
    inner.push_back(b ^ 0x36);
    outer.push_back(b ^ 0x5C);
  }
  inner.insert(inner.end(), message.begin(), message.end());
  const Bytes digest = sha1(inner);
  outer.insert(outer.end(), digest.begin(), digest.end());
  return sha1(outer);
}

// The code as a number below 1,000,000.
inline std::uint32_t hotp(const Bytes& key, std::uint64_t counter) {
  Bytes message;
  for (int shift = 56; shift >= 0; shift -= 8) message.push_back(static_cast<std::uint8_t>(counter >> shift));
  const Bytes mac = hmac_sha1(key, message);
  const std::size_t at = mac[19] & 0x0F;
  const std::uint32_t cut = (std::uint32_t{mac[at]} & 0x7F) << 24 | std::uint32_t{mac[at + 1]} << 16 |
                            std::uint32_t{mac[at + 2]} << 8 | mac[at + 3];
  return cut % 1000000;
}

// Six digits, leading zeros kept; `step` counts 30 s intervals since the epoch.
inline std::string totp(const Bytes& key, std::uint64_t step) {
  const std::string digits = std::to_string(hotp(key, step));
  return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace twinlock::reference
