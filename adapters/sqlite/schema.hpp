// SPDX-License-Identifier: Apache-2.0
// Creates the tables and migrates older files.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

inline constexpr std::int64_t application_id = 0x54774C6B;  // "TwLk", in the file's header

// schema_newest is the schema that this program writes: PRAGMA user_version.
std::int64_t schema_newest();

// create_database makes an empty, private database under another name and then renames it, so that a file
// with the right name is always complete. Requires: no file has that name, and the commit lock is held.
store::Result<void> create_database(const std::string& path, std::uint32_t page_bytes);

// check_schema refuses a file of another program and a schema newer than this program; returns the file's
// schema.
store::Result<std::int64_t> check_schema(Connection& connection);

// migrate brings the file to the newest schema, one transaction a step, and into WAL mode. Requires: the
// commit lock is held.
store::Result<void> migrate(Connection& connection);

}  // namespace twinlock::sqlite
