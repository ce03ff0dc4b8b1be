// SPDX-License-Identifier: Apache-2.0
// Wraps the three BoringSSL primitives that the key ring uses.
#pragma once

#include <openssl/aead.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "adapters/keys/key_ring.hpp"

namespace twinlock::keys {

inline constexpr std::size_t nonce_bytes = 12;
inline constexpr std::size_t tag_bytes = 16;

// hkdf derives `out` by HKDF-SHA-256 (RFC 5869). False: out of memory, or `out` longer than 8,160 bytes.
[[nodiscard]] bool hkdf(std::span<std::uint8_t> out, std::span<const std::uint8_t> key,
                        std::span<const std::uint8_t> salt, std::span<const std::uint8_t> info);

// hmac is HMAC-SHA-256 (RFC 2104).
Mac hmac(std::span<const std::uint8_t> key, std::span<const std::uint8_t> message);

// AES-256-GCM-SIV (RFC 8452) under one key. Sealing and opening are safe from several threads.
class GcmSiv {
 public:
  explicit GcmSiv(std::span<const std::uint8_t, 32> key);
  explicit operator bool() const { return context_ != nullptr; }  // false: out of memory

  // out: plain.size() + tag_bytes.
  [[nodiscard]] bool seal(std::span<std::uint8_t> out, std::span<const std::uint8_t, nonce_bytes> nonce,
                          std::span<const std::uint8_t> plain, std::span<const std::uint8_t> bound) const;
  // out: sealed.size() - tag_bytes. False: forged; `out` then holds nothing of the text.
  [[nodiscard]] bool open(std::span<std::uint8_t> out, std::span<const std::uint8_t, nonce_bytes> nonce,
                          std::span<const std::uint8_t> sealed, std::span<const std::uint8_t> bound) const;

 private:
  struct Free {
    void operator()(EVP_AEAD_CTX* context) const {
      EVP_AEAD_CTX_free(context);
    }  // BoringSSL wipes what it frees
  };
  std::unique_ptr<EVP_AEAD_CTX, Free> context_;
};

}  // namespace twinlock::keys
