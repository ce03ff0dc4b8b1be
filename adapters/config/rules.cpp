// SPDX-License-Identifier: Apache-2.0
#include "adapters/config/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "adapters/system/loopback.hpp"
#include "adapters/text/ascii.hpp"
#include "adapters/text/mail_address.hpp"

namespace twinlock::config {

namespace {

using Reason = std::optional<std::string>;

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool all_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(
      text, [&](char c) { return letter_or_digit(c) || others.find(c) != std::string_view::npos; });
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

// Parses host, [host6], host:port or [host6]:port; port 0: none given.
std::optional<Endpoint> authority(std::string_view text) {
  Endpoint where;
  std::string_view rest;
  if (!text.empty() && text[0] == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 2) return std::nullopt;
    where.host = text.substr(0, end + 1);
    if (!all_of(text.substr(1, end - 1), ":.")) return std::nullopt;
    rest = text.substr(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    where.host = text.substr(0, end);
    if (where.host.empty() || !all_of(where.host, ".-")) return std::nullopt;
    rest = text.substr(end);
  }
  if (rest.empty()) return where;
  const auto port = rest[0] == ':' ? port_of(rest.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  where.port = *port;
  return where;
}

Reason base_url(const Config& c) {
  const std::string_view url = c.site.base_url;
  const bool plain = url.starts_with("http://");
  if (!plain && !url.starts_with("https://"))
    return "site.base_url must begin with https://; write base_url = \"https://your.site\"";
  const auto where = authority(url.substr(plain ? 7 : 8));
  if (!where) return "site.base_url must be https://host or https://host:port, without a path, slash or user";
  if (!plain) return std::nullopt;
  if (!c.site.dev)
    return "site.base_url must begin with https://; for tests on this machine, set site.dev = true";
  if (!system::is_loopback_host(where->host))
    return "site.base_url without TLS must name localhost, 127.x.x.x or [::1]; write https://";
  return std::nullopt;
}

Reason prefix(const Config& c) {
  const std::string_view p = c.site.prefix;
  const bool shape = p.size() >= 2 && p.size() <= 64 && p[0] == '/' && p.back() != '/' && all_of(p, "/_-");
  if (shape && p.find("//") == std::string_view::npos) return std::nullopt;
  return "site.prefix is not a path such as \"/2fa\" (letters, digits, '-', '_', '/'; no slash at the end); "
         "correct it";
}

Reason issuer(const Config& c) {
  if (!c.site.issuer.empty() && c.site.issuer.size() <= 64 && c.site.issuer.find(':') == std::string::npos)
    return std::nullopt;
  return "site.issuer must be 1 to 64 bytes without a colon (authenticator apps split at it); shorten it";
}

// Lists the parameters whose value the client chooses, because they come from the request itself.
constexpr std::array<std::string_view, 14> request_names{
    "QUERY_STRING", "REQUEST_URI",     "DOCUMENT_URI", "PATH_INFO",      "PATH_TRANSLATED",
    "SCRIPT_NAME",  "SCRIPT_FILENAME", "CONTENT_TYPE", "CONTENT_LENGTH", "REQUEST_METHOD",
    "REMOTE_ADDR",  "REMOTE_PORT",     "SERVER_NAME",  "SERVER_PORT"};

Reason parameter(std::string_view key, std::string_view name, bool may_be_empty) {
  if (name.empty() && may_be_empty) return std::nullopt;
  std::string upper(name);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  if (upper.starts_with("HTTP_"))
    return fmt::format(
        "host.{} begins with HTTP_, which every browser can send; name a parameter that the web server sets",
        key);
  if (std::ranges::find(request_names, upper) != request_names.end())
    return fmt::format(
        "host.{} names a parameter that is part of the request itself; name a parameter that the web server "
        "sets",
        key);
  if (name.empty() || name.size() > 64 || !all_of(name, "_"))
    return fmt::format("host.{} must be a parameter name: at most 64 letters, digits and '_'", key);
  return std::nullopt;
}

Reason host_account(const Config& c) { return parameter("account", c.host.account, false); }
Reason host_email(const Config& c) { return parameter("email", c.host.email, true); }
Reason host_label(const Config& c) { return parameter("label", c.host.label, true); }
Reason host_session(const Config& c) { return parameter("session", c.host.session, true); }
Reason host_required(const Config& c) { return parameter("required", c.host.required, true); }
Reason host_fresh(const Config& c) { return parameter("fresh", c.host.fresh, true); }

Reason sign_in_path(const Config& c) {
  const std::string_view path = c.site.sign_in_path;
  if (path.empty()) return std::nullopt;
  const bool local = path[0] == '/' && !path.starts_with("//") && path.size() <= 256;
  if (local && all_of(path, "/_-.~?&=%+:@,;")) return std::nullopt;
  return "site.sign_in_path must be a path of this site, such as \"/login?next=/2fa/enroll\"; a sign-in "
         "elsewhere needs a path "
         "here that redirects to it";
}

Reason required_from(const Config& c) {
  if (c.policy.required || c.policy.required_from == 0) return std::nullopt;
  return "policy.required_from without policy.required = true says nothing; set both or remove it";
}

Reason host_secret_name(const Config& c) {
  if (const Reason bad = parameter("secret_name", c.host.secret_name, false)) return bad;
  const Host& h = c.host;
  std::vector<std::string> names{h.account, h.email, h.label, h.session, h.required, h.fresh, h.secret_name};
  std::erase(names, "");
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) == names.end()) return std::nullopt;
  return "two keys of [host] name the same parameter; give each its own";
}

Reason socket_mode(const Config& c) {
  if (c.listen.socket.empty() || (c.listen.socket_mode & 0002) == 0) return std::nullopt;
  if (!c.host.secret_file.empty() || !c.listen.peer_uids.empty()) return std::nullopt;
  return "listen.socket_mode lets every user of this machine speak for any account; write 0o660 and set "
         "socket_group, or "
         "set host.secret_file or listen.peer_uids";
}

Reason tcp(const Config& c) {
  if (c.listen.tcp.empty()) return std::nullopt;
  if (!loopback_endpoint(c.listen.tcp))
    return "listen.tcp must be a loopback address with a port, such as \"127.0.0.1:9000\"";
  if (!c.host.secret_file.empty()) return std::nullopt;
  return "listen.tcp without host.secret_file lets every program of this machine speak for any account; set "
         "host.secret_file";
}

Reason somewhere(const Config& c) {
  if (!c.listen.socket.empty() || !c.listen.tcp.empty() || c.listen.inherited) return std::nullopt;
  return "nothing to listen on: socket and tcp are empty and inherited is false; set listen.socket";
}

Reason paths(const Config& c) {
  if (c.store.path.empty()) return "store.path is empty; name the database file";
  if (c.keys.file.empty()) return "keys.file is empty; name the key file";
  if (c.keys.file == c.store.path) return "keys.file and store.path name the same file; give each its own";
  return std::nullopt;
}

Reason smtp(const Config& c) {
  const std::string_view url = c.mail.smtp;
  if (url.empty()) return std::nullopt;
  if (!c.mail.sendmail.empty()) return "mail.smtp and mail.sendmail are both set; keep one";
  const bool implicit_tls = url.starts_with("smtps://");
  if (!implicit_tls && !url.starts_with("smtp://"))
    return "mail.smtp must begin with smtp:// or smtps://; write \"smtp://mail.example.org:587\"";
  const auto where = authority(url.substr(implicit_tls ? 8 : 7));
  if (!where)
    return "mail.smtp must be smtp://host:port, without a path or user (the user goes into mail.user)";
  if (c.mail.tls == "none" && !system::is_loopback_host(where->host))
    return "mail.tls = \"none\" sends recovery links unprotected; write tls = \"required\", or a relay on "
           "localhost";
  return std::nullopt;
}

Reason sendmail(const Config& c) {
  if (c.mail.sendmail.empty() || !c.mail.sendmail.front().empty()) return std::nullopt;
  return "mail.sendmail must begin with the program's whole path; write [\"/usr/sbin/sendmail\", \"-t\", "
         "\"-i\"]";
}

Reason mail_user(const Config& c) {
  if (c.mail.user.empty() == c.mail.password_file.empty()) return std::nullopt;
  return "mail.user and mail.password_file belong together; set both or neither";
}

Reason from(const Config& c) {
  if (text::valid_mail_address(c.mail.from)) return std::nullopt;
  return "mail.from must be a plain address, such as \"twinlock@your.site\"";
}

Reason api_keys(const Config& c) {
  const std::string& file = c.api.keys_file;
  if (file.empty() && !c.api.listen.empty())
    return "api.listen without api.keys_file serves an API that nobody can use; name the file or remove "
           "listen";
  if (!file.empty() && (file == c.keys.file || file == c.store.path))
    return "api.keys_file must not be the same file as keys.file or store.path; name another file";
  return std::nullopt;
}

Reason api_entry(const Config& c, const std::string& entry) {
  if (entry.empty()) return "api.listen has an empty entry; name a socket's path or \"127.0.0.1:9001\"";
  if (entry == c.listen.socket || entry == c.listen.tcp)
    return "api.listen names the main listener; give the API one of its own, or leave listen empty";
  if (!is_tcp_entry(entry)) return std::nullopt;
  if (!loopback_endpoint(entry))
    return "each entry of api.listen must be a path or a loopback address with a port, such as "
           "\"127.0.0.1:9001\"";
  if (!c.host.secret_file.empty()) return std::nullopt;
  return "api.listen over TCP without host.secret_file lets every program of this machine try keys; set "
         "host.secret_file";
}

Reason api_listen(const Config& c) {
  std::vector<std::string> entries = c.api.listen;
  for (const std::string& entry : entries)
    if (const Reason bad = api_entry(c, entry)) return bad;
  std::ranges::sort(entries);
  if (std::ranges::adjacent_find(entries) == entries.end()) return std::nullopt;
  return "api.listen names the same place twice; remove one";
}

// Each request in flight holds a connection; only what is left can be closed to let somebody else in.
Reason connections(const Config& c) {
  if (c.listen.connections_max > c.listen.requests_max) return std::nullopt;
  return "listen.connections_max must be above listen.requests_max, so that requests in flight never take "
         "every connection; half as many again is usual";
}

struct Rule {
  std::string_view key;  // whose line is named
  Reason (*check)(const Config&);
};

constexpr Rule rules[] = {
    {"site.base_url", base_url},
    {"site.prefix", prefix},
    {"site.issuer", issuer},
    {"site.sign_in_path", sign_in_path},
    {"host.account", host_account},
    {"host.email", host_email},
    {"host.label", host_label},
    {"host.session", host_session},
    {"host.required", host_required},
    {"host.fresh", host_fresh},
    {"policy.required_from", required_from},
    {"host.secret_name", host_secret_name},
    {"listen.socket_mode", socket_mode},
    {"listen.tcp", tcp},
    {"listen.inherited", somewhere},
    {"listen.connections_max", connections},
    {"store.path", paths},
    {"mail.smtp", smtp},
    {"mail.sendmail", sendmail},
    {"mail.user", mail_user},
    {"mail.from", from},
    {"api.keys_file", api_keys},
    {"api.listen", api_listen},
};

}  // namespace

std::optional<Endpoint> loopback_endpoint(std::string_view entry) {
  auto where = authority(entry);
  if (!where || where->port == 0 || !system::is_loopback_host(where->host)) return std::nullopt;
  if (text::equal_ignoring_case(where->host, "localhost")) where->host = "127.0.0.1";
  if (where->host[0] == '[') where->host = where->host.substr(1, where->host.size() - 2);
  return where;
}

bool is_tcp_entry(std::string_view entry) {
  return entry.find(':') != std::string_view::npos && entry.find('/') == std::string_view::npos;
}

std::optional<Broken> broken_rule(const Config& config, const Lines& lines) {
  for (const Rule& rule : rules) {
    if (const Reason reason = rule.check(config)) {
      const auto at = lines.find(std::string(rule.key));
      return Broken{at == lines.end() ? 1 : at->second, *reason};
    }
  }
  return std::nullopt;
}

}  // namespace twinlock::config
