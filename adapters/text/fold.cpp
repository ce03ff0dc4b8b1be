// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/fold.hpp"

#include <utf8proc.h>

#include <array>
#include <charconv>
#include <vector>

#include "adapters/text/ascii.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::text {
namespace {

constexpr std::string_view rules = "1";  // counts up when the steps below change

using Codes = std::vector<utf8proc_int32_t>;

// Unicode's longest full decomposition has 18 characters (U+FDFA).
constexpr std::size_t longest = 32;

constexpr unsigned taken_apart = static_cast<unsigned>(UTF8PROC_COMPAT) | UTF8PROC_DECOMPOSE |
                                 UTF8PROC_STABLE | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK;
constexpr unsigned folded = taken_apart | UTF8PROC_CASEFOLD;

std::optional<Codes> read(std::string_view name) {
  Codes codes;
  while (!name.empty()) {
    const Character c = first_character(name);
    if (c.bytes == 0) return std::nullopt;
    codes.push_back(static_cast<utf8proc_int32_t>(c.code));
    name.remove_prefix(c.bytes);
  }
  return codes;
}

bool is_blank(utf8proc_int32_t code) {
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP || code == 0x85 || (code >= '\t' && code <= '\r');
}

bool is_unseen(utf8proc_int32_t code) {
  const auto category = utf8proc_category(code);
  return (category == UTF8PROC_CATEGORY_CC && !is_blank(code)) || category == UTF8PROC_CATEGORY_CF;
}

Codes step(const Codes& in, unsigned options) {
  Codes out;
  for (const utf8proc_int32_t code : in) {
    std::array<utf8proc_int32_t, longest> parts{};
    int unused = 0;
    const auto count =
        utf8proc_decompose_char(code, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
                                static_cast<utf8proc_option_t>(options), &unused);
    if (count < 0 || static_cast<std::size_t>(count) > parts.size()) {
      out.push_back(code);
      continue;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      if (!is_unseen(parts[i])) out.push_back(parts[i]);
  }
  return out;
}

// Drops the outer blanks and writes each run of inner ones as one space; nothing but blanks is one.
template <typename Sequence, typename IsBlank>
Sequence joined(const Sequence& in, IsBlank blank) {
  Sequence out;
  bool gap = false;
  for (const auto c : in) {
    if (blank(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out.push_back(' ');
    gap = false;
    out.push_back(c);
  }
  if (out.empty()) out.push_back(' ');
  return out;
}

std::string written(const Codes& codes) {
  std::string out;
  for (const utf8proc_int32_t code : codes) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto count = utf8proc_encode_char(code, bytes.data());
    out.append(bytes.begin(), bytes.begin() + count);
  }
  return out;
}

// Reads the numbers of an edition, whatever stands between them.
std::optional<std::vector<unsigned>> numbers(std::string_view edition) {
  std::vector<unsigned> out;
  while (!edition.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(edition.data(), edition.data() + edition.size(), number);
    if (error != std::errc{}) return std::nullopt;
    out.push_back(number);
    edition.remove_prefix(static_cast<std::size_t>(end - edition.data()));
    if (!edition.empty() && edition.front() != '.' && edition.front() != ' ') return std::nullopt;
    if (!edition.empty()) edition.remove_prefix(1);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace

// Marks go before letters are folded: the iota below is a mark, and folds to a letter. Folding can give
// characters that come apart once more, so it is repeated until nothing changes.
std::string fold(std::string_view name) {
  auto codes = read(name);
  if (!codes) return joined(lowered(name), [](char c) { return c == ' '; });
  *codes = step(*codes, taken_apart);
  for (Codes next; (next = step(*codes, folded)) != *codes;) *codes = std::move(next);
  return written(joined(*codes, is_blank));
}

std::string fold_edition() {
  return std::string(rules) + " " + utf8proc_unicode_version() + " " + utf8proc_version();
}

std::optional<std::strong_ordering> compare_editions(std::string_view a, std::string_view b) {
  const auto left = numbers(a);
  const auto right = numbers(b);
  if (!left || !right) return std::nullopt;
  return *left <=> *right;
}

}  // namespace twinlock::text
