// When the writer copies the WAL's pages back into the database file: the commit lock is held.
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

  // run_if_due copies when the WAL has grown by the threshold since the last time. Readers hold up nobody;
  // only when the WAL has four times the threshold does it wait for them, 200 ms at most, so that the WAL can
  // begin anew. A failure loses nothing (the WAL has it all) and is tried again after as many pages more.
  void run_if_due(Connection& connection);
  void run(Connection& connection);

 private:
  std::uint32_t threshold_;
  std::uint32_t next_;       // pages
  std::uint32_t pages_ = 0;  // in the WAL after the last commit
};

}  // namespace twinlock::sqlite
