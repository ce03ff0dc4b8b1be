// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/clean.hpp"

#include <algorithm>

#include "adapters/text/utf8.hpp"

namespace twinlock::mail {
namespace {

constexpr std::string_view replacement_utf8 = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis_utf8 = "\xE2\x80\xA6";

// What breaks lines or turns the reading direction (Unicode's Cc, Zl, Zp and the bidirectional controls).
bool shapes_text(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace

std::string clean(std::string_view text, std::size_t characters_max) {
  std::string out;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == characters_max) return out.append(ellipsis_utf8);
    const text::Character c = text::first_character(text);
    if (c.bytes == 0) {
      out += replacement_utf8;
    } else if (shapes_text(c.code)) {
      out += ' ';
    } else {
      out += text.substr(0, c.bytes);
    }
    text.remove_prefix(std::max<std::size_t>(c.bytes, 1));
  }
  return out;
}

std::string wrap(std::string_view utf8, std::size_t columns_max) {
  std::string out;
  std::size_t column = 0;
  while (!utf8.empty()) {
    const std::size_t end = utf8.find_first_of(" \n");
    const std::string_view word = utf8.substr(0, end);
    const std::size_t width = text::count_characters(word);
    if (column > 0 && width > 0) {
      const bool fits = column + 1 + width <= columns_max;
      out += fits ? ' ' : '\n';
      column = fits ? column + 1 : 0;
    }
    out += word;
    column += width;
    if (end == std::string_view::npos) break;
    if (utf8[end] == '\n') {
      out += '\n';
      column = 0;
    }
    utf8.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace twinlock::mail
