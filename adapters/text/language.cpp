// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/language.hpp"

#include <array>
#include <cstddef>

#include "adapters/text/ascii.hpp"

namespace twinlock::text {
namespace {

constexpr std::array<std::string_view, 2> tags = {"en", "de"};  // in the order of Language

constexpr int quality_max = 1000;  // q=1, in thousandths
constexpr int unnamed = -1;

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// Takes the part of `rest` before `separator` off, with the separator.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return trimmed(part);
}

// A weight (RFC 9110, 12.4.2) in thousandths; `unnamed` if it is none.
int thousandths(std::string_view q) {
  if (q.empty() || q.size() > 5 || (q[0] != '0' && q[0] != '1')) return unnamed;
  int value = (q[0] - '0') * quality_max;
  if (q.size() > 1 && q[1] != '.') return unnamed;
  int unit = quality_max / 10;
  for (const char c : q.substr(q.size() > 1 ? 2 : 1)) {
    if (c < '0' || c > '9') return unnamed;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value <= quality_max ? value : unnamed;
}

int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
    if (parameter.size() >= 2 && lower(parameter[0]) == 'q' && parameter[1] == '=') {
      return thousandths(parameter.substr(2));
    }
  }
  return quality_max;
}

struct Wish {
  int quality = unnamed;
  std::size_t position = 0;  // of the range that gave it: of equals the earlier one wins
};

struct Wishes {
  std::array<Wish, tags.size()> named;
  int any = unnamed;  // of "*"
};

// Notes one language range. "de-AT" is a wish for "de" (RFC 4647, 3.4); the best of several counts.
void note(Wishes& wishes, std::string_view range, int q, std::size_t position) {
  if (q == unnamed) return;
  if (range == "*") wishes.any = q;
  const std::string_view primary = range.substr(0, range.find('-'));
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!equal_ignoring_case(primary, tags[i]) || q <= wishes.named[i].quality) continue;
    wishes.named[i] = {q, position};
  }
}

}  // namespace

Language negotiate(std::string_view accept_language, Language fallback) {
  Wishes wishes;
  for (std::size_t position = 1; !accept_language.empty(); ++position) {
    std::string_view parameters = take(accept_language, ',');
    const std::string_view range = take(parameters, ';');
    note(wishes, range, quality(parameters), position);
  }
  Language best = fallback;
  Wish best_wish{0, 0};
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto language = static_cast<Language>(i);
    Wish wish = wishes.named[i];
    if (wish.quality == unnamed) wish = {wishes.any, language == fallback ? SIZE_MAX - 1 : SIZE_MAX};
    const bool better =
        wish.quality > best_wish.quality ||
        (wish.quality == best_wish.quality && wish.quality > 0 && wish.position < best_wish.position);
    if (better) {
      best = language;
      best_wish = wish;
    }
  }
  return best;
}

std::string_view tag(Language language) { return tags[static_cast<std::size_t>(language)]; }

}  // namespace twinlock::text
