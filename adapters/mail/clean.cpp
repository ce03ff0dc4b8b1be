#include "adapters/mail/clean.hpp"

#include <cstdint>

namespace twinlock::mail {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view replacement_utf8 = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis_utf8 = "\xE2\x80\xA6";

struct Decoded {
  char32_t point = replacement;
  std::size_t bytes = 1;  // of a bad sequence: only its first byte
};

// The well-formed sequence at the start of `s` (RFC 3629, 4).
Decoded decode(std::string_view s) {
  const auto byte = [&s](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || s.size() < length) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    point = point << 6U | (byte(i) & 0x3FU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < least[length] || surrogate || point > 0x10FFFF) return {};
  return {point, length};
}

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
    const Decoded d = decode(text);
    if (d.point == replacement) {
      out += replacement_utf8;
    } else if (shapes_text(d.point)) {
      out += ' ';
    } else {
      out += text.substr(0, d.bytes);
    }
    text.remove_prefix(d.bytes);
  }
  return out;
}

std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return count;
}

std::string wrap(std::string_view utf8, std::size_t columns_max) {
  std::string out;
  std::size_t column = 0;
  while (!utf8.empty()) {
    const std::size_t end = utf8.find_first_of(" \n");
    const std::string_view word = utf8.substr(0, end);
    const std::size_t width = characters(word);
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
