// SPDX-License-Identifier: Apache-2.0
// Reads the whole file and checks that its tables agree.
#pragma once

#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

// check_integrity returns one line that says what was checked, or `corrupt` with the first damage found.
store::Result<std::string> check_integrity(Connection& connection);

}  // namespace twinlock::sqlite
