// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/integrity.hpp"

#include "adapters/sqlite/errors.hpp"

namespace twinlock::sqlite {

namespace {

constexpr const char* doing = "check";

store::Result<void> pages(Connection& connection) {
  Use use(connection, Query::integrity);
  const auto row = use.row(doing);
  if (!row) return tl::unexpected(row.error());
  const auto found = *row ? use.bytes_at(0) : std::string_view("no answer");
  if (found == "ok") return {};
  return tl::unexpected(damaged(connection.path(), found.substr(0, found.find('\n'))));
}

store::Result<void> none(Connection& connection, Query query, const char* what) {
  Use use(connection, query);
  const auto row = use.row(doing);
  if (!row) return tl::unexpected(row.error());
  if (*row && use.number_at(0) == 0) return {};
  return tl::unexpected(damaged(connection.path(), what));
}

}  // namespace

store::Result<std::string> check_integrity(Connection& connection) {
  if (auto sound = pages(connection); !sound) return tl::unexpected(sound.error());
  if (auto sound = none(connection, Query::lost_names, "an account's row is lost"); !sound)
    return tl::unexpected(sound.error());
  if (auto sound = none(connection, Query::lost_heads, "an account's newest audit entry is lost"); !sound)
    return tl::unexpected(sound.error());
  Use use(connection, Query::totals);
  const auto row = use.row(doing);
  if (!row) return tl::unexpected(row.error());
  return "SQLite integrity_check, both lists of accounts, audit heads: ok (" +
         std::to_string(use.number_at(0)) + " accounts, " + std::to_string(use.number_at(1)) +
         " audit entries, " + std::to_string(use.number_at(2)) + " mails)";
}

}  // namespace twinlock::sqlite
