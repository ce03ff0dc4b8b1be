// SPDX-License-Identifier: Apache-2.0
// api-key add, list, remove: who may use the JSON API.
#include <fmt/format.h>
#include <sys/stat.h>

#include "adapters/api/key_file.hpp"
#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

// Where the keys lie; as root, from here on the database's owner, so that twinlockd can read what is written.
tl::expected<std::string, Refusal> keys_place(const Common& common) {
  const auto config = read_config(common);
  if (!config) return tl::unexpected(config.error());
  if (config->api.keys_file.empty())
    return tl::unexpected(
        Refusal{exit_configuration,
                "api.keys_file is empty, so the API is off; set api.keys_file in the configuration first"});
  ::umask(077);
  if (auto done = become_owner_of(config::resolve(*config, config->store.path)); !done)
    return tl::unexpected(done.error());
  return config::resolve(*config, config->api.keys_file);
}

Fields key_fields(const api::ApiKey& key) {
  return {{"id", words(key.id())},
          {"scope", words(api::name(key.scope))},
          {"made", moment(key.made)},
          {"name", key.name.empty() ? nothing() : words(key.name)}};
}

constexpr const char* shown_once =
    "\nThe key is shown only now, since only its hash is stored. It works from now on.\n";

}  // namespace

int api_key_add(const Common& common, const std::string& scope, const std::string& name) {
  const auto path = keys_place(common);
  if (!path) return refuse(path.error());
  service::SystemEnvironment environment;
  const api::Scope wanted = scope == "operator" ? api::Scope::operators : api::Scope::application;
  const auto made = api::add_api_key(*path, wanted, name, environment);
  if (!made) return refuse({exit_store, made.error()});
  print(record_text({{"id", words(made->id)}, {"scope", words(scope)}, {"key", words(made->key)}},
                    common.json));
  if (!common.json) print(shown_once);
  return exit_ok;
}

int api_key_list(const Common& common) {
  const auto path = keys_place(common);
  if (!path) return refuse(path.error());
  const auto keys = api::read_api_keys(*path);
  if (!keys) return refuse({exit_store, keys.error()});
  std::vector<std::vector<Value>> rows;
  for (const api::ApiKey& key : *keys) {
    rows.emplace_back();
    for (const Field& field : key_fields(key)) rows.back().push_back(field.value);
  }
  if (rows.empty() && !common.json) {
    print("no keys: the API is off\n");
  } else {
    print(table_text({"id", "scope", "made", "name"}, rows, common.json));
  }
  return exit_ok;
}

int api_key_remove(const Common& common, const std::string& id) {
  const auto path = keys_place(common);
  if (!path) return refuse(path.error());
  const auto keys = api::read_api_keys(*path);
  if (!keys) return refuse({exit_store, keys.error()});
  const auto removed = api::remove_api_key(*path, id);
  if (!removed) return refuse({exit_refused, removed.error()});
  print(record_text(key_fields(*removed), common.json));
  if (!common.json) print("\nremoved; nobody is let in with it any more\n");
  return exit_ok;
}

}  // namespace twinlock::cli
