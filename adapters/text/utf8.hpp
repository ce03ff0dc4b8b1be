// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629), one character at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::text {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: not well-formed
};

// The character at the start of `text`. Not well-formed are overlong forms, surrogates, code points above
// U+10FFFF and what is cut off. Requires: `text` is not empty.
Character first_character(std::string_view text);

// The number of characters in well-formed UTF-8.
std::size_t count_characters(std::string_view utf8);

// Each byte as the character of its number (ISO 8859-1), so that any bytes can stand in UTF-8.
std::string utf8_of_bytes(std::string_view bytes);

}  // namespace twinlock::text
