#include "adapters/cli/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace twinlock::cli {

namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: not well-formed
};

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

Character next(std::string_view text) {
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

std::string json_escape(char32_t code) {
  const auto unit = static_cast<std::uint32_t>(code);
  if (unit < 0x10000) return fmt::format("\\u{:04x}", unit);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((unit - 0x10000) >> 10U),
                     0xDC00 + ((unit - 0x10000) & 0x3FFU));
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const Character c = next(bytes);
    const std::size_t taken = c.bytes == 0 ? 1 : c.bytes;
    if (c.bytes == 0) {
      out += fmt::format("\\x{:02x}", byte_at(bytes, 0));
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

std::string json_text(std::string_view bytes) {
  std::string out = "\"";
  while (!bytes.empty()) {
    const Character c = next(bytes);
    const std::size_t taken = c.bytes == 0 ? 1 : c.bytes;
    if (c.bytes == 0) {
      out += "\\ufffd";
    } else if (is_unseen(c.code)) {
      out += json_escape(c.code);
    } else {
      if (c.code == U'"' || c.code == U'\\') out += '\\';
      out += bytes.substr(0, taken);
    }
    bytes.remove_prefix(taken);
  }
  return out + '"';
}

std::string percent(std::string_view bytes) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : bytes) {
    if (unreserved.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace twinlock::cli
