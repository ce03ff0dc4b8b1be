// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "adapters/sqlite/commit.hpp"
#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/integrity.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/readers.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/spelling.hpp"
#include "adapters/sqlite/whole.hpp"
#include "adapters/sqlite/writer.hpp"
#include "adapters/store/change.hpp"
#include "adapters/store/places.hpp"

namespace twinlock::sqlite {

using store::Account;
using store::LeasedMail;
using store::Result;
using store::Seconds;

namespace {

constexpr const char* reading = "read";

store::Bytes bytes_of(std::string_view bytes) { return {bytes.begin(), bytes.end()}; }

Result<std::unique_ptr<Connection>> open_writer(const Options& options) {
  auto connection = Connection::open(options.path, Connection::Role::writer, options.writer_cache_kib);
  if (connection) (*connection)->wait_at_most(options.wait_max);
  return connection;
}

// After a restore, the -wal of the database that was replaced may still be there.
bool has_left_over_wal(Connection& connection, const Result<Mark>& main) {
  if (!main || main->state != MarkState::fresh) return false;
  const auto through_wal = read_mark(connection);
  return !through_wal || through_wal->database != main->database;
}

Result<std::unique_ptr<Connection>> without_left_over_wal(const Options& options,
                                                          std::unique_ptr<Connection> connection) {
  connection.reset();
  for (const char* end : {"-wal", "-shm"})
    if (::unlink((options.path + end).c_str()) != 0 && errno != ENOENT)
      return tl::unexpected(from_errno(errno, "delete the left-over log of", options.path));
  if (auto synced = sync_folder(options.path); !synced) return tl::unexpected(synced.error());
  return open_writer(options);
}

struct Prepared {
  std::unique_ptr<Connection> connection;
  Mark main;
};

// Opens the first connection, creates or migrates the file if needed, and refuses half a database. Requires:
// the commit lock is held.
Result<Prepared> prepare(const Options& options) {
  if (!identity_of(options.path)) {
    if (identity_of(options.path + "-wal"))
      return tl::unexpected(
          refused(options.path, "it is not there but its -wal is; put both back, or move the -wal away"));
    if (auto created = create_database(options.path, options.page_bytes); !created)
      return tl::unexpected(created.error());
  }
  if (auto checked = check_file(options.path); !checked) return tl::unexpected(checked.error());
  auto connection = open_writer(options);
  if (!connection) return tl::unexpected(connection.error());
  const auto main = mark_in_main(**connection);
  if (has_left_over_wal(**connection, main)) {
    connection = without_left_over_wal(options, std::move(*connection));
    if (!connection) return tl::unexpected(connection.error());
  }
  if (auto known = check_schema(**connection); !known) return tl::unexpected(known.error());
  if (!main) return tl::unexpected(main.error());
  if (auto fits = check_half(options.path, *main); !fits) return tl::unexpected(fits.error());
  const auto through_wal = read_mark(**connection);
  if (!through_wal) return tl::unexpected(through_wal.error());
  if (auto fits = check_fits(options.path, *main, *through_wal); !fits) return tl::unexpected(fits.error());
  if (auto migrated = migrate(**connection); !migrated) return tl::unexpected(migrated.error());
  // The first read in WAL mode makes -wal and -shm.
  if (auto read = read_mark(**connection); !read) return tl::unexpected(read.error());
  return Prepared{std::move(*connection), *main};
}

Result<Options> locate(const Options& options) {
  const auto path = resolve(options.path);
  if (!path) return tl::unexpected(path.error());
  if (auto checked = check_disk(*path); !checked) return tl::unexpected(checked.error());
  if (!options.create && !identity_of(*path)) return tl::unexpected(from_errno(ENOENT, "open", *path));
  Options located = options;
  located.path = *path;
  return located;
}

Result<std::optional<store::Row>> load_row(Connection& connection, const Account& account) {
  Use use(connection, Query::load);
  const auto row = use.blob(account.bytes()).row(reading);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return store::Row{use.number_at(0), bytes_of(use.bytes_at(1))};
}

// Answers "no such account" only if both tables say so. The second is read later, so it alone may have an
// account that was added in between; then the first is read again.
Result<std::optional<store::Row>> load_surely(Connection& connection, const Account& account) {
  auto row = load_row(connection, account);
  if (!row || *row) return row;
  {
    Use name(connection, Query::name_known);
    const auto known = name.blob(account.bytes()).row(reading);
    if (!known) return tl::unexpected(known.error());
    if (!*known) return std::nullopt;
  }
  row = load_row(connection, account);
  if (row && !*row) return tl::unexpected(damaged(connection.path(), "an account's row is lost"));
  return row;
}

Result<std::vector<store::ScannedRow>> scan_rows(Connection& connection, std::string_view after,
                                                 std::size_t limit) {
  Use use(connection, Query::scan);
  use.blob(after).number(limit);
  std::vector<store::ScannedRow> rows;
  for (;;) {
    const auto row = use.row(reading);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    const auto account = Account::from(use.bytes_at(0));
    if (!account) return tl::unexpected(damaged(connection.path(), "an account's name makes no sense"));
    rows.push_back({*account, {use.number_at(1), bytes_of(use.bytes_at(2))}});
  }
}

Result<std::vector<store::AuditEntry>> audit_entries(Connection& connection, const Account& account,
                                                     std::uint64_t after, std::size_t limit) {
  Use use(connection, Query::audit_read);
  use.blob(account.bytes()).number(after).number(limit);
  std::vector<store::AuditEntry> entries;
  for (;;) {
    const auto row = use.row(reading);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return entries;
    store::AuditEntry entry{use.number_at(0), std::string(use.bytes_at(1)), {}};
    const auto hash = use.bytes_at(2);
    if (hash.size() != entry.hash.size())
      return tl::unexpected(damaged(connection.path(), "an audit entry makes no sense"));
    std::copy(hash.begin(), hash.end(), entry.hash.begin());
    entries.push_back(std::move(entry));
  }
}

}  // namespace

struct SqliteStore::Parts {
  Parts(Database opened, CommitLock lock, std::shared_ptr<Presence> presence,
        std::unique_ptr<Connection> connection)
      : database(std::move(opened)),
        readers(database),
        writer(database, std::move(lock), std::move(presence), std::move(connection)) {}
  Database database;
  Readers readers;
  Writer writer;
};

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options& options) {
  const auto located = locate(options);
  if (!located) return tl::unexpected(located.error());
  auto lock = CommitLock::open(located->path);
  if (!lock) return tl::unexpected(lock.error());
  if (auto taken = lock->take(std::chrono::steady_clock::now() + options.wait_max); !taken)
    return tl::unexpected(taken.error());
  Database database{*located, {}, {}};
  std::shared_ptr<Presence> presence = std::move(database.options.presence);
  std::unique_ptr<Connection> connection;
  {
    const HeldLock held(*lock);
    if (!presence) {
      auto joined = Presence::join(located->path);
      if (!joined) return tl::unexpected(joined.error());
      presence = std::move(*joined);
    }
    auto prepared = prepare(*located);
    if (!prepared) return tl::unexpected(prepared.error());
    connection = std::move(prepared->connection);
    database.main = prepared->main;
    const auto files = FileSet::of(located->path);
    if (!files) return tl::unexpected(files.error());
    database.files = *files;
  }
  auto parts = std::make_unique<Parts>(std::move(database), std::move(*lock), std::move(presence),
                                       std::move(connection));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(parts)));
}

Result<std::optional<store::Row>> SqliteStore::load(const Account& account) {
  return parts_->readers.read([&](Connection& connection) { return load_surely(connection, account); });
}

Result<void> SqliteStore::commit(std::span<const store::Change> changes, Seconds created,
                                 std::span<store::CommitResult> results) {
  if (auto checked = store::check_batch(changes, results); !checked) return checked;
  if (changes.empty()) return {};
  return parts_->writer.transact([&](Connection& connection) -> Result<void> {
    for (const std::size_t at : store::order_by_account(changes)) {
      const auto applied = apply(connection, changes[at], created);
      if (!applied) return tl::unexpected(applied.error());
      results[at] = *applied;
    }
    return {};
  });
}

Result<std::vector<store::ScannedRow>> SqliteStore::scan(std::string_view after, std::size_t limit) {
  return parts_->readers.read([&](Connection& connection) { return scan_rows(connection, after, limit); });
}

Result<std::vector<store::AuditEntry>> SqliteStore::audit_read(const Account& account, std::uint64_t after,
                                                               std::size_t limit) {
  return parts_->readers.read(
      [&](Connection& connection) { return audit_entries(connection, account, after, limit); });
}

Result<std::string> SqliteStore::spelling(std::string_view fold, std::string_view edition) {
  return parts_->readers.read(
      [&](Connection& connection) { return find_spelling(connection, fold, edition); });
}

Result<std::vector<store::SpellingRow>> SqliteStore::spelling_scan(std::string_view after,
                                                                   std::size_t limit) {
  return parts_->readers.read(
      [&](Connection& connection) { return scan_spellings(connection, after, limit); });
}

Result<std::string> SqliteStore::spelling_edition() { return parts_->readers.read(edition_of_spellings); }

Result<bool> SqliteStore::respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) {
  bool respelled = false;
  const auto done = parts_->writer.transact([&](Connection& connection) -> Result<void> {
    const auto all = respell_all(connection, from, to, fold_anew);
    if (!all) return tl::unexpected(all.error());
    respelled = *all;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return respelled;
}

Result<std::vector<LeasedMail>> SqliteStore::outbox_lease(Seconds now, Seconds lease_s,
                                                          store::Places& places) {
  store::Places seen = places;
  const auto due =
      parts_->readers.read([&](Connection& connection) { return any_due(connection, now, seen); });
  if (!due) return tl::unexpected(due.error());
  std::vector<LeasedMail> mails;
  if (!*due) {
    places = seen;  // it tells whether a mail was refused
    return mails;
  }
  const auto leased = parts_->writer.transact([&](Connection& connection) -> Result<void> {
    auto taken = lease(connection, now, lease_s, places);
    if (!taken) return tl::unexpected(taken.error());
    mails = std::move(*taken);
    return {};
  });
  if (!leased) return tl::unexpected(leased.error());
  return mails;
}

Result<void> SqliteStore::outbox_done(const store::MailId& id) {
  return parts_->writer.transact([&](Connection& connection) { return delete_mail(connection, id); });
}

Result<void> SqliteStore::outbox_retry(const store::MailId& id, Seconds not_before, std::string_view reason) {
  return parts_->writer.transact(
      [&](Connection& connection) { return retry_mail(connection, id, not_before, reason); });
}

Result<store::OutboxCounts> SqliteStore::outbox_counts() { return parts_->readers.read(count_mail); }

Result<std::vector<LeasedMail>> SqliteStore::outbox_list(std::size_t limit) {
  return parts_->readers.read([&](Connection& connection) { return list_mail(connection, limit); });
}

Result<void> SqliteStore::ready() {
  return parts_->writer.transact([](Connection&) { return Result<void>(); });
}

Result<void> SqliteStore::copy_to(const std::string& file, const CopyProgress& progress) {
  return parts_->readers.read(
      [&](Connection& connection) { return copy_database(connection, file, progress); });
}

Result<std::string> SqliteStore::backup(const std::string& file, Seconds now, const CopyProgress& progress) {
  if (identity_of(file))
    return tl::unexpected(refused(file, "it is there already and is never overwritten; choose another name"));
  const std::string draft = file + ".new";
  if (auto copied = copy_to(draft, progress); !copied) return tl::unexpected(copied.error());
  auto checked = settle_copy(draft, "INSERT INTO meta VALUES('backup_made', " + std::to_string(now) + ");",
                             [](Mark& mark) { mark.state = MarkState::backup; });
  if (!checked) return checked;
  if (std::rename(draft.c_str(), file.c_str()) != 0) return tl::unexpected(from_errno(errno, "create", file));
  if (auto synced = sync_folder(file); !synced) return tl::unexpected(synced.error());
  return checked;
}

Result<void> SqliteStore::outbox_empty() {
  return parts_->writer.transact(
      [](Connection& connection) { return connection.run("DELETE FROM outbox", "empty"); });
}

Result<std::string> SqliteStore::check() { return parts_->readers.read(check_integrity); }

}  // namespace twinlock::sqlite
