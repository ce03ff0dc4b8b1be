// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/checkpoint.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace twinlock::sqlite {

namespace {

constexpr std::chrono::milliseconds readers_wait_max{200};

// A checkpoint costs five syncs and holds up who comes meanwhile, so it is done while nobody comes, and
// before it has grown long: 256 pages take less than a millisecond to copy.
constexpr std::uint32_t few_hundred_pages = 256;
constexpr std::chrono::milliseconds quiet{25};

int note_pages(void* pages, sqlite3*, const char*, int in_wal) {
  *static_cast<std::uint32_t*>(pages) = static_cast<std::uint32_t>(in_wal);
  return SQLITE_OK;
}

}  // namespace

void Checkpointer::watch(Connection& connection) {
  sqlite3_wal_hook(connection.handle(), note_pages, &pages_);
}

void Checkpointer::committed() {
  waiting_ = true;
  last_ = Clock::now();
}

void Checkpointer::run(MarkKeeper& keeper, Connection& writer, Connection& pin) {
  const auto settled = keeper.settle(writer, pin, pages_ / 4 >= threshold_);
  last_ = Clock::now();
  if (!settled || !*settled) return;
  waiting_ = false;
  settled_ = pages_;
}

void Checkpointer::run_if_due(MarkKeeper& keeper, Connection& writer, Connection& pin) {
  if (pages_ < settled_) settled_ = 0;  // the WAL started over
  if (next_ > threshold_ && pages_ < next_ - threshold_) next_ = threshold_;
  if (pages_ < next_) return;
  writer.wait_at_most(readers_wait_max);
  run(keeper, writer, pin);
  next_ = pages_ + threshold_;
}

std::optional<Checkpointer::Clock::time_point> Checkpointer::idle_due() const {
  if (!waiting_ || idle_.count() == 0) return std::nullopt;
  const std::uint32_t pages = pages_ < settled_ ? pages_ : pages_ - settled_;
  return last_ + (pages < few_hundred_pages ? idle_ : std::min(idle_, quiet));
}

}  // namespace twinlock::sqlite
