// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/restoration.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/system/descriptor.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::sqlite {

using store::Account;
using store::Result;

namespace {

constexpr const char* merging = "put together";
constexpr std::array companions{"", "-wal", "-shm", ".lock", "-journal"};
constexpr std::size_t chunk_bytes = 1 << 20;

Result<void> copy_bytes(const std::string& from, const std::string& to) {
  const system::Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return tl::unexpected(from_errno(errno, "read", from));
  struct stat found {};
  if (::fstat(source.get(), &found) != 0 || !S_ISREG(found.st_mode))
    return tl::unexpected(refused(from, "it is not a regular file"));
  if (auto made = make_private_file(to); !made) return made;
  const system::Descriptor target(::open(to.c_str(), O_WRONLY | O_CLOEXEC));
  if (!target) return tl::unexpected(from_errno(errno, "write", to));
  std::vector<char> chunk(chunk_bytes);
  for (;;) {
    const ssize_t got = ::read(source.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(from_errno(errno, "read", from));
    if (got == 0) return {};
    if (!system::write_all(target.get(), {chunk.data(), static_cast<std::size_t>(got)}))
      return tl::unexpected(from_errno(errno, "write", to));
  }
}

// The draft is a database of its own, which nothing of the one that it replaces fits.
void begin_anew(Mark& mark) {
  sqlite3_randomness(static_cast<int>(mark.database.size()), mark.database.data());
  mark.whole = mark.needs = mark.commits;
  mark.state = MarkState::closed;
}

constexpr const char* drop_what_was_sent = "DELETE FROM outbox; DELETE FROM meta WHERE name = 'backup_made';";

// What a backup's own damage is called; the sentences of a database in use would send the reader elsewhere.
store::StoreError about_backup(const std::string& file, const store::StoreError& error) {
  if (error.kind != store::StoreErrorKind::corrupt) return error;
  return refused(file, "it is damaged or only a part; take another backup");
}

Result<Mark> mark_of(const std::string& path) {
  auto connection = Connection::open(path, Connection::Role::reader, 1024);
  if (!connection) return tl::unexpected(connection.error());
  const auto schema = check_schema(**connection);
  if (!schema) return tl::unexpected(schema.error());
  if (*schema != schema_newest())
    return tl::unexpected(refused(path, "its schema is older (" + std::to_string(*schema) +
                                            "); restore it with the version that wrote it, then upgrade"));
  return mark_in_main(**connection);
}

// Takes the rows of `taken` from the attached backup, with their audit entries under new numbers.
constexpr const char* take_rows =
    "CREATE TEMP TABLE numbers AS SELECT ifnull(max(id), 0) AS above FROM main.audit;"
    "WITH RECURSIVE chain(id, previous) AS ("
    " SELECT audit.id, audit.previous FROM backup.account JOIN backup.audit ON audit.id = account.audit_head"
    "  WHERE account.account IN (SELECT account FROM taken)"
    " UNION ALL"
    " SELECT audit.id, audit.previous FROM chain JOIN backup.audit ON audit.id = chain.previous"
    "  WHERE audit.id < chain.id)"
    "INSERT INTO main.audit(id, previous, sequence, created, body, hash)"
    " SELECT id + above, CASE previous WHEN 0 THEN 0 ELSE previous + above END, sequence, created, body, hash"
    "  FROM backup.audit, numbers WHERE id IN (SELECT id FROM chain);"
    "INSERT INTO main.account(account, version, audit_head, sealed)"
    " SELECT account, version, audit_head + above, sealed FROM backup.account, numbers"
    "  WHERE account IN (SELECT account FROM taken)"
    " ON CONFLICT(account) DO UPDATE SET version = excluded.version, audit_head = excluded.audit_head,"
    "  sealed = excluded.sealed;"
    "INSERT OR IGNORE INTO main.name SELECT * FROM backup.name WHERE account IN (SELECT account FROM taken);";

Result<std::vector<Account>> take_from(Connection& draft, const std::string& backup,
                                       std::span<const Account> unopened) {
  auto statement = [&](Query query, std::string_view bytes) -> Result<void> {
    return Use(draft, query).blob(bytes).run(merging);
  };
  if (auto attached = statement(Query::attach_backup, backup); !attached)
    return tl::unexpected(attached.error());
  if (auto begun =
          draft.run("BEGIN IMMEDIATE; CREATE TEMP TABLE taken(account BLOB PRIMARY KEY) STRICT;", merging);
      !begun)
    return tl::unexpected(begun.error());
  for (const Account& account : unopened)
    if (auto added = statement(Query::take_account, account.bytes()); !added)
      return tl::unexpected(added.error());
  if (auto done = draft.run("INSERT OR IGNORE INTO taken SELECT b.account FROM backup.account AS b"
                            " LEFT JOIN main.account AS m ON m.account = b.account"
                            " WHERE m.version IS NULL OR m.version < b.version;" +
                                std::string(take_rows),
                            merging);
      !done)
    return tl::unexpected(done.error());
  std::vector<Account> taken;
  {
    Use use(draft, Query::list_taken);
    for (;;) {
      const auto row = use.row(merging);
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (auto account = Account::from(use.bytes_at(0))) taken.push_back(std::move(*account));
    }
  }
  if (auto done = draft.run("COMMIT", merging); !done) return tl::unexpected(done.error());
  return taken;
}

}  // namespace

void Restoration::clear_drafts() const {
  for (const char* end : {".restoring", ".restoring.kept"})
    for (const char* companion : companions) ::unlink((database_ + end + companion).c_str());
}

Restoration::~Restoration() {
  if (presence_) clear_drafts();  // else it was moved from
}

Result<Restoration> Restoration::begin(const std::string& database) {
  const auto path = resolve(database);
  if (!path) return tl::unexpected(path.error());
  if (auto checked = check_disk(*path); !checked) return tl::unexpected(checked.error());
  auto presence = Presence::alone(*path);
  if (!presence) return tl::unexpected(presence.error());
  Restoration restoration(*path, std::move(*presence));
  restoration.clear_drafts();
  return restoration;
}

Result<std::unique_ptr<SqliteStore>> Restoration::open_present() {
  Options options;
  options.path = database_;
  options.presence = presence_;
  return SqliteStore::open(options);
}

Result<void> Restoration::draft_from_file(const std::string& file) {
  const auto same = identity_of(file);
  if (same && same == identity_of(database_))
    return tl::unexpected(refused(file, "it is the database itself; see `twinlock restore --in-place`"));
  if (auto copied = copy_bytes(file, draft_); !copied) return copied;
  const auto mark = mark_of(draft_);
  if (!mark) {
    auto error = about_backup(file, mark.error());
    if (const auto at = error.message.find(draft_); at != std::string::npos)
      error.message.replace(at, draft_.size(), file);
    return tl::unexpected(error);
  }
  if (mark->state == MarkState::open)
    return tl::unexpected(refused(file,
                                  "it is the main file of a database that was in use, without its newest "
                                  "commits; take a file that `twinlock backup` made"));
  const auto settled = settle_copy(draft_, drop_what_was_sent, begin_anew);
  if (settled) return {};
  return tl::unexpected(about_backup(file, settled.error()));
}

Result<std::uint64_t> Restoration::draft_from_main() {
  if (auto copied = copy_bytes(database_, draft_); !copied) return tl::unexpected(copied.error());
  const auto mark = mark_of(draft_);
  if (!mark) return tl::unexpected(about_backup(database_, mark.error()));
  if (auto settled = settle_copy(draft_, drop_what_was_sent, begin_anew); !settled)
    return tl::unexpected(about_backup(database_, settled.error()));
  return mark->commits;
}

Result<std::vector<Account>> Restoration::keep_present(SqliteStore& present,
                                                       std::span<const Account> unopened) {
  const std::string kept = draft_ + ".kept";
  if (auto copied = present.copy_to(kept, {}); !copied) return tl::unexpected(copied.error());
  if (auto settled = settle_copy(kept, "", begin_anew); !settled) return tl::unexpected(settled.error());
  std::vector<Account> taken;
  {
    auto draft = Connection::open(kept, Connection::Role::writer, 4096);
    if (!draft) return tl::unexpected(draft.error());
    auto merged = take_from(**draft, draft_, unopened);
    if (!merged) return merged;
    taken = std::move(*merged);
  }
  if (std::rename(kept.c_str(), draft_.c_str()) != 0)
    return tl::unexpected(from_errno(errno, "replace", draft_));
  return taken;
}

Result<std::unique_ptr<SqliteStore>> Restoration::open_draft() {
  Options options;
  options.path = draft_;
  options.checkpoint_idle = std::chrono::milliseconds(0);
  return SqliteStore::open(options);
}

Result<void> Restoration::finish() {
  const auto checked = settle_copy(draft_, "", [](Mark& mark) { mark.state = MarkState::fresh; });
  if (!checked) return tl::unexpected(checked.error());
  if (std::rename(draft_.c_str(), database_.c_str()) != 0)
    return tl::unexpected(from_errno(errno, "replace", database_));
  if (auto synced = sync_folder(database_); !synced) return synced;
  // What is left over here is dropped at the next start as well (MarkState::fresh).
  for (const char* companion : {"-wal", "-shm"}) ::unlink((database_ + companion).c_str());
  return {};
}

}  // namespace twinlock::sqlite
