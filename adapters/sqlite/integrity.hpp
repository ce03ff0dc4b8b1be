// The whole file, read and compared with itself.
#pragma once

#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

// check_integrity says in one line what was checked, or is `corrupt` with what was found first.
store::Result<std::string> check_integrity(Connection& connection);

}  // namespace twinlock::sqlite
