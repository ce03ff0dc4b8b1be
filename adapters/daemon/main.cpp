// SPDX-License-Identifier: Apache-2.0
// twinlockd: the FastCGI server with its pages, its gate and its mailer, in one process (docs/operating.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "adapters/config/config.hpp"
#include "adapters/daemon/installation.hpp"
#include "adapters/daemon/listeners.hpp"
#include "adapters/daemon/mailer.hpp"
#include "adapters/daemon/metrics_collector.hpp"
#include "adapters/daemon/process.hpp"
#include "adapters/daemon/router.hpp"
#include "adapters/fastcgi/server.hpp"
#include "adapters/pages/app.hpp"
#include "adapters/service/public_text.hpp"
#include "adapters/service/service.hpp"
#include "adapters/service/spelling_check.hpp"
#include "adapters/system/log.hpp"
#include "adapters/system/process.hpp"

namespace twinlock::daemon {

namespace {

// docs/operating.md lists them too.
constexpr int exit_ok = 0;
constexpr int exit_failed = 1;         // a listener that cannot be opened
constexpr int exit_configuration = 2;  // usage or configuration
constexpr int exit_store = 3;          // key or database

struct Arguments {
  std::string config_file;
  bool check = false;
};

constexpr const char* examples =
    "With a configuration file, database and key file must be there: `twinlock init --config FILE` makes "
    "them.\n"
    "With none, the first start makes them.\n"
    "\n"
    "Examples:\n"
    "  twinlockd                                              in an empty folder: for tests on this machine\n"
    "  twinlockd --check --config /etc/twinlock/twinlock.toml\n"
    "  twinlockd --config /etc/twinlock/twinlock.toml         until SIGTERM or SIGINT; SIGHUP means nothing\n"
    "\n"
    "exit: 0 stopped by SIGTERM or SIGINT, 1 cannot listen, 2 usage or configuration, 3 key or database";

void log(system::LogLevel level, const std::string& line) { system::log(level, "twinlockd", line); }

void say(const std::string& line) { log(system::LogLevel::information, line); }

void alarm(service::Severity severity, const std::string& line) {
  log(severity == service::Severity::error ? system::LogLevel::error : system::LogLevel::warning, line);
}

int fail(int code, const std::string& line) {
  log(system::LogLevel::error, line);
  return code;
}

std::string key_line(const config::Config& config, const Installation& installation) {
  return fmt::format("keys {} (ids {}; current {}){}", config::resolve(config, config.keys.file),
                     fmt::join(installation.keys.ids(), ", "), installation.keys.current(),
                     installation.created ? ", created" : "");
}

std::string store_line(const config::Config& config, const Installation& installation) {
  return fmt::format("database {}{}", config::resolve(config, config.store.path),
                     installation.created ? ", created" : "");
}

// How many keys the API has now; an error refuses the start.
tl::expected<std::size_t, std::string> api_keys(const config::Config& config) {
  if (config.api.keys_file.empty()) return 0;
  const auto keys = api::read_api_keys(config::resolve(config, config.api.keys_file));
  if (!keys) return tl::unexpected(keys.error());
  return keys->size();
}

std::string api_line(const config::Config& config, std::size_t keys) {
  if (config.api.keys_file.empty()) return "API off: api.keys_file is empty";
  if (keys == 0) return "API off until `twinlock api-key add` makes a key";
  return fmt::format("API on with {} key{} in {}", keys, keys == 1 ? "" : "s",
                     config::resolve(config, config.api.keys_file));
}

int check(const config::Config& config, bool may_create) {
  if (may_create && stage(config) == Stage::empty) {
    say(fmt::format("would create {} and {}", config::resolve(config, config.store.path),
                    config::resolve(config, config.keys.file)));
  } else {
    const auto installation = open_installation(config, {});
    if (!installation) return fail(exit_store, installation.error());
    say(store_line(config, *installation));
    say(key_line(config, *installation));
  }
  const auto keys = api_keys(config);
  if (!keys) return fail(exit_store, keys.error());
  for (const std::string& line : planned_listeners(config)) say("would listen on " + line);
  say("mail " + mail_line(config));
  say(api_line(config, *keys));
  say("configuration and keys are good");
  return exit_ok;
}

template <typename Answerer>
fastcgi::Handler handler_of(Answerer& answerer) {
  return [&answerer](fastcgi::Request request, fastcgi::Reply reply) {
    answerer.handle(std::move(request), std::move(reply));
  };
}

// The servers: the main one, and the API's own where it has listeners of its own.
struct Servers {
  fastcgi::Server main;
  fastcgi::Server api;
  bool api_apart;
  std::vector<std::string> lines{};  // where they listen

  tl::expected<void, std::string> listen(const config::Config& config) {
    const auto added = add_listeners(main, config);
    if (!added) return tl::unexpected(added.error());
    const auto more = add_api_listeners(api, config);
    if (!more) return tl::unexpected(more.error());
    lines = *added;
    lines.insert(lines.end(), more->begin(), more->end());
    return {};
  }
  tl::expected<void, std::string> start() {
    if (auto started = main.start(); !started || !api_apart) return started;
    return api.start();
  }
  void stop() {
    main.stop();
    api.stop();
  }
};

// Folds the names anew after an upgrade of Unicode's tables; an error refuses the start.
tl::expected<void, std::string> fold_names(Installation& installation) {
  const auto collisions = service::fold_spellings_anew(*installation.store);
  if (!collisions) return tl::unexpected(collisions.error());
  for (const auto& [a, b] : *collisions)
    say(
        fmt::format("the accounts {} and {} are spellings of one name since this upgrade; both keep their "
                    "factors. If they are two persons: twinlock accounts distinct",
                    service::public_text(a, a.size()), service::public_text(b, b.size())));
  return {};
}

int serve(const config::Config& config, Installation& installation, const std::string& secret,
          std::size_t keys) {
  service::SystemEnvironment environment;
  service::Options options = service_options(config);
  options.log = alarm;
  service::Service service(*installation.store, installation.keys, environment, std::move(options));
  const http::Tools tools{service, installation.keys, config, environment, secret};
  pages::App pages(tools);
  MetricsCollector metrics(TWINLOCK_VERSION, service, *installation.store);
  api::KeyWatch watch(config::resolve(config, config.api.keys_file), say);
  api::Api api(
      service, *installation.store, config, watch, [&metrics] { return metrics.page(); }, secret);
  Router router(tools, pages, api, watch);
  Mailer mailer(config, *installation.store, installation.keys, service);
  Servers servers{{limits_of(config), router.wanted(), handler_of(router),
                   [&router](const fastcgi::Request& request) { return router.at_once(request); }},
                  {api_limits_of(config), api.wanted(), handler_of(api)},
                  !config.api.listen.empty()};
  metrics.mailer(mailer);
  metrics.add("main", servers.main);
  if (servers.api_apart) metrics.add("api", servers.api);
  if (const auto listening = servers.listen(config); !listening) return fail(exit_failed, listening.error());
  if (const std::string line = open_files_line(config); !line.empty()) log(system::LogLevel::warning, line);
  service.start();
  if (const auto started = servers.start(); !started) return fail(exit_failed, started.error());
  mailer.start();
  for (const std::string& line : servers.lines) say("listening on " + line);
  say("mail " + mail_line(config));
  say(api_line(config, keys));
  say("ready");
  notify_systemd("READY=1");
  wait_for_stop([&] {
    pages.tidy();
    service.alarms().say_counted();
  });
  notify_systemd("STOPPING=1");
  servers.stop();
  service.stop();
  mailer.stop();
  say("stopped");
  return exit_ok;
}

int run(const Arguments& arguments) {
  const std::string file = arguments.config_file.empty() ? config::usual_file() : arguments.config_file;
  const auto config = file.empty() ? config::defaults() : config::load(file);
  if (!config) return fail(exit_configuration, config.error());
  say(file.empty() ? "no configuration file: for tests on this machine only" : "configuration " + file);
  const bool may_create = file.empty();  // installation.hpp says why
  if (arguments.check) return check(*config, may_create);
  // A local sendmail may be set-group-id (Postfix); nothing else that is started needs other rights.
  if (config->mail.sendmail.empty()) system::forbid_new_rights();
  const auto secret = config::read_host_secret(*config);
  if (!secret) return fail(exit_configuration, secret.error());
  auto installation = open_installation(*config, {.create = may_create});
  if (!installation) return fail(exit_store, installation.error());
  const auto keys = api_keys(*config);
  if (!keys) return fail(exit_store, keys.error());
  if (const auto folded = fold_names(*installation); !folded) return fail(exit_store, folded.error());
  say(store_line(*config, *installation));
  say(key_line(*config, *installation));
  return serve(*config, *installation, *secret, *keys);
}

// Returns the exit code if there is nothing to run: after --help or --version, or a usage error.
std::optional<int> read_arguments(int argc, char** argv, Arguments& out) {
  CLI::App app{"twinlockd: Twinlock's server, with its pages, its gate, its API and its mail", "twinlockd"};
  app.set_version_flag("--version", "twinlockd " TWINLOCK_VERSION);
  app.footer(examples);
  app.add_option("--config", out.config_file,
                 "the configuration; else ./twinlock.toml, else /etc/twinlock/twinlock.toml, else the "
                 "defaults for tests on this machine: database, key file and socket in the current folder")
      ->take_last()
      ->check([](const std::string& file) {
        return file.empty() ? std::string("is empty; name the file") : std::string();
      });
  app.add_flag("--check", out.check,
               "read configuration, keys and database, say what would be done, and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_configuration;
  }
  return std::nullopt;
}

}  // namespace

int main_of(int argc, char** argv) {
  Arguments arguments;
  if (const auto code = read_arguments(argc, argv, arguments)) return *code;
  if (!system::forbid_core_dumps())
    return fail(
        exit_failed,
        "core dumps, which could contain secrets, cannot be switched off on this system; not starting");
  make_files_private();
  hold_signals();
  return run(arguments);
}

}  // namespace twinlock::daemon

int main(int argc, char** argv) {
  twinlock::system::fill_standard_descriptors();
  return twinlock::daemon::main_of(argc, argv);
}
