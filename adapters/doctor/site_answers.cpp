// SPDX-License-Identifier: Apache-2.0
// What stands in the site's answers: cookies, headers, and what is said over plain HTTP.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/doctor/site_tour.hpp"
#include "adapters/fastcgi/armour.hpp"
#include "adapters/text/ascii.hpp"

namespace twinlock::doctor {

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool any_header(const Reply& reply, std::string_view name, std::string_view part) {
  return std::ranges::any_of(reply.headers,
                             [&](const probe::Header& h) { return h.name == name && has(h.value, part); });
}

// What is wrong with one of Twinlock's cookies; "": nothing.
std::string cookie_fault(std::string_view cookie, bool tls) {
  const std::string name(cookie.substr(0, cookie.find('=')));
  if (tls && !name.starts_with("__Host-"))
    return name + " lacks __Host-: take `dev = true` out of twinlock.toml";
  for (const std::string_view wanted : {"; HttpOnly", "; SameSite=Lax", "; Path=/", "; Secure"})
    if (!has(cookie, wanted) && (tls || wanted != "; Secure"))
      return fmt::format("{} has lost {}: let the web server leave Set-Cookie as it is", name,
                         wanted.substr(2));
  if (has(cookie, "; Domain=")) return name + " has a Domain: let the web server leave Set-Cookie as it is";
  return {};
}

void check_hsts(Tour& tour) {
  if (tour.site.url().loopback) return;  // other sites of this machine would be bound by it too
  for (const Reply* reply : {&tour.at_path, &tour.at_link})
    if (!header(*reply, "strict-transport-security").empty())
      return tour.add("hsts", Level::ok, std::string(header(*reply, "strict-transport-security")));
  tour.add("hsts", Level::warn,
           "Strict-Transport-Security is not sent, so that a browser may come by http:// first; once all of "
           "the name has TLS, " +
               tour.fix(Wrong::hsts_missing));
}

}  // namespace

void check_plain_http(Tour& tour) {
  if (!tour.site.url().tls) return;
  const std::string origin = "http" + tour.site.url().origin.substr(5);
  const Reply reply = tour.site.ask_url(origin + tour.path);
  const std::string_view to = header(reply, "location");
  if (is_yes(reply) || reply.status == 401)
    tour.add("plain http", Level::fail,
             fmt::format("{}: {}, so that passwords go unprotected; {}", origin, said(reply),
                         tour.fix(Wrong::plain_http)));
  else if (is_redirect(reply) && !to.starts_with("https://"))
    tour.add(
        "plain http", Level::warn,
        fmt::format("{}: {}, which is not https://; {}", origin, said(reply), tour.fix(Wrong::plain_http)));
  else
    tour.add("plain http", Level::ok, reply.status == 0 ? "nothing answers" : said(reply));
  check_hsts(tour);
}

void check_cookies(Tour& tour) {
  std::size_t seen = 0;
  for (const probe::Header& h : tour.at_link.headers) {
    if (h.name != "set-cookie" || !has(h.value, "twinlock-")) continue;
    ++seen;
    const std::string fault = cookie_fault(h.value, tour.site.url().tls);
    if (!fault.empty()) return tour.add("cookies", Level::fail, fault);
  }
  if (seen > 0) return tour.add("cookies", Level::ok, "bound to this site, out of scripts' reach");
  if (from_twinlock(tour.at_link))
    return tour.add(
        "cookies", Level::fail,
        "Twinlock's cookie does not arrive, so that every form will be refused; let the web server "
        "leave Set-Cookie as it is");
  tour.add("cookies", Level::warn, "not seen, as the mailed link's page was not");
}

void check_headers(Tour& tour) {
  if (!from_twinlock(tour.at_link))
    return tour.add("headers", Level::warn, "not seen, as the mailed link's page was not");
  const Reply& page = tour.at_link;
  std::vector<std::string> lost;
  if (!any_header(page, "content-security-policy", "frame-ancestors 'none'") ||
      any_header(page, "content-security-policy", "unsafe-"))
    lost.emplace_back("Content-Security-Policy");
  for (std::string_view lines = fastcgi::armour; !lines.empty(); lines.remove_prefix(lines.find('\n') + 1)) {
    const std::string_view name = lines.substr(0, lines.find(':'));
    const std::string_view value = lines.substr(name.size() + 2, lines.find('\r') - name.size() - 2);
    if (!any_header(page, text::lowered(name), value)) lost.emplace_back(name);
  }
  if (lost.empty()) return tour.add("headers", Level::ok, "Twinlock's arrive as it sends them");
  tour.add(
      "headers", Level::fail,
      fmt::format("not as Twinlock sends them: {}; let the web server, and what stands before it, leave them "
                  "as they are under {}",
                  some(lost), tour.pages()));
}

}  // namespace twinlock::doctor
