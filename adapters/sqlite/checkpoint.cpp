// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/checkpoint.hpp"

#include <sqlite3.h>

namespace twinlock::sqlite {

namespace {

constexpr std::chrono::milliseconds readers_wait_max{200};

int note_pages(void* pages, sqlite3*, const char*, int in_wal) {
  *static_cast<std::uint32_t*>(pages) = static_cast<std::uint32_t>(in_wal);
  return SQLITE_OK;
}

}  // namespace

void Checkpointer::watch(Connection& connection) {
  sqlite3_wal_hook(connection.handle(), note_pages, &pages_);
}

void Checkpointer::run(Connection& connection) {
  sqlite3_wal_checkpoint_v2(connection.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void Checkpointer::run_if_due(Connection& connection) {
  if (next_ > threshold_ && pages_ < next_ - threshold_) next_ = threshold_;  // the WAL started over
  if (pages_ < next_) return;
  const bool long_overdue = pages_ / 4 >= threshold_;
  connection.wait_at_most(readers_wait_max);
  const int mode = long_overdue ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  sqlite3_wal_checkpoint_v2(connection.handle(), "main", mode, nullptr, nullptr);
  next_ = pages_ + threshold_;
}

}  // namespace twinlock::sqlite
