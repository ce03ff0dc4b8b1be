// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/pairs.hpp"

#include <algorithm>
#include <cstring>

namespace twinlock::fastcgi {

// Reads a length: one byte below 128, or four bytes with the top bit set.
bool PairDecoder::take_length(Bytes& in, std::uint32_t& length) {
  while (!in.empty()) {
    const std::uint8_t byte = in.front();
    in = in.subspan(1);
    if (length_bytes_ == 0 && byte < 0x80) {
      length = byte;
      return true;
    }
    length_ = length_bytes_ == 0 ? byte & 0x7FU : (length_ << 8) | byte;
    if (++length_bytes_ == 4) {
      length_bytes_ = 0;
      length = length_;
      return true;
    }
  }
  return false;
}

bool PairDecoder::take_name(Bytes& in) {
  const std::size_t taken = std::min<std::size_t>(name_left_, in.size());
  if (name_bytes_ < name_.size() && taken > 0)
    std::memcpy(name_.data() + name_bytes_, in.data(), std::min(taken, name_.size() - name_bytes_));
  name_bytes_ += static_cast<std::uint32_t>(taken);
  name_left_ -= static_cast<std::uint32_t>(taken);
  in = in.subspan(taken);
  return name_left_ == 0;
}

PairEvent PairDecoder::next(Bytes& in) {
  if (phase_ == Phase::name_length) {
    if (!take_length(in, name_left_)) return {};
    phase_ = Phase::value_length;
  }
  if (phase_ == Phase::value_length) {
    if (!take_length(in, value_left_)) return {};
    phase_ = Phase::name;
    name_bytes_ = 0;
  }
  if (phase_ == Phase::name) {
    if (!take_name(in)) return {};
    phase_ = Phase::value;
    const std::size_t kept = name_bytes_ <= name_.size() ? name_bytes_ : 0;
    return {PairEvent::Kind::name, {name_.data(), kept}, {}};
  }
  if (value_left_ == 0) {
    phase_ = Phase::name_length;
    return {PairEvent::Kind::end, {}, {}};
  }
  if (in.empty()) return {};
  const std::size_t taken = std::min<std::size_t>(value_left_, in.size());
  const Bytes piece = in.first(taken);
  value_left_ -= static_cast<std::uint32_t>(taken);
  in = in.subspan(taken);
  return {PairEvent::Kind::value, {}, piece};
}

}  // namespace twinlock::fastcgi
