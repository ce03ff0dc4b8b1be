// SPDX-License-Identifier: Apache-2.0
#include "property_tests/crash/store_fault_vfs.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <new>
#include <string>
#include <vector>

namespace twinlock::crash {

namespace {

// The bytes that a write or truncation replaced and that are not synced yet.
struct Undo {
  sqlite3_int64 size;    // of the file before it
  sqlite3_int64 offset;  // of the old bytes
  std::vector<char> old;
};

struct State {
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs vfs{};
  DiskFault fault = DiskFault::none;
  std::uint64_t at = 0;
  int code = SQLITE_OK;
  std::uint64_t operations = 0;
  std::uint64_t syncs = 0;
  bool fired = false;
  std::map<std::string, std::vector<Undo>> unsynced;  // by path, oldest first
};

State state;

struct File {
  sqlite3_file base;
  std::string* path;
  bool is_wal;
  bool counted;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& real_methods(sqlite3_file* file) { return *file_of(file).real()->pMethods; }

// Returns whether the next operation fails.
bool fails_now() {
  ++state.operations;
  if (state.fault == DiskFault::none || state.operations < state.at) return false;
  const bool lasting = state.fault == DiskFault::for_good || state.fault == DiskFault::power_loss;
  if (state.operations > state.at && !lasting) return false;
  state.fired = true;
  return true;
}

void remember(File& file, sqlite3_int64 offset, sqlite3_int64 amount) {
  sqlite3_int64 size = 0;
  file.real()->pMethods->xFileSize(file.real(), &size);
  const auto kept = std::max<sqlite3_int64>(std::min(amount, size - offset), 0);
  Undo undo{size, offset, std::vector<char>(static_cast<std::size_t>(kept))};
  if (kept > 0) file.real()->pMethods->xRead(file.real(), undo.old.data(), static_cast<int>(kept), offset);
  state.unsynced[*file.path].push_back(std::move(undo));
}

int close_file(sqlite3_file* f) {
  const int code = real_methods(f).xClose(file_of(f).real());
  delete file_of(f).path;
  return code;
}

int write(sqlite3_file* f, const void* bytes, int amount, sqlite3_int64 offset) {
  File& file = file_of(f);
  if (!file.counted) return real_methods(f).xWrite(file.real(), bytes, amount, offset);
  const bool failing = fails_now();
  if (failing && state.fault != DiskFault::torn_once) return state.code;
  remember(file, offset, amount);
  const int code = real_methods(f).xWrite(file.real(), bytes, failing ? amount / 2 : amount, offset);
  return failing ? state.code : code;
}

int truncate(sqlite3_file* f, sqlite3_int64 size) {
  File& file = file_of(f);
  if (!file.counted) return real_methods(f).xTruncate(file.real(), size);
  if (fails_now()) return SQLITE_IOERR_TRUNCATE;
  sqlite3_int64 present = 0;
  real_methods(f).xFileSize(file.real(), &present);
  remember(file, size, present - size);
  return real_methods(f).xTruncate(file.real(), size);
}

// A sync only forgets `unsynced`, which decides what is on disk; waiting for the real disk is not needed.
int sync(sqlite3_file* f, int flags) {
  File& file = file_of(f);
  if (!file.counted) return real_methods(f).xSync(file.real(), flags);
  if (fails_now()) return SQLITE_IOERR_FSYNC;
  if (file.is_wal) ++state.syncs;
  state.unsynced.erase(*file.path);
  return SQLITE_OK;
}

int read(sqlite3_file* f, void* bytes, int amount, sqlite3_int64 offset) {
  return real_methods(f).xRead(file_of(f).real(), bytes, amount, offset);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) {
  return real_methods(f).xFileSize(file_of(f).real(), size);
}
int lock(sqlite3_file* f, int level) { return real_methods(f).xLock(file_of(f).real(), level); }
int unlock(sqlite3_file* f, int level) { return real_methods(f).xUnlock(file_of(f).real(), level); }
int reserved(sqlite3_file* f, int* out) { return real_methods(f).xCheckReservedLock(file_of(f).real(), out); }
int control(sqlite3_file* f, int op, void* arg) {
  return real_methods(f).xFileControl(file_of(f).real(), op, arg);
}
int sector_size(sqlite3_file* f) { return real_methods(f).xSectorSize(file_of(f).real()); }
int traits(sqlite3_file* f) { return real_methods(f).xDeviceCharacteristics(file_of(f).real()); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real_methods(f).xShmMap(file_of(f).real(), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return real_methods(f).xShmLock(file_of(f).real(), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { real_methods(f).xShmBarrier(file_of(f).real()); }
int shm_unmap(sqlite3_file* f, int remove) { return real_methods(f).xShmUnmap(file_of(f).real(), remove); }

const sqlite3_io_methods methods = {2,        close_file,  read,      write,   truncate,    sync,   file_size,
                                    lock,     unlock,      reserved,  control, sector_size, traits, shm_map,
                                    shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  File& file = *new (f) File{};
  const int code = state.real->xOpen(state.real, name, file.real(), flags, out_flags);
  if (file.real()->pMethods == nullptr) return code;
  file.path = new std::string(name == nullptr ? "" : name);
  file.is_wal = (flags & SQLITE_OPEN_WAL) != 0;
  file.counted =
      name != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  file.base.pMethods = &methods;
  return code;
}

void undo_all(const std::string& path, std::vector<Undo>& undos) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  for (auto undo = undos.rbegin(); undo != undos.rend(); ++undo) {
    if (::pwrite(descriptor, undo->old.data(), undo->old.size(), undo->offset) < 0) break;
    if (::ftruncate(descriptor, undo->size) != 0) break;
  }
  ::close(descriptor);
}

}  // namespace

FaultyDisk::FaultyDisk() {
  state = State{};
  state.real = sqlite3_vfs_find(nullptr);
  state.vfs = *state.real;
  state.vfs.szOsFile = static_cast<int>(sizeof(File)) + state.real->szOsFile;
  state.vfs.zName = "twinlock-faulty";
  state.vfs.pNext = nullptr;
  state.vfs.xOpen = open;
  sqlite3_vfs_register(&state.vfs, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&state.vfs);
  sqlite3_vfs_register(state.real, 1);
}

void FaultyDisk::arm(DiskFault fault, std::uint64_t at, int code) {
  heal();
  state.fault = fault;
  state.at = at;
  state.code = code;
}

void FaultyDisk::heal() {
  state.fault = DiskFault::none;
  state.operations = 0;
  state.syncs = 0;
  state.fired = false;
}

std::uint64_t FaultyDisk::operations() const { return state.operations; }
std::uint64_t FaultyDisk::syncs() const { return state.syncs; }
bool FaultyDisk::fired() const { return state.fired; }

void FaultyDisk::lose_power() {
  heal();
  for (auto& [path, undos] : state.unsynced) undo_all(path, undos);
  state.unsynced.clear();
}

}  // namespace twinlock::crash
