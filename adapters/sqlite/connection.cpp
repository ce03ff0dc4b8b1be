// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "adapters/sqlite/errors.hpp"

namespace twinlock::sqlite {

namespace {

constexpr std::uint64_t number_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

// Prepares a statement, runs its first step, and finalizes it.
class OneShotStatement {
 public:
  OneShotStatement(sqlite3* db, const char* sql)
      : code_(sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr)) {
    if (code_ == SQLITE_OK) code_ = sqlite3_step(statement_);
  }
  ~OneShotStatement() { sqlite3_finalize(statement_); }
  OneShotStatement(const OneShotStatement&) = delete;
  OneShotStatement& operator=(const OneShotStatement&) = delete;
  int code() const { return code_; }
  sqlite3_stmt* statement() const { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_;
};

}  // namespace

store::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Role role,
                                                            std::uint32_t cache_kib) {
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(path, db));
  if (code != SQLITE_OK) return tl::unexpected(from_sqlite(db, code, "open", path));
  if (auto configured = connection->configure(role, cache_kib); !configured)
    return tl::unexpected(configured.error());
  return connection;
}

store::Result<void> Connection::configure(Role role, std::uint32_t cache_kib) {
  if (sqlite3_db_readonly(db_, "main") == 1) return tl::unexpected(from_errno(EROFS, "write", path_));
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  std::string sql =
      "PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA "
      "cell_size_check = ON;"
      "PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA cache_size = -" +
      std::to_string(cache_kib) + ";";
  if (role == Role::reader) sql += "PRAGMA query_only = ON;";
  return run(sql, "set up the connection to");
}

Connection::~Connection() {
  for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

store::Result<void> Connection::run(const std::string& sql, const char* doing) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code, doing));
  return {};
}

store::Result<std::int64_t> Connection::number(const char* sql) {
  const OneShotStatement query(db_, sql);
  if (query.code() != SQLITE_ROW) return tl::unexpected(error(query.code(), "read"));
  return sqlite3_column_int64(query.statement(), 0);
}

store::Result<std::string> Connection::text(const char* sql) {
  const OneShotStatement query(db_, sql);
  if (query.code() != SQLITE_ROW) return tl::unexpected(error(query.code(), "read"));
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(query.statement(), 0));
  const int size = sqlite3_column_bytes(query.statement(), 0);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

void Connection::wait_at_most(std::chrono::milliseconds wait) {
  const auto bounded = std::clamp<std::int64_t>(wait.count(), 0, std::numeric_limits<int>::max());
  sqlite3_busy_timeout(db_, static_cast<int>(bounded));
}

std::int64_t Connection::last_row_id() const { return sqlite3_last_insert_rowid(db_); }
std::int64_t Connection::rows_changed() const { return sqlite3_changes64(db_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

store::StoreError Connection::error(int code, const char* doing) const {
  if (code == SQLITE_DONE) return damaged(path_, "a row that must be there is missing");
  return from_sqlite(db_, code, doing, path_);
}

int Connection::prepare(Query query, sqlite3_stmt*& statement) {
  sqlite3_stmt*& kept = statements_[static_cast<std::size_t>(query)];
  int code = SQLITE_OK;
  if (kept == nullptr)
    code = sqlite3_prepare_v3(db_, sql_of(query), -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr);
  statement = kept;
  return code;
}

Use::Use(Connection& connection, Query query) : connection_(connection) {
  code_ = connection.prepare(query, statement_);
}

Use::~Use() {
  if (statement_ == nullptr) return;  // it could not be prepared
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Use::keep(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

int Use::blob_of(const void* data, std::size_t size) {
  if (size == 0) return sqlite3_bind_zeroblob(statement_, next_++, 0);
  return sqlite3_bind_blob64(statement_, next_++, data, size, SQLITE_STATIC);
}

Use& Use::number(std::uint64_t value) {
  if (code_ == SQLITE_OK)
    keep(sqlite3_bind_int64(statement_, next_++, static_cast<sqlite3_int64>(std::min(value, number_max))));
  return *this;
}

Use& Use::blob(std::span<const std::uint8_t> bytes) {
  if (code_ == SQLITE_OK) keep(blob_of(bytes.data(), bytes.size()));
  return *this;
}

Use& Use::blob(std::string_view bytes) {
  if (code_ == SQLITE_OK) keep(blob_of(bytes.data(), bytes.size()));
  return *this;
}

Use& Use::text(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  if (code_ == SQLITE_OK)
    keep(sqlite3_bind_text64(statement_, next_++, data, bytes.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

store::Result<bool> Use::row(const char* doing) {
  if (code_ == SQLITE_OK || code_ == SQLITE_ROW) code_ = sqlite3_step(statement_);
  if (code_ == SQLITE_ROW) return true;
  if (code_ == SQLITE_DONE) return false;
  return tl::unexpected(connection_.error(code_, doing));
}

store::Result<void> Use::run(const char* doing) {
  for (;;) {
    const auto more = row(doing);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
}

std::uint64_t Use::number_at(int column) const {
  return static_cast<std::uint64_t>(std::max<sqlite3_int64>(sqlite3_column_int64(statement_, column), 0));
}

std::string_view Use::bytes_at(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(size));
}

}  // namespace twinlock::sqlite
