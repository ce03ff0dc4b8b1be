// SPDX-License-Identifier: Apache-2.0
// Defines bytes that are wiped when they are freed, for keys, key files and opened records.
#pragma once

#include <openssl/mem.h>

#include <cstdint>
#include <vector>

namespace twinlock::keys {

// Wipes a vector at the end of the scope, however the scope ends.
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
