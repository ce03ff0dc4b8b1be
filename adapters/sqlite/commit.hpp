// SPDX-License-Identifier: Apache-2.0
// Writes one account's change to the tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

// apply swaps one account's row, adds its audit entry and its mail, and swaps its row of `spelling`;
// `conflict` if the row has another version, or the row of `spelling` another body. Requires: a transaction
// is open.
store::Result<store::CommitResult> apply(Connection& connection, const store::Change& change,
                                         store::Seconds created);

}  // namespace twinlock::sqlite
