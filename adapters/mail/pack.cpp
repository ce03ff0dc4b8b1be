// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "adapters/mail/compose.hpp"

namespace twinlock::mail {
namespace {

constexpr char format_version = 1;
constexpr std::size_t length_bytes = 4;

void put(std::string& out, std::string_view field) {
  const auto length = static_cast<std::uint32_t>(field.size());
  for (unsigned shift = 32; shift > 0; shift -= 8) out += static_cast<char>(length >> (shift - 8) & 0xFFU);
  out += field;
}

bool take(std::string_view& rest, std::string& field) {
  if (rest.size() < length_bytes) return false;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8U | static_cast<std::uint8_t>(rest[i]);
  rest.remove_prefix(length_bytes);
  if (length > rest.size()) return false;
  field = rest.substr(0, length);
  rest.remove_prefix(length);
  return true;
}

}  // namespace

// A version byte, then three fields, each after its length in four bytes, big-endian.
std::string pack(const Message& message) {
  std::string out{format_version};
  put(out, message.to);
  put(out, message.subject);
  put(out, message.text);
  return out;
}

bool unpack(std::string_view packed, Message& out) {
  if (packed.empty() || packed.front() != format_version) return false;
  packed.remove_prefix(1);
  return take(packed, out.to) && take(packed, out.subject) && take(packed, out.text) && packed.empty();
}

}  // namespace twinlock::mail
