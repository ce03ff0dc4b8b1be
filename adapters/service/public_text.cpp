// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/public_text.hpp"

#include <algorithm>

#include "adapters/text/utf8.hpp"

namespace twinlock::service {

namespace {

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code <= 0x9F); }

// Returns the length of the printable character at the start of `text`; 0: there is none.
std::size_t character(std::string_view text) {
  const text::Character c = text::first_character(text);
  return c.bytes == 0 || is_control(c.code) ? 0 : c.bytes;
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

}  // namespace twinlock::service
