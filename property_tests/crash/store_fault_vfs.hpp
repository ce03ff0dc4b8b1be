// SPDX-License-Identifier: Apache-2.0
// Puts a disk under SQLite that fails, tears writes, dies and loses power on demand: a VFS around the real
// one, made the default. Counted operations are the writes, truncations and syncs of databases, journals and
// WALs; the shared memory is the real one's. One at a time, for one thread.
#pragma once

#include <cstdint>

namespace twinlock::crash {

enum class DiskFault : std::uint8_t {
  none,
  once,       // one operation fails; the disk is well again
  torn_once,  // half of one write gets through, then as `once`
  for_good,   // it and every later operation fail, until `heal`
  power_loss  // as for_good; `lose_power` then undoes what was not synced
};

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();  // the real VFS is the default again; every file must be closed
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // arm makes the operation `at` (from 1, counted from now) fail with the SQLite result `code`.
  void arm(DiskFault fault, std::uint64_t at, int code);
  void heal();
  std::uint64_t operations() const;  // since arm or heal
  std::uint64_t syncs() const;       // of WALs, since arm or heal
  bool fired() const;

  // lose_power puts every file back to what its last sync left. Requires: every file is closed.
  void lose_power();
};

}  // namespace twinlock::crash
