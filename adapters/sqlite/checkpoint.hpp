// SPDX-License-Identifier: Apache-2.0
// Decides when the writer copies the WAL's pages back into the database file. Requires: the commit lock is
// held.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/whole.hpp"

namespace twinlock::sqlite {

class Checkpointer {
 public:
  using Clock = std::chrono::steady_clock;

  // `idle`: how long after the last commit an idle database is copied; 0: never.
  Checkpointer(std::uint32_t threshold_pages, std::chrono::milliseconds idle)
      : threshold_(threshold_pages), idle_(idle), next_(threshold_pages) {}

  // watch learns the WAL's length from each commit of this connection, which must not outlive the
  // checkpointer.
  void watch(Connection& connection);

  // committed notes a commit of the connection that is watched.
  void committed();

  // run_if_due copies when the WAL has grown by the threshold since the last time. It does not wait for
  // readers until the WAL has four times the threshold; then it waits 200 ms at most, so that the WAL can
  // start over. After a failure, which loses nothing, it tries again after as many pages more.
  void run_if_due(MarkKeeper& keeper, Connection& writer, Connection& pin);
  void run(MarkKeeper& keeper, Connection& writer, Connection& pin);

  // idle_due returns when to copy, if nobody commits until then: soon where a few hundred pages wait, later
  // for fewer. nullopt: nothing waits.
  std::optional<Clock::time_point> idle_due() const;

 private:
  std::uint32_t threshold_;
  std::chrono::milliseconds idle_;
  std::uint32_t next_;         // pages
  std::uint32_t pages_ = 0;    // in the WAL after the last commit
  std::uint32_t settled_ = 0;  // of those, copied for sure
  bool waiting_ = false;       // something was committed since
  Clock::time_point last_{};   // commit, or try to copy
};

}  // namespace twinlock::sqlite
