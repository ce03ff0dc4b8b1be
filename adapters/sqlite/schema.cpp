// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/schema.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/whole.hpp"

namespace twinlock::sqlite {

namespace {

// Migration n (from 0) leads from schema n to schema n + 1. Never change one that was released: append.
//
// 1: `whole` comes first, so that it is on page 2, where whole.cpp reads it without the -wal; its one row is
//    inserted when the file is made.
//    `account` has a row number of its own, so that small pages hold whole rows (an index entry over a
// quarter page spills).
//    `name` is a second witness of every account: damage that hides a row from the first table's index would
//    else read as "no such account", the one answer that no seal protects. `audit.previous` links the
//    account's entries (0: the first); it costs a third less than an index on (account, sequence).
//    `outbox_order` holds all that decides which mail goes next, in that order.
//    `spelling` has a row for each fold of which an account needs a code; `spelling_edition` made its keys.
constexpr std::array migrations{
    "CREATE TABLE whole(id INTEGER PRIMARY KEY, mark BLOB NOT NULL) STRICT;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT;"
    "CREATE TABLE account(id INTEGER PRIMARY KEY, account BLOB NOT NULL UNIQUE, version INTEGER NOT NULL,"
    " audit_head INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;"
    "CREATE TABLE name(account BLOB PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit(id INTEGER PRIMARY KEY, previous INTEGER NOT NULL, sequence INTEGER NOT NULL,"
    " created INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, mail BLOB NOT NULL UNIQUE, account BLOB NOT NULL,"
    " created INTEGER NOT NULL, not_after INTEGER NOT NULL, urgent INTEGER NOT NULL,"
    " destination INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,"
    " sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX outbox_order ON outbox(urgent DESC, id, due, destination);"
    "CREATE TABLE spelling(fold BLOB PRIMARY KEY NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO meta VALUES('spelling_edition', '');"};

store::Result<void> migrate_from(Connection& connection, std::int64_t schema) {
  const std::string step = migrations[static_cast<std::size_t>(schema)];
  const std::string sql = "BEGIN IMMEDIATE;" + step + "PRAGMA user_version = " + std::to_string(schema + 1) +
                          ";PRAGMA application_id = " + std::to_string(application_id) + ";COMMIT;";
  return connection.run(sql, "bring up to date");
}

store::Result<void> fill(const std::string& path, std::uint32_t page_bytes) {
  auto connection = Connection::open(path, Connection::Role::writer, 1024);
  if (!connection) return tl::unexpected(connection.error());
  auto sized =
      (*connection)
          ->run("PRAGMA journal_mode = MEMORY; PRAGMA page_size = " + std::to_string(page_bytes), "create");
  if (!sized) return sized;
  for (std::int64_t schema = 0; schema < schema_newest(); ++schema)
    if (auto done = migrate_from(**connection, schema); !done) return done;
  Mark mark;
  sqlite3_randomness(static_cast<int>(mark.database.size()), mark.database.data());
  return insert_mark(**connection, mark);
}

}  // namespace

std::int64_t schema_newest() { return static_cast<std::int64_t>(migrations.size()); }

store::Result<void> create_database(const std::string& path, std::uint32_t page_bytes) {
  const std::string draft = path + ".new";
  if (auto made = make_private_file(draft); !made) return made;
  if (auto filled = fill(draft, page_bytes); !filled) {
    ::unlink(draft.c_str());
    return filled;
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) return tl::unexpected(from_errno(errno, "create", path));
  return sync_folder(path);
}

store::Result<std::int64_t> check_schema(Connection& connection) {
  const auto program = connection.number("PRAGMA application_id");
  if (!program) return program;
  if (*program != application_id)
    return tl::unexpected(
        refused(connection.path(), "it is no database of Twinlock; check the configured path"));
  const auto schema = connection.number("PRAGMA user_version");
  if (!schema) return schema;
  if (*schema < 1 || *schema > schema_newest())
    return tl::unexpected(
        refused(connection.path(), "its schema is " + std::to_string(*schema) +
                                       " and this Twinlock knows up to " + std::to_string(schema_newest()) +
                                       "; install the version that wrote it, or a newer one"));
  return schema;
}

store::Result<void> migrate(Connection& connection) {
  const auto schema = check_schema(connection);
  if (!schema) return tl::unexpected(schema.error());
  for (std::int64_t at = *schema; at < schema_newest(); ++at)
    if (auto done = migrate_from(connection, at); !done) return done;
  const auto mode = connection.text("PRAGMA journal_mode = WAL");
  if (!mode) return tl::unexpected(mode.error());
  if (*mode != "wal")
    return tl::unexpected(
        refused(connection.path(), "SQLite cannot use a write-ahead log there; use a local disk"));
  return {};
}

}  // namespace twinlock::sqlite
