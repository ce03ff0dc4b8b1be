// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/spelling.hpp"

#include <limits>

#include "adapters/sqlite/errors.hpp"
#include "adapters/store/change.hpp"

namespace twinlock::sqlite {

using store::Result;

namespace {

Result<void> put_spelling(Connection& connection, std::string_view fold, std::string_view body) {
  Use use(connection, Query::put_spelling);
  return use.blob(fold).blob(body).run("write");
}

Result<void> set_edition(Connection& connection, std::string_view edition) {
  Use use(connection, Query::set_spelling_edition);
  return use.text(edition).run("write");
}

}  // namespace

Result<std::string> find_spelling(Connection& connection, std::string_view fold, std::string_view edition) {
  Use use(connection, Query::spelling);
  const auto row = use.blob(fold).row("read");
  if (!row) return tl::unexpected(row.error());
  const auto of_table = *row ? use.bytes_at(0) : std::string_view();
  if (!of_table.empty() && of_table != edition)
    return tl::unexpected(store::foreign_edition(of_table, edition));
  std::string body(*row ? use.bytes_at(1) : std::string_view());
  if (of_table.empty() && !body.empty())
    return tl::unexpected(damaged(connection.path(), "the edition of its spellings is lost"));
  return body;
}

Result<std::vector<store::SpellingRow>> scan_spellings(Connection& connection, std::string_view after,
                                                       std::size_t limit) {
  Use use(connection, Query::spelling_scan);
  use.blob(after).number(limit);
  std::vector<store::SpellingRow> rows;
  for (;;) {
    const auto row = use.row("read");
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back({std::string(use.bytes_at(0)), std::string(use.bytes_at(1))});
  }
}

Result<std::string> edition_of_spellings(Connection& connection) {
  Use use(connection, Query::spelling_edition);
  const auto row = use.row("read");
  if (!row) return tl::unexpected(row.error());
  if (!*row) return tl::unexpected(damaged(connection.path(), "the edition of its spellings is lost"));
  return std::string(use.bytes_at(0));
}

Result<bool> spelling_fits(Connection& connection, const store::SpellingSwap& swap) {
  const auto present = find_spelling(connection, swap.fold, swap.edition);
  if (!present) return tl::unexpected(present.error());
  return *present == swap.expected;
}

Result<void> write_spelling(Connection& connection, const store::SpellingSwap& swap) {
  if (auto set = set_edition(connection, swap.edition); !set) return set;
  if (!swap.next.empty()) return put_spelling(connection, swap.fold, swap.next);
  Use use(connection, Query::delete_spelling);
  return use.blob(swap.fold).run("write");
}

Result<bool> respell_all(Connection& connection, std::string_view from, std::string_view to,
                         const store::Store::FoldAnew& fold_anew) {
  const auto present = edition_of_spellings(connection);
  if (!present) return tl::unexpected(present.error());
  if (*present != from) return false;
  const auto rows = scan_spellings(connection, {}, std::numeric_limits<std::uint32_t>::max());
  if (!rows) return tl::unexpected(rows.error());
  const auto anew = fold_anew(*rows);
  if (!anew) return false;
  if (auto cleared = Use(connection, Query::clear_spellings).run("write"); !cleared)
    return tl::unexpected(cleared.error());
  for (const auto& row : *anew)
    if (auto written = put_spelling(connection, row.fold, row.body); !written)
      return tl::unexpected(written.error());
  if (auto set = set_edition(connection, to); !set) return tl::unexpected(set.error());
  return true;
}

}  // namespace twinlock::sqlite
