// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/json.hpp"

#include <algorithm>
#include <cstdint>

#include "adapters/text/utf8.hpp"

namespace twinlock::text {

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[unit >> shift & 15U];
}

void append_escape(std::string& out, char32_t code) {
  const auto unit = static_cast<std::uint32_t>(code);
  if (unit < 0x10000) return append_unit(out, unit);
  append_unit(out, 0xD800 + ((unit - 0x10000) >> 10U));
  append_unit(out, 0xDC00 + ((unit - 0x10000) & 0x3FFU));
}

}  // namespace

std::string json_string(std::string_view text, bool (*escaped)(char32_t)) {
  std::string out = "\"";
  while (!text.empty()) {
    const Character c = first_character(text);
    if (c.bytes == 0) {
      append_escape(out, 0xFFFD);
    } else if (escaped(c.code)) {
      append_escape(out, c.code);
    } else {
      if (c.code == U'"' || c.code == U'\\') out += '\\';
      out += text.substr(0, c.bytes);
    }
    text.remove_prefix(std::max<std::size_t>(c.bytes, 1));
  }
  return out += '"';
}

}  // namespace twinlock::text
