// SPDX-License-Identifier: Apache-2.0
// Turns a failure into a store error whose sentence tells the operator what to do.
#pragma once

#include <string>
#include <string_view>

#include "adapters/store/port.hpp"

struct sqlite3;

namespace twinlock::sqlite {

// from_sqlite explains the result code of a call on `db` (may be null) that was `doing` something to the file
// `path`.
store::StoreError from_sqlite(sqlite3* db, int code, std::string_view doing, const std::string& path);

// from_errno explains a failed system call on `path`.
store::StoreError from_errno(int number, std::string_view doing, const std::string& path);

// The errors that Twinlock itself finds.
store::StoreError busy(const std::string& path);    // waited as long as it may
store::StoreError in_use(const std::string& path);  // by another Twinlock, and must not be
store::StoreError moved(const std::string& path);   // not the file that was opened, or none
store::StoreError damaged(const std::string& path,
                          std::string_view how);  // readable, but not as it was written
store::StoreError refused(const std::string& path, std::string_view why);  // by a rule; `why` says what to do

}  // namespace twinlock::sqlite
