// SPDX-License-Identifier: Apache-2.0
// init: configuration, key and database in one step, and what comes next; or a site for the web server.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/web_snippets.hpp"
#include "adapters/console/output.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

// A TOML basic string (TOML 1.0): control characters are refused when it is read back.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string site_toml(const InitOptions& options) {
  std::string out =
      "# Twinlock: docs/configuration.md names every key. Paths count from this file's folder.\n\n[site]\n";
  if (options.base_url.empty())
    out += "dev = true  # for tests on this machine; a real site has base_url = \"https://...\" instead\n";
  else
    out += fmt::format("base_url = {}\n", toml_text(options.base_url));
  if (!options.issuer.empty()) out += fmt::format("issuer = {}\n", toml_text(options.issuer));
  if (!options.contact.empty()) out += fmt::format("contact = {}\n", toml_text(options.contact));
  return out +
         "\n[mail]\n# smtp = \"smtp://mail.example.org:587\"  # without mail nobody can recover on their "
         "own\n";
}

bool write_new(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  return ::close(fd) == 0 && written;
}

// The configuration to begin with; true: it was written now.
tl::expected<bool, Refusal> provide(const std::string& path, const InitOptions& options) {
  const bool told = !options.base_url.empty() || !options.issuer.empty() || !options.contact.empty();
  if (::access(path.c_str(), F_OK) == 0) {
    if (!told) return false;
    return tl::unexpected(Refusal{
        exit_refused,
        fmt::format("{} exists already and was left as it is; edit it, or name another file with --config",
                    path)});
  }
  const std::string text = site_toml(options);
  if (const auto good = config::parse(text, "twinlock.toml"); !good)
    return tl::unexpected(Refusal{exit_configuration, good.error()});
  if (const auto safe = config::check_folder(path); !safe)
    return tl::unexpected(Refusal{exit_configuration, safe.error()});
  if (write_new(path, text)) return true;
  return tl::unexpected(
      Refusal{exit_configuration,
              fmt::format("{}: the configuration cannot be written: {}; check the folder and its permissions",
                          path, std::strerror(errno))});
}

// As root: key and database are the service's, so whoever owns the place where they will lie makes them.
tl::expected<void, Refusal> become_owner(const config::Config& config) {
  const std::string database = config::resolve(config, config.store.path);
  if (::access(database.c_str(), F_OK) == 0) return become_owner_of(database);
  return become_owner_of(std::filesystem::path(database).parent_path().string());
}

struct Made {
  std::string file;
  bool file_written = false;
  bool installation_created = false;
};

std::string report_text(const Made& made, const config::Config& config, bool json) {
  const auto state = [](bool now) { return now ? "created" : "was there"; };
  const std::string key = config::resolve(config, config.keys.file);
  const std::string database = config::resolve(config, config.store.path);
  if (json)
    return record_text({{"configuration", words(made.file)},
                        {"key", words(key)},
                        {"database", words(database)},
                        {"created", yes_no(made.installation_created)}},
                       true);
  return fmt::format(
      "configuration  {} ({})\nkey            {} ({})\ndatabase       {} ({})\n\n"
      "Next:\n"
      "  1. Copy {} to a safe place, apart from the database's backups: without it no account can be read.\n"
      "  2. twinlockd --config {}        starts the server\n"
      "  3. twinlock init --config {} --web nginx   prints what the web server needs\n"
      "  4. twinlock doctor --config {}  looks at everything\n",
      made.file, state(made.file_written), key, state(made.installation_created), database,
      state(made.installation_created), key, made.file, made.file, made.file);
}

int web_site(const Common& common, const std::string& web) {
  const auto config = read_config(common);
  if (!config) return refuse(config.error());
  const auto text = filled_recipe(web, *config);
  if (!text) return refuse({exit_configuration, text.error()});
  print(*text);
  return exit_ok;
}

std::string file_of(const Common& common) {
  if (!common.config_file.empty()) return common.config_file;
  const std::string usual = config::usual_file();
  return usual.empty() ? "twinlock.toml" : usual;
}

}  // namespace

int init(const Common& common, const InitOptions& options) {
  if (!options.web.empty()) return web_site(common, options.web);
  Made made;
  made.file = file_of(common);
  Common said = common;
  said.config_file = made.file;
  say_configuration(said);
  const auto written = provide(made.file, options);
  if (!written) return refuse(written.error());
  made.file_written = *written;
  const auto config = config::load(made.file);
  if (!config) return refuse({exit_configuration, config.error()});
  ::umask(077);
  if (const auto done = become_owner(*config); !done) return refuse(done.error());
  const auto installation = daemon::open_installation(*config, {.create = true, .probe = true});
  if (!installation) return refuse({exit_store, installation.error()});
  made.installation_created = installation->created;
  print(report_text(made, *config, common.json));
  return exit_ok;
}

}  // namespace twinlock::cli
