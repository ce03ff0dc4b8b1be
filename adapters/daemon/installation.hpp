// SPDX-License-Identifier: Apache-2.0
// Opens the key ring and the database of one installation, for the daemon and the command line.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "adapters/config/config.hpp"
#include "adapters/keys/key_ring.hpp"
#include "adapters/service/service.hpp"
#include "adapters/sqlite/store.hpp"

namespace twinlock::daemon {

struct OpenOptions {
  // Lets a first run create key and database. Off unless somebody asks for it: an empty database lets
  // everybody in without a code, and a disk that is not mounted looks like a first run.
  bool create = false;
  bool probe = true;  // a key that opens none of the first rows is refused
};

struct Installation {
  keys::KeyRing keys;
  std::unique_ptr<sqlite::SqliteStore> store;
  bool created = false;  // this call made key and database
};

// Which of the key file and the database exist. One is useless without the other.
enum class Stage : std::uint8_t {
  empty,         // neither: `twinlock init` creates both; so does twinlockd with no configuration file
  complete,      // both
  key_lost,      // a database without its key: never a new key for it
  database_lost  // a key without its database: an empty one would let everybody in without a code
};
Stage stage(const config::Config& config);

// Opens both. With `create`, makes a new key (0600) and an empty database if neither exists, and finishes or
// restarts a first run that was killed. An error is one line that says what to do.
tl::expected<Installation, std::string> open_installation(const config::Config& config,
                                                          const OpenOptions& how);

// Refuses a key that opens none of the first rows: it is found at the start, not at the first sign-in. Some
// rows that do not open are an alarm, not a refusal: the others' accounts still work.
tl::expected<void, std::string> check_key(const std::string& key, const std::string& database,
                                          const keys::KeyRing& ring, store::Store& store);

// Returns what the configuration says to the service: the policy, and what its mails and links are made of.
service::Options service_options(const config::Config& config);

}  // namespace twinlock::daemon
