// SPDX-License-Identifier: Apache-2.0
// Copies a database that is in use, page by page, as it is at one moment.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/whole.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

using CopyProgress = std::function<void(std::uint64_t pages, std::uint64_t of)>;

// copy_database writes what `source` sees now into a new private file, which is durable on return; writers go
// on meanwhile. A file of that name is replaced. The copy is one file, without a -wal.
store::Result<void> copy_database(Connection& source, const std::string& to, const CopyProgress& progress);

// settle_copy makes a copied file one without a -wal, runs `sql` in it, gives it the mark that `change` makes
// of its own, and checks it whole. Returns the line of check_integrity.
store::Result<std::string> settle_copy(const std::string& path, const std::string& sql,
                                       const std::function<void(Mark&)>& change);

}  // namespace twinlock::sqlite
