#include "adapters/service/public_text.hpp"

#include <algorithm>
#include <cstdint>

namespace twinlock::service {

namespace {

std::uint8_t at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

bool is_control(std::uint8_t byte) { return byte < 0x20 || byte == 0x7F; }

std::size_t expected_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

// Refuses overlong forms, surrogates, code points above U+10FFFF and C1 controls.
bool second_fits(std::uint8_t lead, std::uint8_t second) {
  if (lead == 0xC2) return second >= 0xA0;
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  return lead != 0xF4 || second <= 0x8F;
}

// Returns the length of the printable character at the start of `text`; 0: there is none.
std::size_t character(std::string_view text) {
  const auto length = expected_length(at(text, 0));
  if (length == 0 || length > text.size() || is_control(at(text, 0))) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(text, i) & 0xC0U) != 0x80U) return 0;
  return length == 1 || second_fits(at(text, 0), at(text, 1)) ? length : 0;
}

}  // namespace

std::string public_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  while (!text.empty()) {
    const auto length = character(text);
    const auto taken = std::max<std::size_t>(length, 1);
    if (out.size() + taken > bytes_max) break;
    out += length == 0 ? std::string_view("?") : text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

}  // namespace twinlock::service
