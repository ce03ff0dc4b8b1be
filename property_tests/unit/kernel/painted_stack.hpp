// SPDX-License-Identifier: Apache-2.0
// The painted stack (K11): an area below a call is painted, the call runs, the area is copied and searched
// for any eight bytes in a row of anything secret, in the order of memory and as the hash functions load it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "property_tests/support/reference_totp.hpp"

namespace twinlock::painted {

inline constexpr std::size_t area_bytes = 32768;
inline constexpr std::uint8_t paint_byte = 0xC6;
inline constexpr std::size_t window_bytes = 8;

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool instrumented = true;
#elif defined(__has_feature)
inline constexpr bool instrumented = __has_feature(address_sanitizer) || __has_feature(memory_sanitizer);
#else
inline constexpr bool instrumented = false;
#endif

inline std::uint8_t area_copy[area_bytes];

[[gnu::noinline]] inline void paint() {
  std::uint8_t area[area_bytes];
  std::memset(area, paint_byte, area_bytes);
  __asm__ volatile("" : : "r"(&area[0]) : "memory");
}

// Copies what lies below this frame's base: the same bytes that paint() and the call used.
[[gnu::noinline]] inline void copy_area() {
  const auto* top = static_cast<const volatile std::uint8_t*>(__builtin_frame_address(0));
  __asm__ volatile("" : "+r"(top));
  for (std::size_t i = 0; i < area_bytes; ++i) area_copy[i] = *(top - area_bytes + i);
}

// Runs the call on a painted stack. All that it reads and writes must lie elsewhere.
[[gnu::noinline]] inline void run(void (*call)()) {
  paint();
  call();
  copy_area();
}

inline std::size_t deepest_touched() {
  std::size_t i = 0;
  while (i < area_bytes && area_copy[i] == paint_byte) ++i;
  return area_bytes - i;
}

// What must not be found, by its windows.
class Secrets {
 public:
  // All windows of the bytes, as they are and with each four turned round, from each place on.
  void add(const std::string& what, const std::uint8_t* bytes, std::size_t n) {
    put(what, bytes, n);
    for (std::size_t from = 0; from < 4; ++from) {
      std::vector<std::uint8_t> turned;
      for (std::size_t i = from; i + 4 <= n; i += 4)
        for (std::size_t k = 4; k-- > 0;) turned.push_back(bytes[i + k]);
      put(what + ", as words", turned.data(), turned.size());
    }
  }

  // A key as HMAC-SHA-1 reads it: itself, padded, the states after the padded blocks, and for each step the
  // inner and the outer value.
  void add_key(const std::string& what, const std::uint8_t* key, std::size_t n, std::uint64_t step) {
    add(what, key, n);
    reference::Bytes block(key, key + n);
    block.resize(64);
    reference::Bytes pads[2] = {block, block};
    for (std::uint8_t& b : pads[0]) b = static_cast<std::uint8_t>(b ^ 0x36);
    for (std::uint8_t& b : pads[1]) b = static_cast<std::uint8_t>(b ^ 0x5C);
    for (const reference::Bytes& pad : pads) {
      add(what + ", padded", pad.data(), n);
      const reference::Bytes state = state_after(pad);
      add(what + ", state", state.data(), state.size());
    }
    for (std::uint64_t at = step - 1; at <= step + 1; ++at) {
      reference::Bytes counter;
      for (int shift = 56; shift >= 0; shift -= 8) counter.push_back(static_cast<std::uint8_t>(at >> shift));
      reference::Bytes inner = pads[0];
      inner.insert(inner.end(), counter.begin(), counter.end());
      inner = reference::sha1(inner);
      add(what + ", inner HMAC value", inner.data(), inner.size());
      const reference::Bytes mac = reference::hmac_sha1({key, key + n}, counter);
      add(what + ", HMAC value", mac.data(), mac.size());
    }
  }

  [[nodiscard]] std::size_t count() const { return windows_.size(); }

  // What was found in the copied area, a line each; at most twelve.
  [[nodiscard]] std::string found() const {
    std::string text;
    unsigned lines = 0;
    for (std::size_t i = area_bytes - deepest_touched(); i + window_bytes <= area_bytes && lines < 12; ++i) {
      const auto at = windows_.find(number(area_copy + i));
      if (at == windows_.end()) continue;
      text += at->second + ", " + std::to_string(area_bytes - i) + " below\n";
      ++lines;
    }
    return text;
  }

 private:
  static std::uint64_t number(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, window_bytes);
    return value;
  }

  void put(const std::string& what, const std::uint8_t* bytes, std::size_t n) {
    for (std::size_t i = 0; i + window_bytes <= n; ++i)
      windows_.emplace(number(bytes + i), what + " +" + std::to_string(i));
  }

  // SHA-1's state after one whole block, as a digest spells it.
  static reference::Bytes state_after(const reference::Bytes& block) {
    std::uint32_t w[80];
    for (std::size_t t = 0; t < 16; ++t)
      w[t] = std::uint32_t{block[4 * t]} << 24 | std::uint32_t{block[4 * t + 1]} << 16 |
             std::uint32_t{block[4 * t + 2]} << 8 | block[4 * t + 3];
    for (std::size_t t = 16; t < 80; ++t)
      w[t] = reference::rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    const std::uint32_t start[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    std::uint32_t h[5];
    std::memcpy(h, start, sizeof h);
    for (std::size_t t = 0; t < 80; ++t) {
      std::uint32_t f = h[1] ^ h[2] ^ h[3], k = t < 40 ? 0x6ED9EBA1 : 0xCA62C1D6;
      if (t < 20) f = (h[1] & h[2]) | (~h[1] & h[3]), k = 0x5A827999;
      if (t >= 40 && t < 60) f = (h[1] & h[2]) | (h[1] & h[3]) | (h[2] & h[3]), k = 0x8F1BBCDC;
      const std::uint32_t next = reference::rotate_left(h[0], 5) + f + h[4] + k + w[t];
      h[4] = h[3], h[3] = h[2], h[2] = reference::rotate_left(h[1], 30), h[1] = h[0], h[0] = next;
    }
    reference::Bytes bytes;
    for (std::size_t i = 0; i < 5; ++i)
      for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>((h[i] + start[i]) >> shift));
    return bytes;
  }

  std::unordered_map<std::uint64_t, std::string> windows_;
};

}  // namespace twinlock::painted
