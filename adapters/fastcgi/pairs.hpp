// SPDX-License-Identifier: Apache-2.0
// Decodes the name-value pairs of a FastCGI stream (specification 3.4) piece by piece. However the stream is
// split, the events are the same. Allocates nothing; a name or value may be longer than any buffer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twinlock::fastcgi {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Longer names are skipped and reported as "".
inline constexpr std::size_t name_bytes_max = 128;

struct PairEvent {
  enum class Kind : std::uint8_t {
    more,   // the input is used up
    name,   // a pair begins: `name` stands until the next call
    value,  // `bytes`: a piece of the value, at least one byte
    end,    // the pair is complete
  };
  Kind kind = Kind::more;
  std::string_view name = {};
  Bytes bytes = {};
};

class PairDecoder {
 public:
  // next takes bytes off the front of `in` and returns one event. Call until it returns `more`.
  PairEvent next(Bytes& in);

  // False: the stream is inside a pair; if it ends here, it is malformed.
  bool between_pairs() const { return phase_ == Phase::name_length && length_bytes_ == 0; }

 private:
  enum class Phase : std::uint8_t { name_length, value_length, name, value };

  bool take_length(Bytes& in, std::uint32_t& length);
  bool take_name(Bytes& in);

  Phase phase_ = Phase::name_length;
  std::uint8_t length_bytes_ = 0;  // of the four that a long length has, how many were read
  std::uint32_t length_ = 0;
  std::uint32_t name_left_ = 0;
  std::uint32_t value_left_ = 0;
  std::uint32_t name_bytes_ = 0;  // read so far, also those that did not fit
  std::array<char, name_bytes_max> name_{};
};

}  // namespace twinlock::fastcgi
