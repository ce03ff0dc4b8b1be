// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/utf8.hpp"

#include <algorithm>

namespace twinlock::text {

namespace {

struct Lead {
  unsigned char low, high;
  std::size_t bytes;
  unsigned char second_low, second_high;
};

// RFC 3629, 4: which second byte a lead byte allows; so no overlong form and no surrogate.
constexpr Lead leads[] = {{0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
                          {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F},
                          {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
                          {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F}};

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

Character first_character(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return {first, 1};
  for (const Lead& lead : leads) {
    if (first < lead.low || first > lead.high) continue;
    if (text.size() < lead.bytes) return {};
    char32_t code = first & (0xFFU >> (lead.bytes + 1));
    for (std::size_t i = 1; i < lead.bytes; ++i) {
      const unsigned char b = byte_at(text, i);
      if (b < (i == 1 ? lead.second_low : 0x80) || b > (i == 1 ? lead.second_high : 0xBF)) return {};
      code = (code << 6U) | (b & 0x3FU);
    }
    return {code, lead.bytes};
  }
  return {};
}

std::size_t count_characters(std::string_view utf8) {
  return utf8.size() - static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), continues));
}

std::string utf8_of_bytes(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) out += static_cast<char>(0xC0U | byte >> 6U);
    out += byte >= 0x80 ? static_cast<char>(0x80U | (byte & 0x3FU)) : c;
  }
  return out;
}

}  // namespace twinlock::text
