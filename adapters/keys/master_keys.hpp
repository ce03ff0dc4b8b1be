// SPDX-License-Identifier: Apache-2.0
// The key file's text: master keys, one of them current. The format, one item a line:
//
//   twinlock-keys 1                          the first line
//   # a comment; empty lines are allowed too
//   key <id> <base64 of 32 bytes> [current]  id: 1 to 4294967295, each once; exactly one line says `current`
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/keys/key_ring.hpp"

namespace twinlock::keys {

inline constexpr std::size_t master_key_bytes = 32;
inline constexpr std::size_t master_keys_max = 64;
inline constexpr std::size_t key_file_bytes_max = 65536;

struct MasterKey {
  KeyId id = 0;
  bool current = false;
  std::array<std::uint8_t, master_key_bytes> bytes{};
};

// A movable list of master keys; the destructor wipes it.
class MasterKeys {
 public:
  MasterKeys();
  MasterKeys(MasterKeys&& other) noexcept;
  MasterKeys& operator=(MasterKeys&&) = delete;
  ~MasterKeys();

  std::vector<MasterKey>& list() { return list_; }
  const std::vector<MasterKey>& list() const { return list_; }

 private:
  std::vector<MasterKey> list_;  // never grows beyond what its constructor reserved: no unwiped copies
};

// parse_keys reads a key file's text. Errors read "<name>:<line>: <what is wrong>" and never quote the line.
tl::expected<MasterKeys, std::string> parse_keys(std::string_view text, std::string_view name);

// format_keys writes the text; the caller wipes it.
Bytes format_keys(const MasterKeys& keys);

// fresh_key draws 32 bytes from the system; false: no entropy.
bool fresh_key(MasterKey& out);

}  // namespace twinlock::keys
