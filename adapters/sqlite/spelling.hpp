// SPDX-License-Identifier: Apache-2.0
// Reads and writes the table `spelling`: which accounts of one fold need a code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

store::Result<std::string> find_spelling(Connection& connection, std::string_view fold,
                                         std::string_view edition);
store::Result<std::vector<store::SpellingRow>> scan_spellings(Connection& connection, std::string_view after,
                                                              std::size_t limit);
store::Result<std::string> edition_of_spellings(Connection& connection);

// spelling_fits returns whether the row is as the swap expects it; it writes nothing.
store::Result<bool> spelling_fits(Connection& connection, const store::SpellingSwap& swap);

// write_spelling and respell_all require that a transaction is open.
store::Result<void> write_spelling(Connection& connection, const store::SpellingSwap& swap);
store::Result<bool> respell_all(Connection& connection, std::string_view from, std::string_view to,
                                const store::Store::FoldAnew& fold_anew);

}  // namespace twinlock::sqlite
