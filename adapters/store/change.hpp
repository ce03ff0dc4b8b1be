// SPDX-License-Identifier: Apache-2.0
// Checks and orders a batch before a store touches its rows, the same for every store.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "adapters/store/port.hpp"

namespace twinlock::store {

inline constexpr std::size_t sealed_bytes_max = 4096;        // a sealed row
inline constexpr std::size_t audit_body_bytes_max = 4096;    // one JSON object
inline constexpr std::size_t sealed_mail_bytes_max = 65536;  // one mail
inline constexpr std::size_t spelling_fold_bytes_max = 4096;
inline constexpr std::size_t spelling_body_bytes_max = 16384;
inline constexpr Version version_max =
    (Version{1} << 62);  // fits a signed 64-bit column with room to add one

// check_batch returns `unsupported` if a change is over a bound, an account comes twice, or `results` is not
// as long as `changes`.
Result<void> check_batch(std::span<const Change> changes, std::span<const CommitResult> results);

// foreign_edition is the error of keys that are not of the table's edition.
StoreError foreign_edition(std::string_view of_table, std::string_view of_keys);

// order_by_account returns the indices of `changes` sorted by account, so that stores which lock rows always
// lock them in the same order.
std::vector<std::size_t> order_by_account(std::span<const Change> changes);

}  // namespace twinlock::store
