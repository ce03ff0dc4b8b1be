// SPDX-License-Identifier: Apache-2.0
// Bytes that are wiped when they go: for keys, key files and opened records.
#pragma once

#include <openssl/mem.h>

#include <cstdint>
#include <vector>

namespace twinlock::keys {

// Wipes the vector that it refers to at the end of its scope, whatever way the scope ends.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;
  ~WipeAtEnd() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

 private:
  std::vector<std::uint8_t>& bytes_;
};

}  // namespace twinlock::keys
