// SPDX-License-Identifier: Apache-2.0
#include "adapters/helper/frames.hpp"

#include <cstdint>

namespace twinlock::helper {
namespace {

constexpr std::size_t length_bytes = 4;

}  // namespace

std::string frame(std::string_view message) {
  const auto length = static_cast<std::uint32_t>(message.size());
  std::string out;
  for (unsigned shift = 32; shift > 0; shift -= 8) out += static_cast<char>(length >> (shift - 8) & 0xFFU);
  return out.append(message);
}

std::optional<std::size_t> Frames::length() const {
  if (buffer_.size() < length_bytes) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length = length << 8U | static_cast<unsigned char>(buffer_[i]);
  }
  return length;
}

std::optional<std::string> Frames::next() {
  const std::optional<std::size_t> size = length();
  if (!size || *size > frame_bytes_max || buffer_.size() - length_bytes < *size) return std::nullopt;
  std::string message = buffer_.substr(length_bytes, *size);
  buffer_.erase(0, length_bytes + *size);
  return message;
}

bool Frames::broken() const {
  const std::optional<std::size_t> size = length();
  return size && *size > frame_bytes_max;
}

}  // namespace twinlock::helper
