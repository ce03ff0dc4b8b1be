// SPDX-License-Identifier: Apache-2.0
// Identifies the database that a store was opened on. Its writer and readers share this and never change it.
#pragma once

#include <chrono>
#include <string>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/files.hpp"
#include "adapters/sqlite/store.hpp"
#include "adapters/sqlite/whole.hpp"

namespace twinlock::sqlite {

struct Database {
  Options options;  // its path resolved
  FileSet files;
  Mark main;  // of the main file, when it was opened
};

}  // namespace twinlock::sqlite
