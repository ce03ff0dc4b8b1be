// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/web_snippets.hpp"

#include <string_view>

namespace twinlock::cli {

namespace {

void replace(std::string& text, std::string_view hole, std::string_view value) {
  for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
    text.replace(at, hole.size(), value);
}

// The parameter's line is dropped where the configuration has no name for it.
void rename_parameter(std::string& text, const std::string& usual, const std::string& name) {
  const std::string before = "  fastcgi_param " + usual + " ";
  if (!name.empty()) return replace(text, before, "  fastcgi_param " + name + " ");
  const std::size_t at = text.find(before);
  if (at != std::string::npos) text.erase(at, text.find('\n', at) + 1 - at);
}

// After each line that names the account: the proof that it is this web server that says so.
void add_secret(std::string& text, const config::Host& host) {
  const std::string line = "  include /etc/nginx/twinlock_secret.conf;  # mode 0600: fastcgi_param " +
                           host.secret_name + " \"...\";\n";
  const std::string account = "fastcgi_param " + host.account + " ";
  for (std::size_t at = text.find(account); at != std::string::npos; at = text.find(account, at)) {
    at = text.find('\n', at) + 1;
    text.insert(at, line);
    at += line.size();
  }
}

}  // namespace

std::string nginx_snippet(const config::Config& config) {
  const bool tcp = config.listen.socket.empty() && !config.listen.tcp.empty();
  const std::string server =
      tcp ? config.listen.tcp : "unix:" + config::resolve(config, config.listen.socket);
  std::string text = nginx_recipe;
  replace(text, "unix:/run/twinlock/twinlock.sock", server);
  if (config.site.prefix != "/2fa") replace(text, "/2fa", config.site.prefix);
  rename_parameter(text, "TWINLOCK_ACCOUNT", config.host.account);
  rename_parameter(text, "TWINLOCK_EMAIL", config.host.email);
  rename_parameter(text, "TWINLOCK_LABEL", config.host.label);
  if (!config.host.secret_file.empty()) add_secret(text, config.host);
  return text;
}

}  // namespace twinlock::cli
