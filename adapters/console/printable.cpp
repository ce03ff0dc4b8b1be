// SPDX-License-Identifier: Apache-2.0
#include "adapters/console/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "adapters/text/json.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::console {

namespace {

struct Range {
  char32_t first, last;
};

// Controls (C0, DEL, C1), soft hyphen, directions, zero-width, separators, invisible operators, tags, private
// use, non-characters.
constexpr Range unseen[] = {{0, 0x1F},        {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},
                            {0x115F, 0x1160}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E},
                            {0x2060, 0x206F}, {0x3164, 0x3164}, {0xE000, 0xF8FF}, {0xFE00, 0xFE0F},
                            {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFF}, {0xE0000, 0x10FFFF}};

bool is_unseen(char32_t code) {
  for (const Range& range : unseen)
    if (code >= range.first && code <= range.last) return true;
  return false;
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const text::Character c = text::first_character(bytes);
    const std::size_t taken = c.bytes == 0 ? 1 : c.bytes;
    if (c.bytes == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
    } else if (is_unseen(c.code)) {
      out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c.code));
    } else if (c.code == U'\\') {
      out += "\\\\";
    } else {
      out += bytes.substr(0, taken);
    }
    bytes.remove_prefix(taken);
  }
  return out;
}

std::string json_text(std::string_view bytes) { return text::json_string(bytes, is_unseen); }

}  // namespace twinlock::console
