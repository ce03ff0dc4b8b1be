// SPDX-License-Identifier: Apache-2.0
#include "adapters/doctor/site_words.hpp"

#include <algorithm>

#include "adapters/text/ascii.hpp"

namespace twinlock::doctor {

namespace {

using Row = std::array<std::string_view, web_servers_max>;  // in the order of WebServer

// In the order of Wrong.
constexpr std::array<Row, wrongs_max> rows{{
    // first_factor_missing
    {{"its location needs `auth_basic` on and `auth_request {prefix}/gate;`",
      "its <Location> needs `AuthType Basic` and <RequireAll> with `Require valid-user` and `Require "
      "Twinlock`; look for a `Require all granted`",
      "`auth.require` must cover it, and the `fastcgi.server` with `\"mode\" => \"authorizer\"` stand for it",
      "in `route`, `basicauth` and then `forward_auth` with `uri {prefix}/gate` must stand above what serves "
      "it",
      "its path needs the `mruby.handler`s `password` and `gate`, in this order",
      "ask for the first sign-in, and then {prefix}/gate, before it is served"}},
    // password_unchecked
    {{"`auth_basic` is off, or beside `satisfy any`, so that `$remote_user` is what the browser claims; "
      "switch "
      "it on there",
      "`Require valid-user` is missing there, or an `AuthBasicProvider` or `AuthnzFcgiCheckAuthnProvider` "
      "takes any password",
      "`auth.require` does not cover it, or `mod_auth` stands behind `mod_magnet` in `server.modules`",
      "`basicauth` must stand above it in `route`, and the name be {http.auth.user.id}",
      "the `mruby.handler` `password` must stand first there, with an htpasswd file of its own",
      "pass a name on only where its password has been checked"}},
    // name_from_header
    {{"a `fastcgi_param` takes the name out of `$http_...`; take it from `$twinlock_account`, which is set "
      "from `$remote_user` behind `auth_basic` alone",
      "a `SetEnvIf`, `RequestHeader`, `ProxyFCGISetEnvIf` or `RewriteRule [E=...]` makes the name out of a "
      "header; remove it: Apache passes REMOTE_USER on by itself",
      "lighttpd.lua or a `setenv` line takes the name out of a header; take it from "
      "`r.req_env[\"REMOTE_USER\"]`",
      "an `env` takes the name out of {http.request.header...}; write {http.auth.user.id}, and "
      "`request_header -Twinlock*` above it",
      "an `mruby.handler` takes the name out of HTTP_...; take REMOTE_USER as `password` left it",
      "take the name from the checked sign-in alone, never from a header"}},
    // gate_missing
    {{"`auth_request {prefix}/gate;` is missing in its server, is `off` in its location, or stands beside "
      "`satisfy any`",
      "`Require Twinlock` is missing in its <Location>, or stands in a <RequireAny> for <RequireAll>",
      "the `fastcgi.server` with `\"mode\" => \"authorizer\"` and `\"check-local\" => \"disable\"` is "
      "missing for it",
      "`forward_auth` with `uri {prefix}/gate` is missing in `route`, or stands below what serves it",
      "the `mruby.handler` `gate` is missing before it", "{prefix}/gate must be asked before it is served"}},
    // prompt_missing
    {{"`error_page 403 = @twinlock_challenge;` is missing in its server, or its location has an `error_page` "
      "of its own and must repeat it",
      "`ErrorDocument 403 {prefix}/challenge` is missing in its <Location>",
      "`refusal = \"redirect\"` is missing in twinlock.toml, or `magnet.attract-response-start-to` here",
      "`handle_response @refused` with `redir * {prefix}/challenge?next=...` is missing in `forward_auth`",
      "the `mruby.handler` `gate` must answer 303 with `location` {prefix}/challenge?next=...",
      "a refusal must lead to {prefix}/challenge"}},
    // gate_outside
    {{"`internal;` is missing in `location = {prefix}/gate`",
      "`RedirectMatch 404 \"^{prefix}/gate$\"` and `ProxyPass \"{prefix}/gate\" \"!\"` are missing",
      "lighttpd.lua must return 404 for {prefix}/gate, and `magnet.attract-raw-url-to` name it",
      "`respond @gate 404` is missing above Twinlock's pages",
      "the path \"{prefix}/gate\" with its 404 is missing",
      "refuse {prefix}/gate to everybody but the web server itself"}},
    // link_closed
    {{"`location = {prefix}/recover/confirm` with `auth_basic off;` is missing",
      "<LocationMatch \"^{prefix}/recover/confirm$\"> with `Require all granted` is missing, or stands above "
      "<Location \"{prefix}/\">",
      "`$HTTP[\"url\"] != \"{prefix}/recover/confirm\"` must stand around `auth.require`",
      "`handle @mailed_link` is missing, or stands below `basicauth`",
      "the handler `password` must answer 399 for SCRIPT_NAME {prefix}/recover/confirm",
      "let exactly {prefix}/recover/confirm through without a sign-in"}},
    // link_wide
    {{"the exemption must be `location = {prefix}/recover/confirm`, with the equals sign",
      "the exemption must be <LocationMatch \"^{prefix}/recover/confirm$\">, with both ^ and $",
      "the exemption must be `$HTTP[\"url\"] != \"{prefix}/recover/confirm\"`, with != and no expression",
      "`@mailed_link` must be the `vars_regexp` of {http.request.orig_uri} from ^ to $; `path` takes other "
      "spellings too",
      "`password` must let SCRIPT_NAME {prefix}/recover/confirm through only with an empty PATH_INFO",
      "exempt exactly {prefix}/recover/confirm, compared byte for byte"}},
    // link_named
    {{"`set $twinlock_account \"\";` is missing in `location = {prefix}/recover/confirm`",
      "nothing may set a name in <LocationMatch \"^{prefix}/recover/confirm$\">",
      "lighttpd.lua must set no TWINLOCK_ACCOUNT for {prefix}/recover/confirm",
      "`import twinlock_pages \"\" \"\"` must stand in `handle @mailed_link`",
      "no handler but `password` may set REMOTE_USER before {prefix}/recover/confirm",
      "pass no name on to {prefix}/recover/confirm"}},
    // twinlock_unreached
    {{"`server unix:...` in `upstream twinlock` must name twinlockd's socket, and nginx's user be in its "
      "group",
      "`TWINLOCK_ADDRESS` must be twinlockd's listen.tcp, and `TWINLOCK_SECRET` the word of host.secret_file",
      "`var.twinlock_socket` must name twinlockd's socket, and lighttpd's user be in its group",
      "`to unix//...` in `twinlock_at` must name twinlockd's socket, and Caddy's user be in its group",
      "`fastcgi.connect` must name twinlockd's socket, and h2o's user be in its group",
      "{prefix}/ must go to twinlockd by FastCGI"}},
    // name_missing
    {{"`set $twinlock_account $remote_user;` must stand in its server, and `fastcgi_param` pass it on",
      "`account = \"REMOTE_USER\"` is missing in twinlock.toml, or its <Location> checks no password",
      "`magnet.attract-raw-url-to` must name lighttpd.lua, and `mod_auth` stand before `mod_magnet` in "
      "`server.modules`",
      "`env` must pass {http.auth.user.id} on, and `basicauth` stand above it",
      "the `mruby.handler`s `password` and `person` (or `gate`) must stand before it, in this order",
      "pass the checked name on, in the parameter that host.account names"}},
    // plain_http
    {{"let its `server` of port 80 hold `return 301 https://$host$request_uri;` alone",
      "let its <VirtualHost *:80> hold `Redirect permanent \"/\" \"https://...\"` alone",
      "write `$HTTP[\"scheme\"] == \"http\" { url.redirect = (\"\" => "
      "\"https://${url.authority}${url.path}${qsa}\") }`",
      "name the site without http:// and without :80, and leave `auto_https` on",
      "let its host of port 80 hold `redirect: https://...` alone",
      "redirect everything from http:// to https://"}},
    // hsts_missing
    {{"`add_header Strict-Transport-Security \"max-age=31536000\" always;`",
      "`Header always set Strict-Transport-Security \"max-age=31536000\"`",
      "`setenv.add-response-header += (\"Strict-Transport-Security\" => \"max-age=31536000\")`",
      "`header Strict-Transport-Security max-age=31536000`",
      "`header.add: \"strict-transport-security: max-age=31536000\"`",
      "Strict-Transport-Security: max-age=31536000"}},
    // name_as_typed
    {{"`$remote_user` is what was typed; let the sign-in take canonical names only, or take the directory's "
      "own attribute from a subrequest",
      "`AuthLDAPRemoteUserAttribute uid` makes REMOTE_USER the directory's attribute",
      "REMOTE_USER is what was typed; lighttpd has no way to take the directory's attribute, so let the "
      "directory compare exactly",
      "{http.auth.user.id} is what was typed; pass the directory's own attribute on instead",
      "REMOTE_USER is what was typed; pass the directory's own attribute on instead",
      "pass the directory's own attribute on, not what was typed"}},
}};

constexpr bool complete() {
  for (const Row& row : rows)
    for (const std::string_view text : row)
      if (text.empty()) return false;
  return true;
}
static_assert(complete(), "every fault has words for every web server");

struct Known {
  std::string_view part;  // of the header, in lower case
  WebServer server;
  std::string_view name;
};

constexpr Known known[] = {
    {"openresty", WebServer::nginx, "nginx"}, {"nginx", WebServer::nginx, "nginx"},
    {"apache", WebServer::apache, "Apache"},  {"lighttpd", WebServer::lighttpd, "lighttpd"},
    {"caddy", WebServer::caddy, "Caddy"},     {"h2o", WebServer::h2o, "h2o"}};

}  // namespace

WebServer web_server_of(std::string_view text) {
  const std::string lower = text::lowered(text);
  for (const Known& k : known)
    if (lower.find(k.part) != std::string::npos) return k.server;
  return WebServer::unknown;
}

std::string_view name_of(WebServer server) {
  for (const Known& k : known)
    if (k.server == server) return k.name;
  return "the web server";
}

std::string advice(WebServer server, Wrong wrong, std::string_view prefix) {
  constexpr std::string_view hole = "{prefix}";
  std::string text(rows[static_cast<std::size_t>(wrong)][static_cast<std::size_t>(server)]);
  for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + prefix.size()))
    text.replace(at, hole.size(), prefix);
  return std::string(name_of(server)) + ": " + text;
}

}  // namespace twinlock::doctor
