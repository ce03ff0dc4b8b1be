// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/spelling_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/service/rows.hpp"
#include "adapters/service/spelling.hpp"
#include "adapters/text/fold.hpp"

namespace twinlock::service {

namespace {

constexpr std::size_t page_rows = 256;

using Table = std::map<std::string, Spellings>;

// The pairs of holders of one fold that nobody called distinct.
std::vector<Names> collisions_of(const Spellings& spellings) {
  std::vector<Names> out;
  for (auto a = spellings.holders.begin(); a != spellings.holders.end(); ++a)
    for (auto b = a + 1; b != spellings.holders.end(); ++b)
      if (std::find(spellings.distinct.begin(), spellings.distinct.end(), Names(*a, *b)) ==
          spellings.distinct.end())
        out.emplace_back(*a, *b);
  return out;
}

std::vector<Names> collisions_of(const Table& table) {
  std::vector<Names> out;
  for (const auto& [fold, spellings] : table) {
    const auto more = collisions_of(spellings);
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

template <typename T>
void tidy(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Puts each name under its fold as it is now. A pair that the folds now tell apart needs no exception.
Table folded_anew(const std::vector<Spellings>& rows) {
  Table out;
  for (const auto& spellings : rows) {
    for (const auto& holder : spellings.holders) out[text::fold(holder)].holders.push_back(holder);
    for (const auto& [a, b] : spellings.distinct)
      if (text::fold(a) == text::fold(b)) out[text::fold(a)].distinct.emplace_back(a, b);
  }
  for (auto& [fold, spellings] : out) {
    tidy(spellings.holders);
    tidy(spellings.distinct);
  }
  return out;
}

// nullopt: one of them makes no sense.
std::optional<std::vector<Spellings>> decode_all(const std::vector<store::SpellingRow>& rows) {
  std::vector<Spellings> out;
  for (const auto& row : rows) {
    auto spellings = decode_spellings(row.body);
    if (!spellings) return std::nullopt;
    out.push_back(std::move(*spellings));
  }
  return out;
}

std::vector<store::SpellingRow> rows_of(const Table& table) {
  std::vector<store::SpellingRow> out;
  for (const auto& [fold, spellings] : table) out.push_back({fold, encode_spellings(spellings)});
  return out;
}

// Reads the whole table page by page; `take` gets each row.
template <typename Take>
Expected<void> each_row(store::Store& store, Take take) {
  for (std::string after;;) {
    const auto rows = store.spelling_scan(after, page_rows);
    if (!rows) return tl::unexpected(Failure::unavailable);
    for (const auto& row : *rows) take(row);
    if (rows->size() < page_rows) return {};
    after = rows->back().fold;
  }
}

// The accounts that need a code, and all whose record opens.
struct Known {
  std::set<std::string> holding;
  std::set<std::string> all;
};

Expected<Known> read_records(store::Store& store, const keys::KeyRing& keys) {
  Known out;
  for (std::string after;;) {
    const auto rows = store.scan(after, page_rows);
    if (!rows) return tl::unexpected(Failure::unavailable);
    for (const auto& row : *rows) {
      const auto loaded = load_profile(store, keys, row.account);
      if (!loaded && loaded.error() != Failure::sealed) return tl::unexpected(loaded.error());
      if (!loaded) continue;
      out.all.insert(row.account.bytes());
      if (holds_spelling(loaded->profile.record)) out.holding.insert(row.account.bytes());
    }
    if (rows->size() < page_rows) return out;
    after = rows->back().account.bytes();
  }
}

}  // namespace

Expected<SpellingFindings> check_spellings(store::Store& store, const keys::KeyRing& keys) {
  const auto known = read_records(store, keys);
  if (!known) return tl::unexpected(known.error());
  SpellingFindings out;
  std::set<std::string> listed;
  const auto read = each_row(store, [&](const store::SpellingRow& row) {
    const auto spellings = decode_spellings(row.body);
    if (!spellings) {
      ++out.unreadable;
      return;
    }
    for (const auto& holder : spellings->holders) {
      if (text::fold(holder) == row.fold) listed.insert(holder);
      const bool none = known->all.contains(holder) && !known->holding.contains(holder);
      if (none || text::fold(holder) != row.fold) out.stale.push_back(holder);
    }
    const auto collisions = collisions_of(*spellings);
    out.collisions.insert(out.collisions.end(), collisions.begin(), collisions.end());
    out.distinct.insert(out.distinct.end(), spellings->distinct.begin(), spellings->distinct.end());
  });
  if (!read) return tl::unexpected(read.error());
  std::set_difference(known->holding.begin(), known->holding.end(), listed.begin(), listed.end(),
                      std::back_inserter(out.missing));
  return out;
}

tl::expected<std::vector<Names>, std::string> fold_spellings_anew(store::Store& store) {
  const std::string ours = text::fold_edition();
  const auto theirs = store.spelling_edition();
  if (!theirs) return tl::unexpected(theirs.error().message);
  if (theirs->empty() || *theirs == ours) return {};
  const auto order = text::compare_editions(*theirs, ours);
  if (!order || *order != std::strong_ordering::less)
    return tl::unexpected("spellings of accounts are folded by edition " + *theirs +
                          " (rules, Unicode, libutf8proc), which is newer than this program's " + ours +
                          "; install the libutf8proc that wrote the database, or a newer one");
  std::vector<Names> before;
  std::vector<Names> now;
  bool readable = true;
  const auto fold_anew =
      [&](const std::vector<store::SpellingRow>& rows) -> std::optional<std::vector<store::SpellingRow>> {
    const auto decoded = decode_all(rows);
    readable = decoded.has_value();
    if (!decoded) return std::nullopt;
    for (const auto& spellings : *decoded) {
      const auto more = collisions_of(spellings);
      before.insert(before.end(), more.begin(), more.end());
    }
    const Table table = folded_anew(*decoded);
    now = collisions_of(table);
    return rows_of(table);
  };
  const auto done = store.respell(*theirs, ours, fold_anew);
  if (!done) return tl::unexpected(done.error().message);
  if (!readable)
    return tl::unexpected(std::string(
        "a row of the table of spellings makes no sense: the database is damaged; restore it from a backup"));
  std::erase_if(
      now, [&](const Names& pair) { return std::find(before.begin(), before.end(), pair) != before.end(); });
  return now;
}

}  // namespace twinlock::service
