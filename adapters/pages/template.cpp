// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/template.hpp"

#include "adapters/pages/next_path.hpp"

namespace twinlock::pages {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// Length of the UTF-8 sequence at the start of `s` (RFC 3629); 0: there is none.
std::size_t sequence_length(std::string_view s) {
  const auto byte = [&s](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const auto tail = [&byte](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::string_view escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

void put(std::string& out, const Part& part, std::string_view text) {
  if (part.place == Place::url && !is_local_path(text)) text = "#";
  escape_into(out, text);
}

}  // namespace

void escape_into(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    const bool control = length == 1 && ((first < 0x20 && first != '\n') || first == 0x7F);
    if (length == 0 || control) {
      out += replacement;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view entity = escaped(text.front());
    out += entity.empty() ? text.substr(0, length) : entity;
    text.remove_prefix(length);
  }
}

std::string render(const Template& page, const text::PageTexts& texts, const Values& values,
                   std::string_view style) {
  std::string out;
  out.reserve(page.html.size() + page.html.size() / 2);
  for (std::size_t i = 0; i < page.compiled.count; ++i) {
    const Part& part = page.compiled.parts[i];
    switch (part.kind) {
      case PartKind::literal:
        out += page.html.substr(part.begin, part.size);
        break;
      case PartKind::style:
        out += style;
        break;
      case PartKind::text:
        put(out, part, (texts.*text::page_text_names[part.name].text).view());
        break;
      case PartKind::value:
        put(out, part, values.at(part.name));
        break;
      case PartKind::section_if:
        if (values.at(part.name).empty()) i = part.jump;
        break;
      case PartKind::section_unless:
        if (!values.at(part.name).empty()) i = part.jump;
        break;
      case PartKind::end:
        break;
    }
  }
  return out;
}

}  // namespace twinlock::pages
