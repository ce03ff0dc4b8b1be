// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/web_snippets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/text/ascii.hpp"

namespace twinlock::cli {

namespace {

using Refused = tl::unexpected<std::string>;

void replace(std::string& text, std::string_view hole, std::string_view value) {
  for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
    text.replace(at, hole.size(), value);
}

// The whole line in which `part` stands first; nothing where it does not stand.
void drop_line(std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) return;
  const std::size_t before = text.rfind('\n', at);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  text.erase(begin, text.find('\n', at) + 1 - begin);
}

// After each line that has `part`: one more, with the same indentation.
void add_after(std::string& text, std::string_view part, std::string_view line) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    const std::size_t begin = text.rfind('\n', at) + 1;
    const std::string indentation = text.substr(begin, text.find_first_not_of(" \t", begin) - begin);
    at = text.find('\n', at) + 1;
    const std::string added = fmt::format("{}{}\n", indentation, line);
    text.insert(at, added);
    at += added.size();
  }
}

// As h2o hands a parameter on: in lower case, with hyphens.
std::string hyphenated(std::string_view name) {
  std::string lower = text::lowered(name);
  std::replace(lower.begin(), lower.end(), '_', '-');
  return lower;
}

// An empty name: the configuration wants no such parameter. nginx's line for it is dropped; elsewhere
// twinlockd does not read what the line passes on.
void rename_parameter(std::string& text, std::string_view usual, const std::string& name) {
  if (name.empty()) return drop_line(text, fmt::format("fastcgi_param {} ", usual));
  replace(text, usual, name);
  replace(text, "x-fallthru-set-" + hyphenated(usual), "x-fallthru-set-" + hyphenated(name));
}

void place_socket(std::string& text, const config::Config& config) {
  constexpr std::string_view usual = "/run/twinlock/twinlock.sock";
  if (!config.listen.socket.empty())
    return replace(text, usual, config::resolve(config, config.listen.socket));
  const auto endpoint = config::loopback_endpoint(config.listen.tcp);
  if (!endpoint) return;
  replace(text, "{port: /run/twinlock/twinlock.sock, type: unix}",
          fmt::format("{{host: {}, port: {}}}", endpoint->host, endpoint->port));
  replace(text, "unix:/run/twinlock/twinlock.sock", config.listen.tcp);
  replace(text, "unix//run/twinlock/twinlock.sock", config.listen.tcp);
}

void place_secret(std::string& text, const config::Host& host) {
  if (host.secret_file.empty()) return;
  add_after(text, fmt::format("fastcgi_param {} ", host.account),
            fmt::format("include /etc/nginx/twinlock_secret.conf;  # mode 0600: fastcgi_param {} \"...\";",
                        host.secret_name));
  add_after(text, fmt::format("env {} ", host.account),
            fmt::format("import /etc/caddy/twinlock_secret  # mode 0640: env {} ...", host.secret_name));
}

std::string host_of(const std::string& base_url) {
  const std::size_t begin = base_url.find("://") + 3;
  return base_url.substr(begin,
                         base_url.rfind(':') > begin ? base_url.rfind(':') - begin : std::string::npos);
}

// What this configuration lacks for a web server, or "".
std::string lacking(std::string_view name, const config::Config& config) {
  const bool unix_socket = !config.listen.socket.empty();
  if (name == "apache" && (config.listen.tcp.empty() || config.host.account != "REMOTE_USER"))
    return "Apache's gate speaks TCP alone and passes the name as REMOTE_USER; set listen.tcp, "
           "host.secret_file and host.account = \"REMOTE_USER\"";
  if (name.starts_with("lighttpd") && !unix_socket)
    return "lighttpd's recipe speaks over a Unix socket; set listen.socket";
  if (name.starts_with("lighttpd") && config.gate.refusal != config::GateRefusal::redirect)
    return "lighttpd hands the gate's refusal to the browser; set gate.refusal = \"redirect\"";
  if (name == "h2o" && !config.host.secret_file.empty())
    return "h2o reads the secret from a line of yours, setenv: {TWINLOCK_SECRET: ...}; take "
           "docs/recipes/h2o.conf, or leave out host.secret_file";
  return "";
}

}  // namespace

tl::expected<std::string, std::string> filled_recipe(std::string_view name, const config::Config& config) {
  const auto found =
      std::find_if(recipes.begin(), recipes.end(), [&](const Recipe& recipe) { return recipe.name == name; });
  if (found == recipes.end()) return Refused("no recipe for that web server");
  if (std::string lack = lacking(name, config); !lack.empty()) return Refused(std::move(lack));
  std::string text(found->text);
  if (name == "apache")
    replace(text, "Define TWINLOCK_ADDRESS 127.0.0.1:9000", "Define TWINLOCK_ADDRESS " + config.listen.tcp);
  place_socket(text, config);
  replace(text, "https://app.example.org", config.site.base_url);
  replace(text, "app.example.org", host_of(config.site.base_url));
  if (config.site.prefix != "/2fa") replace(text, "/2fa", config.site.prefix);
  if (name != "apache") rename_parameter(text, "TWINLOCK_ACCOUNT", config.host.account);
  rename_parameter(text, "TWINLOCK_EMAIL", config.host.email);
  rename_parameter(text, "TWINLOCK_LABEL", config.host.label);
  place_secret(text, config.host);
  return text;
}

}  // namespace twinlock::cli
