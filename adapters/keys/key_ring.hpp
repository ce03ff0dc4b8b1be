// SPDX-License-Identifier: Apache-2.0
// Holds Twinlock's keys: 256-bit master keys, one of them current, and a subkey for each purpose by
// HKDF-SHA-256. Seals with AES-256-GCM-SIV (RFC 8452), authenticates with HMAC-SHA-256. Keys cannot be
// printed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace twinlock::keys {

using Bytes = std::vector<std::uint8_t>;
using Mac = std::array<std::uint8_t, 32>;
using KeyId = std::uint32_t;

enum class SealPurpose : std::uint8_t { record = 1, mail = 2 };
enum class MacPurpose : std::uint8_t { pass = 16, known_browser = 17, form = 18, destination = 19 };

enum class OpenError : std::uint8_t {
  unknown_key,  // sealed with a key that this ring does not hold: the caller calls reload() once and tries
                // again
  forged        // wrong key, row, version or account, or damaged: fails closed (K15, K16)
};

// What sealed bytes are bound to besides their purpose and key id (K15).
struct Binding {
  std::string_view account;
  std::uint64_t version;   // records: the row's version; mail: 0
  std::string_view extra;  // mail: the message id's 16 bytes; records: empty
};

class KeyRing {
 public:
  // Reads a key file (master_keys.hpp says its format): a regular file, 0600 or stricter, owned by the caller
  // or root. Errors are one clear line that says what to do.
  static tl::expected<KeyRing, std::string> load_file(const std::string& path);
  // Creates a key file (0600, O_EXCL, fsync of file and folder) with one fresh key, then loads it.
  static tl::expected<KeyRing, std::string> create_file(const std::string& path);
  // For tests and systemd credentials.
  static tl::expected<KeyRing, std::string> parse(std::string_view text);

  KeyRing(KeyRing&&) noexcept;
  KeyRing& operator=(KeyRing&&) noexcept;
  ~KeyRing();  // wipes

  // Reads the file again that this ring came from; a failure leaves the ring as it was. Callable from any
  // thread while others use the ring: a rotation goes on without a restart.
  tl::expected<void, std::string> reload() const;

  KeyId current() const;
  std::vector<KeyId> ids() const;

  // Returns key id (4 bytes) || nonce (12) || ciphertext || tag (16); empty: no entropy.
  Bytes seal(SealPurpose purpose, const Binding& binding, std::span<const std::uint8_t> plain) const;
  tl::expected<Bytes, OpenError> open(SealPurpose purpose, const Binding& binding,
                                      std::span<const std::uint8_t> sealed) const;

  // HMAC-SHA-256 under the current key's subkey, or that of `id`. check_mac compares in constant time; an
  // unknown id is false.
  Mac mac(MacPurpose purpose, std::span<const std::uint8_t> message) const;
  bool check_mac(MacPurpose purpose, KeyId id, std::span<const std::uint8_t> message,
                 std::span<const std::uint8_t> mac) const;

 private:
  struct Impl;
  explicit KeyRing(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Returns the id of the key that sealed something, for rotation and diagnosis; 0: too short to tell.
KeyId sealed_with(std::span<const std::uint8_t> sealed);

}  // namespace twinlock::keys
