// SPDX-License-Identifier: Apache-2.0
// Locks bytes of `<database>.lock` with open file description locks (fcntl(2)), which the operating system
// releases when a process dies. Bytes 0 and 1 are taken during every commit and checkpoint of every process:
// who waits for byte 1 holds byte 0, so the process that just released byte 1 cannot take it again before
// the one that waits, and no process starves. Byte 2 is shared by all that have the database open.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/sqlite/files.hpp"
#include "adapters/store/port.hpp"
#include "adapters/system/descriptor.hpp"

namespace twinlock::sqlite {

using Deadline = std::chrono::steady_clock::time_point;

class CommitLock {
 public:
  // open makes the file (0600) if there is none. The file is never deleted.
  static store::Result<CommitLock> open(const std::string& database);

  // take waits until the deadline at most, then returns `locked`. Requires: the writer's mutex is held.
  store::Result<void> take(Deadline deadline);
  void give_back();

 private:
  CommitLock(std::string database, system::Descriptor file)
      : database_(std::move(database)), file_(std::move(file)) {}
  store::Result<void> wait_for(off_t byte, Deadline deadline);
  bool in_place() const;

  std::string database_;
  system::Descriptor file_;
};

// Says that this process has the database open, until it is destroyed.
class Presence {
 public:
  // join takes part, beside others. Requires: the commit lock is held.
  static store::Result<std::unique_ptr<Presence>> join(const std::string& database);

  // alone keeps everybody else out; `locked` if another process has the database open.
  static store::Result<std::unique_ptr<Presence>> alone(const std::string& database);

  // left_alone returns whether no other process has the database open; then nobody can open it any more.
  // Requires: the commit lock is held.
  bool left_alone();

 private:
  explicit Presence(system::Descriptor file) : file_(std::move(file)) {}
  static store::Result<std::unique_ptr<Presence>> take(const std::string& database, short type);

  system::Descriptor file_;
};

// Releases the lock at the end of a scope.
class HeldLock {
 public:
  explicit HeldLock(CommitLock& lock) : lock_(lock) {}
  ~HeldLock() { lock_.give_back(); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  CommitLock& lock_;
};

}  // namespace twinlock::sqlite
