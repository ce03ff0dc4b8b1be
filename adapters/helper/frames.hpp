// SPDX-License-Identifier: Apache-2.0
// Messages over a stream socket: each after its length in four bytes, big-endian.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace twinlock::helper {

inline constexpr std::size_t frame_bytes_max = 256 * 1024;

std::string frame(std::string_view message);

// Cuts a stream of bytes into messages.
class Frames {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  std::optional<std::string> next();
  bool broken() const;  // the next message claims to be longer than frame_bytes_max

 private:
  std::optional<std::size_t> length() const;
  std::string buffer_;
};

}  // namespace twinlock::helper
