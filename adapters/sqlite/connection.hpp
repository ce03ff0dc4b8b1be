// SPDX-License-Identifier: Apache-2.0
// Wraps one SQLite connection with its prepared statements, and one use of a statement. For one thread at a
// time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "adapters/sqlite/queries.hpp"
#include "adapters/store/port.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace twinlock::sqlite {

class Connection {
 public:
  enum class Role : std::uint8_t { reader, writer };

  // open never creates a file, and leaves reading it to the first statement.
  static store::Result<std::unique_ptr<Connection>> open(const std::string& path, Role role,
                                                         std::uint32_t cache_kib);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  store::Result<void> run(const std::string& sql,
                          const char* doing);           // statements without results that matter
  store::Result<std::int64_t> number(const char* sql);  // the first column of the first row
  store::Result<std::string> text(const char* sql);
  void wait_at_most(std::chrono::milliseconds wait);  // for locks of other connections
  std::int64_t last_row_id() const;
  std::int64_t rows_changed() const;
  bool in_transaction() const;
  sqlite3* handle() const { return db_; }
  const std::string& path() const { return path_; }
  store::StoreError error(int code, const char* doing) const;

 private:
  friend class Use;
  Connection(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
  store::Result<void> configure(Role role, std::uint32_t cache_kib);
  int prepare(Query query, sqlite3_stmt*& statement);

  std::string path_;
  sqlite3* db_;
  std::array<sqlite3_stmt*, query_count> statements_{};
};

// Runs a prepared statement once: bind the parameters from the first to the last, step, read columns. The
// destructor resets the statement. Bound blobs and texts must live as long as this object.
class Use {
 public:
  Use(Connection& connection, Query query);
  ~Use();
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  Use& number(std::uint64_t value);  // above 2^63-1: 2^63-1
  Use& blob(std::span<const std::uint8_t> bytes);
  Use& blob(std::string_view bytes);
  Use& text(std::string_view bytes);

  store::Result<bool> row(const char* doing);  // true: a row to read; false: no more
  store::Result<void> run(const char* doing);  // for statements without rows

  std::uint64_t number_at(int column) const;  // never negative: a negative one is 0
  std::string_view bytes_at(int column) const;

 private:
  int blob_of(const void* data, std::size_t size);
  void keep(int code);

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int code_ = 0;
  int next_ = 1;
};

}  // namespace twinlock::sqlite
