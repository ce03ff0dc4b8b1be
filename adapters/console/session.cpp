// SPDX-License-Identifier: Apache-2.0
#include "adapters/console/session.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "adapters/console/output.hpp"

namespace twinlock::console {

namespace {

using Error = tl::unexpected<Refusal>;

}  // namespace

tl::expected<config::Config, Refusal> read_config(const Common& common) {
  const std::string file = common.config_file.empty() ? config::usual_file() : common.config_file;
  auto config = file.empty() ? config::defaults() : config::load(file);
  if (!config) return Error(Refusal{exit_configuration, config.error()});
  return std::move(*config);
}

void say_configuration(const Common& common) {
  const std::string file = common.config_file.empty() ? config::usual_file() : common.config_file;
  std::error_code error;
  const auto whole = std::filesystem::absolute(file, error);
  remark(file.empty() ? "no configuration file: for tests on this machine only"
                      : "configuration " + whole.lexically_normal().string());
}

tl::expected<void, Refusal> become_owner_of(const std::string& path) {
  struct stat st {};
  if (::geteuid() != 0 || ::stat(path.c_str(), &st) != 0 || st.st_uid == 0) return {};
  const passwd* owner = ::getpwuid(st.st_uid);
  const gid_t group = owner != nullptr ? owner->pw_gid : st.st_gid;
  const bool grouped =
      owner != nullptr ? ::initgroups(owner->pw_name, group) == 0 : ::setgroups(0, nullptr) == 0;
  if (grouped && ::setgid(group) == 0 && ::setuid(st.st_uid) == 0) return {};
  return Error(Refusal{
      exit_store, fmt::format("cannot switch to the user that owns {}: {}; run this command as that user",
                              path, std::strerror(errno))});
}

Session::Session(config::Config config, daemon::Installation installation)
    : config_(std::move(config)),
      installation_(std::move(installation)),
      service_(*installation_.store, installation_.keys, environment_, daemon::service_options(config_)) {}

tl::expected<std::unique_ptr<Session>, Refusal> Session::open(const Common& common) {
  auto config = read_config(common);
  if (!config) return Error(config.error());
  ::umask(077);
  if (auto done = become_owner_of(config::resolve(*config, config->store.path)); !done)
    return Error(done.error());
  auto installation = daemon::open_installation(*config, {.create = false, .probe = false});
  if (!installation) return Error(Refusal{exit_store, installation.error()});
  return std::unique_ptr<Session>(new Session(std::move(*config), std::move(*installation)));
}

Refusal refusal_of(service::Failure failure) {
  switch (failure) {
    case service::Failure::sealed:
      return {
          exit_store,
          "the account's record cannot be decrypted: this is another key file, or the row was changed; see "
          "`twinlock reset --help`"};
    case service::Failure::contended:
      return {exit_store, "other changes to this account came first, several times; try again"};
    case service::Failure::entropy:
      return {exit_store, "the random source gave nothing, so nothing was done; restart the machine"};
    case service::Failure::clock:
      return {exit_store, "the clock cannot be right (before 1970 or after the year 36812); set it"};
    case service::Failure::unavailable:
      break;
  }
  return {exit_store, "the database failed; run `twinlock doctor` to see why"};
}

tl::expected<store::Account, Refusal> account_of(const std::string& typed) {
  if (auto account = store::Account::from(typed)) return *account;
  return Error(
      Refusal{exit_configuration,
              "an account name must be 1 to 128 bytes without control characters; check the spelling"});
}

std::string operator_of(const Common& common) {
  if (!common.operator_name.empty()) return common.operator_name;
  for (const char* name : {"SUDO_USER", "USER"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("uid {}", ::getuid());
}

}  // namespace twinlock::console
