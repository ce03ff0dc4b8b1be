// SPDX-License-Identifier: Apache-2.0
// Locks `<database>.lock` during every commit and checkpoint of every process, with open file description
// locks (fcntl(2)) on two bytes. A process that waits for byte 1 holds byte 0, so the process that just
// released byte 1 cannot take it again before the one that waits: no process starves. The operating system
// releases both when a process dies.
#pragma once

#include <chrono>
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
