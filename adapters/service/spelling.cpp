// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/spelling.hpp"

#include <algorithm>

#include "adapters/text/fold.hpp"

namespace twinlock::service {

namespace {

using Pair = std::pair<std::string, std::string>;

Pair pair_of(std::string_view a, std::string_view b) { return a < b ? Pair(a, b) : Pair(b, a); }

// Adds or removes one of a sorted list.
template <typename T>
void set_member(std::vector<T>& list, const T& member, bool in) {
  const auto at = std::lower_bound(list.begin(), list.end(), member);
  const bool there = at != list.end() && *at == member;
  if (in && !there) list.insert(at, member);
  if (!in && there) list.erase(at);
}

std::optional<store::SpellingSwap> swap_to(const SpellingRow& row, const Spellings& next) {
  if (next == row.is) return std::nullopt;
  return store::SpellingSwap{row.fold, text::fold_edition(), row.body, encode_spellings(next)};
}

bool is_name(std::string_view text) { return Account::from(text).has_value(); }

bool read_line(std::string_view line, Spellings& out) {
  if (line.size() < 2 || line[1] != ' ') return false;
  const std::string_view rest = line.substr(2);
  if (line[0] == 'h' && is_name(rest)) {
    out.holders.emplace_back(rest);
    return true;
  }
  const auto tab = rest.find('\t');
  if (line[0] != 'd' || tab == std::string_view::npos) return false;
  out.distinct.emplace_back(rest.substr(0, tab), rest.substr(tab + 1));
  return is_name(out.distinct.back().first) && is_name(out.distinct.back().second);
}

}  // namespace

std::string encode_spellings(const Spellings& spellings) {
  std::string out;
  for (const auto& holder : spellings.holders) out.append("h ").append(holder).append("\n");
  for (const auto& [a, b] : spellings.distinct)
    out.append("d ").append(a).append("\t").append(b).append("\n");
  return out;
}

std::optional<Spellings> decode_spellings(std::string_view body) {
  Spellings out;
  for (std::string_view left = body; !left.empty();) {
    const auto end = left.find('\n');
    if (end == std::string_view::npos || !read_line(left.substr(0, end), out)) return std::nullopt;
    left.remove_prefix(end + 1);
  }
  std::sort(out.holders.begin(), out.holders.end());
  std::sort(out.distinct.begin(), out.distinct.end());
  if (encode_spellings(out) != body) return std::nullopt;
  return out;
}

bool has_own_factor(const Record& record) {
  const State state = record.state == State::enrolling ? record.before : record.state;
  return state != State::off;
}

bool holds_spelling(const Record& record) {
  return has_own_factor(record) || record.policy == Policy::required;
}

std::optional<std::string> other_holder(const Spellings& spellings, std::string_view name) {
  for (const auto& holder : spellings.holders) {
    if (holder == name) continue;
    const auto& distinct = spellings.distinct;
    if (std::find(distinct.begin(), distinct.end(), pair_of(holder, name)) == distinct.end()) return holder;
  }
  return std::nullopt;
}

bool are_look_alikes(const Account& a, const Account& b) {
  return a != b && text::fold(a.bytes()) == text::fold(b.bytes());
}

Expected<SpellingRow> load_spellings(store::Store& store, const Account& account) {
  SpellingRow row;
  row.fold = text::fold(account.bytes());
  auto body = store.spelling(row.fold, text::fold_edition());
  if (!body) return tl::unexpected(Failure::unavailable);
  auto is = decode_spellings(*body);
  if (!is) return tl::unexpected(Failure::sealed);
  row.body = std::move(*body);
  row.is = std::move(*is);
  return row;
}

std::optional<store::SpellingSwap> hold_spelling(const SpellingRow& row, const Account& account, bool holds) {
  Spellings next = row.is;
  set_member(next.holders, account.bytes(), holds);
  return swap_to(row, next);
}

std::optional<store::SpellingSwap> part_spellings(const SpellingRow& row, const Account& a, const Account& b,
                                                  bool distinct) {
  Spellings next = row.is;
  set_member(next.distinct, pair_of(a.bytes(), b.bytes()), distinct);
  return swap_to(row, next);
}

}  // namespace twinlock::service
