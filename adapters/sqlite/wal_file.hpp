// SPDX-License-Identifier: Apache-2.0
// Reads the marks in a -wal as bytes, also in frames that SQLite does not take.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/sqlite/whole.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

// The highest commit of a database that any frame of its -wal belongs to; 0: none.
struct WalCommits {
  std::uint64_t this_generation = 0;  // since the -wal began anew the last time
  std::uint64_t others = 0;           // what was not written over yet
};

// wal_commits reads the -wal of `database` whose main file has the mark `main`. Nothing if there is no -wal.
store::Result<WalCommits> wal_commits(const std::string& database, const Mark& main);

}  // namespace twinlock::sqlite
