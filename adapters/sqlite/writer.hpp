// SPDX-License-Identifier: Apache-2.0
// Owns the one connection that writes. Every transaction holds the process's mutex and the commit lock that
// all processes share.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "adapters/sqlite/checkpoint.hpp"
#include "adapters/sqlite/commit_lock.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/whole.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

class Writer {
 public:
  using Body = std::function<store::Result<void>(Connection&)>;

  Writer(const Database& database, CommitLock lock, std::shared_ptr<Presence> presence,
         std::unique_ptr<Connection> connection);

  // The last that leaves copies the WAL into the file, and says in it that it is the whole database.
  ~Writer();

  // transact runs `body` in one transaction, which is on disk when the call succeeds. It waits wait_max for
  // other writers. After an error the transaction may or may not be stored; the next call opens a new
  // connection.
  store::Result<void> transact(const Body& body);

 private:
  store::Result<void> locked_transact(const Body& body, Deadline deadline);
  store::Result<void> run(const Body& body);
  store::Result<void> reopen();
  store::Result<void> check_place() const;
  Connection* pin();
  void leave();
  void tidy_while_idle();
  void tidy();

  const Database& database_;
  std::timed_mutex mutex_;
  CommitLock lock_;
  std::shared_ptr<Presence> presence_;
  MarkKeeper keeper_;
  Checkpointer checkpointer_;
  std::unique_ptr<Connection> connection_;  // null after an error
  std::unique_ptr<Connection> pin_;         // of checkpoints; null until the first

  std::mutex idle_mutex_;
  std::condition_variable idle_changed_;
  std::optional<Checkpointer::Clock::time_point> idle_due_;
  bool stopping_ = false;
  std::thread idle_;  // checkpoints while nobody commits; runs from the first commit on
};

// open_known opens the file again and checks that it is still the database that the store was opened on.
store::Result<std::unique_ptr<Connection>> open_known(const Database& database, Connection::Role role);

}  // namespace twinlock::sqlite
