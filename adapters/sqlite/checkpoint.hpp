// SPDX-License-Identifier: Apache-2.0
// Decides when the writer copies the WAL's pages back into the database file. Requires: the commit lock is
// held.
#pragma once

#include <cstdint>

#include "adapters/sqlite/connection.hpp"

namespace twinlock::sqlite {

class Checkpointer {
 public:
  explicit Checkpointer(std::uint32_t threshold_pages)
      : threshold_(threshold_pages), next_(threshold_pages) {}

  // watch learns the WAL's length from each commit of this connection, which must not outlive the
  // checkpointer.
  void watch(Connection& connection);

  // run_if_due copies when the WAL has grown by the threshold since the last time. It does
  // not wait for readers until the WAL has four times the threshold; then it waits 200 ms at most, so that
  // the WAL can start over. After a failure, which loses nothing, it tries again after as many pages more.
  void run_if_due(Connection& connection);
  void run(Connection& connection);

 private:
  std::uint32_t threshold_;
  std::uint32_t next_;       // pages
  std::uint32_t pages_ = 0;  // in the WAL after the last commit
};

}  // namespace twinlock::sqlite
