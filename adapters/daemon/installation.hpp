// SPDX-License-Identifier: Apache-2.0
// What the daemon and the command line open first: the key ring and the database that belong together.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "adapters/config/config.hpp"
#include "adapters/keys/key_ring.hpp"
#include "adapters/sqlite/store.hpp"

namespace twinlock::daemon {

struct OpenOptions {
  // A first run may make what is not there. Only where somebody asks for it: an empty database lets everybody
  // in without a code, and a disk that is not mounted looks like a first run.
  bool create = false;
  bool probe = true;  // a key that opens none of the first rows is refused
};

struct Installation {
  keys::KeyRing keys;
  std::unique_ptr<sqlite::SqliteStore> store;
  bool created = false;  // this call made key and database
};

// Whether there is anything yet: the key file and the database stand or fall together.
enum class Stage : std::uint8_t {
  empty,         // neither: `twinlock init` creates both; so does twinlockd with no configuration file
  complete,      // both
  key_lost,      // a database without its key: never a new key for it
  database_lost  // a key without its database: an empty one would let everybody in without a code
};
Stage stage(const config::Config& config);

// Opens both; with `create` an empty place gets a fresh key (0600) and an empty database. A first run that
// was killed halfway is finished or begun again. Errors are one line that says what to do.
tl::expected<Installation, std::string> open_installation(const config::Config& config,
                                                          const OpenOptions& how);

}  // namespace twinlock::daemon
