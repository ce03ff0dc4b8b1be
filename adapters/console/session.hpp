// SPDX-License-Identifier: Apache-2.0
// Opens what a command needs: the configuration, the keys, the database and the service over them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "adapters/config/config.hpp"
#include "adapters/daemon/installation.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::console {

// The options that every command takes.
struct Common {
  std::string config_file;
  std::string operator_name;
  bool json = false;
};

struct Refusal {
  int code = 0;  // of exit
  std::string reason;
};

tl::expected<config::Config, Refusal> read_config(const Common& common);

// Says on standard error which configuration a command is about to use. Every command that changes something
// does this first.
void say_configuration(const Common& common);

// If the caller is root, becomes the owner of `path` for the rest of the process, so that no file of root's
// is left beside the database. Does nothing for other users.
tl::expected<void, Refusal> become_owner_of(const std::string& path);

class Session {
 public:
  static tl::expected<std::unique_ptr<Session>, Refusal> open(const Common& common);

  const config::Config& config() const { return config_; }
  const keys::KeyRing& keys() const { return installation_.keys; }
  store::Store& store() { return *installation_.store; }
  sqlite::SqliteStore& database() { return *installation_.store; }
  service::Service& service() { return service_; }
  service::Environment& environment() { return environment_; }

 private:
  Session(config::Config config, daemon::Installation installation);

  config::Config config_;
  daemon::Installation installation_;
  service::SystemEnvironment environment_;
  service::Service service_;
};

// Exit code and words for what the service could not do.
Refusal refusal_of(service::Failure failure);

// Returns the account that was typed, or why it is not one.
tl::expected<store::Account, Refusal> account_of(const std::string& typed);

// --operator, else who called sudo, else who is signed in.
std::string operator_of(const Common& common);

}  // namespace twinlock::console
