// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/errors.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

namespace twinlock::sqlite {

using store::StoreError;
using store::StoreErrorKind;

namespace {

std::string begin(std::string_view doing, const std::string& path) {
  return "cannot " + std::string(doing) + " " + path + ": ";
}

StoreError full(std::string_view doing, const std::string& path) {
  return {StoreErrorKind::full, begin(doing, path) +
                                    "its disk, quota or size limit is full; free space there, nothing else "
                                    "is needed"};
}

StoreError read_only(std::string_view doing, const std::string& path) {
  return {StoreErrorKind::read_only, begin(doing, path) +
                                         "no permission, or the disk is mounted read-only; make the folder "
                                         "and the file writable for Twinlock's user"};
}

StoreError gone(std::string_view doing, const std::string& path) {
  return {
      StoreErrorKind::unavailable,
      begin(doing, path) + "it is not there; mount or restore it (`twinlock init` makes a new, empty one)"};
}

StoreError unavailable(std::string_view doing, const std::string& path, const std::string& why) {
  return {StoreErrorKind::unavailable,
          begin(doing, path) + why + "; look into the system's log for the disk's state"};
}

}  // namespace

StoreError busy(const std::string& path) {
  return {StoreErrorKind::locked,
          path +
              " is locked by another program for too long; `fuser -v` with its name and with "
              "-wal and .lock appended shows which one"};
}

StoreError in_use(const std::string& path) {
  return {StoreErrorKind::locked,
          path +
              " is in use by a running Twinlock, or being restored; stop `twinlockd` (`systemctl stop "
              "twinlock.service twinlock.socket`) and other `twinlock` commands first"};
}

StoreError moved(const std::string& path) {
  return {StoreErrorKind::unavailable, path +
                                           " or its -wal, -shm or .lock file was moved, deleted or replaced "
                                           "while in use; put the same files back, or "
                                           "restart Twinlock if the new ones are meant"};
}

StoreError damaged(const std::string& path, std::string_view how) {
  return {StoreErrorKind::corrupt,
          path + " is damaged (" + std::string(how) +
              "); stop Twinlock, keep a copy of the files, then restore a backup (`twinlock restore`)"};
}

StoreError refused(const std::string& path, std::string_view why) {
  return {StoreErrorKind::unsupported, path + " is refused: " + std::string(why)};
}

StoreError from_errno(int number, std::string_view doing, const std::string& path) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return full(doing, path);
    case EROFS:
    case EACCES:
    case EPERM:
      return read_only(doing, path);
    case ENOENT:
    case ENOTDIR:
      return gone(doing, path);
    default:
      return unavailable(doing, path, std::generic_category().message(number));
  }
}

StoreError from_sqlite(sqlite3* db, int code, std::string_view doing, const std::string& path) {
  const int number = db == nullptr ? 0 : sqlite3_system_errno(db);
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return busy(path);
    case SQLITE_FULL:
      return full(doing, path);
    case SQLITE_READONLY:
      return code == SQLITE_READONLY_DBMOVED ? moved(path) : read_only(doing, path);
    case SQLITE_CORRUPT:
      return damaged(path, "SQLite cannot make sense of a page");
    case SQLITE_NOTADB:
      return damaged(path, "it is no SQLite database");
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
      return {StoreErrorKind::unsupported,
              begin(doing, path) + "a change breaks a rule of the tables; this is a fault in Twinlock"};
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return read_only(doing, path);
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      if (number != 0) return from_errno(number, doing, path);
      return unavailable(doing, path, sqlite3_errstr(code));
    default:
      return unavailable(doing, path, sqlite3_errstr(code));
  }
}

}  // namespace twinlock::sqlite
