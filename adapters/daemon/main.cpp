// twinlockd: the FastCGI server with its pages, its gate and its mailer, in one process (docs/operating.md).
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "adapters/config/config.hpp"
#include "adapters/daemon/home.hpp"
#include "adapters/daemon/listeners.hpp"
#include "adapters/daemon/mailer.hpp"
#include "adapters/daemon/process.hpp"
#include "adapters/fastcgi/server.hpp"
#include "adapters/http/app.hpp"
#include "adapters/service/service.hpp"

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

constexpr const char* usage =
    "usage: twinlockd [--config FILE] [--check]\n"
    "\n"
    "  --config FILE  the configuration; else ./twinlock.toml, else /etc/twinlock/twinlock.toml, else the "
    "defaults for tests\n"
    "                 on this machine: database, key file and socket in the current folder\n"
    "  --check        read configuration, keys and database, say what would be done, and end\n"
    "  --version      say which version this is\n"
    "\n"
    "exit: 0 stopped by SIGTERM or SIGINT, 1 cannot listen, 2 usage or configuration, 3 key or database\n";

void say(const std::string& line) { fmt::print(stderr, "twinlockd: {}\n", line); }

int fail(int code, const std::string& line) {
  say(line);
  return code;
}

std::string key_line(const config::Config& config, const Home& home) {
  return fmt::format("keys {} (ids {}; current {}){}", config::resolve(config, config.keys.file),
                     fmt::join(home.keys.ids(), ", "), home.keys.current(), home.created ? ", created" : "");
}

std::string store_line(const config::Config& config, const Home& home) {
  return fmt::format("database {}{}", config::resolve(config, config.store.path),
                     home.created ? ", created" : "");
}

service::Options service_options(const config::Config& config) {
  service::Options options;
  options.rules.required = config.policy.required;
  options.rules.replace_after_recovery = config.policy.replace_after_recovery;
  options.rules.strict = config.policy.strict;
  options.issuer = config.site.issuer;
  options.contact = config.site.contact;
  options.base_url = config.site.base_url;
  options.prefix = config.site.prefix;
  return options;
}

int check(const config::Config& config) {
  const Stage now = stage(config);
  if (now == Stage::empty) {
    say(fmt::format("would create {} and {}", config::resolve(config, config.store.path),
                    config::resolve(config, config.keys.file)));
  } else {
    const auto home = open_home(config, {});
    if (!home) return fail(exit_store, home.error());
    say(store_line(config, *home));
    say(key_line(config, *home));
  }
  for (const std::string& line : planned_listeners(config)) say("would listen on " + line);
  say("mail " + mail_line(config));
  say("configuration and keys are good");
  return exit_ok;
}

tl::expected<std::string, std::string> shared_secret(const config::Config& config) {
  if (config.host.secret_file.empty()) return std::string{};
  return config::read_secret_file(config::resolve(config, config.host.secret_file), 16);
}

int serve(const config::Config& config, Home& home, const std::string& secret) {
  service::SystemEnvironment environment;
  service::Service service(*home.store, home.keys, environment, service_options(config));
  http::App app(service, home.keys, config, environment, secret);
  fastcgi::Server server(limits_of(config), app.wanted(),
                         [&](fastcgi::Request request, fastcgi::Reply reply) {
                           app.handle(std::move(request), std::move(reply));
                         });
  const auto lines = add_listeners(server, config);
  if (!lines) return fail(exit_failed, lines.error());
  Mailer mailer(config, *home.store, home.keys, service);
  service.start();
  if (const auto started = server.start(); !started) return fail(exit_failed, started.error());
  mailer.start();
  for (const std::string& line : *lines) say("listening on " + line);
  say("mail " + mail_line(config));
  say("ready");
  notify_systemd("READY=1");
  wait_for_stop([&app] { app.tidy(); });
  notify_systemd("STOPPING=1");
  server.stop();
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
  if (arguments.check) return check(*config);
  // A local sendmail may be set-group-id (Postfix); nothing else that is started needs other rights.
  if (config->mail.sendmail.empty()) forbid_new_rights();
  const auto secret = shared_secret(*config);
  if (!secret) return fail(exit_configuration, secret.error());
  auto home = open_home(*config, {.create = true});
  if (!home) return fail(exit_store, home.error());
  say(store_line(*config, *home));
  say(key_line(*config, *home));
  return serve(*config, *home, *secret);
}

// Returns false when there is nothing to run; `code` says why.
bool read_arguments(const std::vector<std::string>& words, Arguments& out, int& code) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "--version") {
      const std::string text = word == "--help" ? usage : "twinlockd " TWINLOCK_VERSION "\n";
      fmt::print("{}", text);
      code = exit_ok;
      return false;
    }
    if (word == "--check") {
      out.check = true;
    } else if (word == "--config" && i + 1 < words.size()) {
      out.config_file = words[++i];
    } else if (word.starts_with("--config=") && word.size() > 9) {
      out.config_file = word.substr(9);
    } else {
      fmt::print(stderr, "twinlockd: not understood: {}\n{}", word, usage);
      code = exit_configuration;
      return false;
    }
  }
  return true;
}

}  // namespace

int main_of(const std::vector<std::string>& words) {
  Arguments arguments;
  int code = exit_ok;
  if (!read_arguments(words, arguments, code)) return code;
  if (!harden_process())
    return fail(exit_failed, "the system does not let core dumps be switched off; start refused");
  hold_signals();
  return run(arguments);
}

}  // namespace twinlock::daemon

int main(int argc, char** argv) { return twinlock::daemon::main_of({argv + 1, argv + argc}); }
