// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/copy.hpp"

#include <sqlite3.h>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/integrity.hpp"
#include "adapters/sqlite/schema.hpp"

namespace twinlock::sqlite {

using store::Result;

namespace {

constexpr const char* copying = "copy";
constexpr int pages_a_step = 256;
constexpr std::uint32_t copy_cache_kib = 2048;

// Ends the transaction that holds the source's state.
struct Snapshot {
  Connection& connection;
  ~Snapshot() { (void)connection.run("ROLLBACK", copying); }
};

Result<void> copy_pages(Connection& source, Connection& target, const CopyProgress& progress) {
  sqlite3_backup* const copy = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (copy == nullptr) return tl::unexpected(target.error(sqlite3_errcode(target.handle()), copying));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(copy, pages_a_step);
    const auto of = static_cast<std::uint64_t>(sqlite3_backup_pagecount(copy));
    if (progress) progress(of - static_cast<std::uint64_t>(sqlite3_backup_remaining(copy)), of);
  }
  const int ended = sqlite3_backup_finish(copy);
  if (code == SQLITE_DONE && ended == SQLITE_OK) return {};
  return tl::unexpected(target.error(code == SQLITE_DONE ? ended : code, copying));
}

}  // namespace

Result<void> copy_database(Connection& source, const std::string& to, const CopyProgress& progress) {
  if (auto made = make_private_file(to); !made) return made;
  auto target = Connection::open(to, Connection::Role::writer, copy_cache_kib);
  if (!target) return tl::unexpected(target.error());
  if (auto mode = (*target)->run("PRAGMA journal_mode = MEMORY", copying); !mode) return mode;
  if (auto begun = source.run("BEGIN", copying); !begun) return begun;
  const Snapshot held{source};
  if (auto mark = read_mark(source); !mark) return tl::unexpected(mark.error());
  return copy_pages(source, **target, progress);
}

Result<std::string> settle_copy(const std::string& path, const std::string& sql,
                                const std::function<void(Mark&)>& change) {
  auto copy = Connection::open(path, Connection::Role::writer, copy_cache_kib);
  if (!copy) return tl::unexpected(copy.error());
  if (auto known = check_schema(**copy); !known) return tl::unexpected(known.error());
  const auto mode = (*copy)->text("PRAGMA journal_mode = DELETE");
  if (!mode) return tl::unexpected(mode.error());
  auto mark = read_mark(**copy);
  if (!mark) return tl::unexpected(mark.error());
  change(*mark);
  if (auto begun = (*copy)->run("BEGIN IMMEDIATE;" + sql, copying); !begun)
    return tl::unexpected(begun.error());
  if (auto written = write_mark(**copy, *mark); !written) return tl::unexpected(written.error());
  if (auto committed = (*copy)->run("COMMIT", copying); !committed) return tl::unexpected(committed.error());
  return check_integrity(**copy);
}

}  // namespace twinlock::sqlite
