// SPDX-License-Identifier: Apache-2.0
// What the site answers to nobody in particular.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/doctor/site_tour.hpp"

namespace twinlock::doctor {

namespace {

constexpr std::size_t named_max = 3;
// A method that no application knows: a web server that guards only some methods lets it through.
constexpr const char* odd_method = "TWINLOCK";

bool is_broken(const Reply& reply) { return reply.status == 0 || reply.status >= 500; }

std::string title_of(const Reply& page) {
  const std::size_t begin = page.body.find("<title>");
  const std::size_t end = page.body.find("</title>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  return page.body.substr(begin, end - begin);
}

// The gate's own answer: Twinlock's page that there is no such page is none.
bool is_gates(const Reply& reply) {
  if (!header(reply, "twinlock-location").empty()) return true;
  return from_twinlock(reply) && reply.body.empty() && !is_redirect(reply);
}

// Ways to write the mailed link's path, or to get from it to somewhere else.
std::vector<std::string> look_alikes(const Tour& tour) {
  const std::string link = tour.site.prefix() + "/recover/confirm";
  std::string up;  // to the site's root
  for (const char c : link)
    if (c == '/') up += "/..";
  std::vector<std::string> all;
  for (const char* tail : {"/", "%2f..", "/../", "/x", "x", ".html", ";x", "%20", "/..;/", "/../../",
                           "/..%2f..%2f", "/%2e%2e/%2e%2e/challenge", "/../../challenge"})
    all.push_back(link + tail);
  all.push_back("/" + link);
  all.push_back(tour.site.prefix() + "//recover/confirm");
  all.push_back(tour.site.prefix() + "/recover");
  all.push_back(tour.site.prefix() + "/challenge");
  all.push_back(link + up + tour.path);
  std::string encoded = link;
  for (std::size_t i = 0; i < up.size(); i += 3) encoded += "%2f..";
  all.push_back(encoded + tour.path);
  return all;
}

// Whether nobody in particular gets at more than the mailed link's page; `pages_too`: Twinlock's pages are
// open to Twinlock's own judgment anyway.
bool is_exempt(const Tour& tour, const Reply& reply, bool pages_too) {
  if (!from_twinlock(reply)) return is_yes(reply) && !is_yes(tour.at_path);
  const bool is_the_page = reply.status == tour.at_link.status && title_of(reply) == title_of(tour.at_link);
  return !pages_too && !is_the_page;
}

}  // namespace

void Tour::add(std::string what, Level level, std::string finding) {
  site.pause();
  report.add(std::move(what), level, std::move(finding));
}

std::string some(const std::vector<std::string>& all) {
  const auto shown = std::min(all.size(), named_max);
  return fmt::format("{}{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     all.size() > shown ? ", ..." : "");
}

bool check_site(Tour& tour, bool insecure) {
  const SiteUrl& url = tour.site.url();
  tour.at_path = tour.site.ask(tour.path);
  if (tour.at_path.trouble == probe::Trouble::certificate) {
    tour.add("tls", Level::fail,
             fmt::format("{}; give the site a certificate for its name, or name its authority with --ca-file",
                         tour.at_path.detail));
    return false;
  }
  if (tour.at_path.trouble != probe::Trouble::none) {
    tour.add("tls", Level::fail,
             fmt::format("{}: {}; start the web server, or correct --url", url.origin, tour.at_path.detail));
    return false;
  }
  tour.at_pages = tour.site.ask(tour.pages());
  tour.at_link = tour.site.ask(tour.link);
  if (!url.tls && url.loopback)
    tour.add("tls", Level::ok, "none, on this machine only");
  else if (!url.tls)
    tour.add("tls", Level::fail,
             "none: passwords and passes can be read on their way; serve the site by https://");
  else if (insecure)
    tour.add("tls", Level::warn,
             "the certificate is not looked at (--insecure); name its authority with --ca-file");
  else
    tour.add("tls", Level::ok, "the certificate holds");
  return true;
}

void check_server(Tour& tour, const std::string& web) {
  const std::string_view told = header(tour.at_path, "server");
  tour.server = web_server_of(web.empty() ? told : web);
  const std::string says = told.empty() ? "does not name itself" : fmt::format("says {}", told);
  if (tour.server != WebServer::unknown)
    return tour.add("server", Level::ok, fmt::format("{} ({})", name_of(tour.server), says));
  tour.add("server", Level::ok,
           fmt::format("{}; to be told of it in its own words, name it with --web", says));
}

void check_link(Tour& tour) {
  const std::string path = tour.site.prefix() + "/recover/confirm";
  const Reply& reply = tour.at_link;
  if (from_twinlock(reply) && reply.status == 503)
    return tour.add(
        "link", Level::fail,
        fmt::format("{}: twinlockd is there and says 503; run `twinlock doctor` on its machine", path));
  if (is_broken(reply) || reply.status == 404)
    return tour.add("link", Level::fail,
                    fmt::format("{}: {}; {}", path, said(reply), tour.fix(Wrong::twinlock_unreached)));
  if (!from_twinlock(reply) || !is_yes(reply))
    return tour.add("link", Level::fail,
                    fmt::format("{}: {}, so that a mailed link leads nowhere; {}", path, said(reply),
                                tour.fix(Wrong::link_closed)));
  // The link's account is another than the name that is claimed here: if that goes along, Twinlock refuses.
  const Reply named = tour.site.ask(tour.link, {.credentials = {tour.secret_word, tour.secret_word}});
  if (from_twinlock(named) && !is_yes(named))
    return tour.add("link", Level::fail,
                    fmt::format("{}: a name goes along whose password nobody has checked; {}", path,
                                tour.fix(Wrong::link_named)));
  tour.add("link", Level::ok, fmt::format("{} is open, and no name goes along", path));
}

void check_health(Tour& tour) {
  const std::string path = tour.site.prefix() + "/health";
  Reply reply = tour.site.ask(path);
  const bool behind = !is_yes(reply) && !is_broken(reply) && !from_twinlock(reply) && reply.status != 404;
  if (behind && tour.account.user.empty())
    return tour.add("health", Level::ok,
                    fmt::format("{} is behind the first sign-in ({})", path, said(reply)));
  if (behind) reply = tour.site.ask(path, {.credentials = tour.account});
  if (behind && reply.status == 401 && !from_twinlock(reply))
    return tour.add("health", Level::warn,
                    fmt::format("{} does not let {} in; correct --user", path, tour.account.user));
  if (is_yes(reply) && reply.body.starts_with("ready"))
    return tour.add("health", Level::ok, path + " says ready");
  if (reply.body.starts_with("not ready"))
    return tour.add("health", Level::fail,
                    fmt::format("{}: twinlockd says not ready; run `twinlock doctor` on its machine", path));
  tour.add(
      "health", Level::fail,
      fmt::format("{}: {}, not from Twinlock; {}", path, said(reply), tour.fix(Wrong::twinlock_unreached)));
}

void check_application(Tour& tour) {
  const std::string& path = tour.path;
  const Reply& reply = tour.at_path;
  if (is_yes(reply))
    return tour.add(
        "application", Level::fail,
        fmt::format("{} answers {} to anybody; {}; where it is meant to be open, name another with --path",
                    path, said(reply), tour.fix(Wrong::first_factor_missing)));
  if (is_broken(reply))
    return tour.add("application", Level::fail,
                    fmt::format("{}: {}; {}", path, said(reply), tour.fix(Wrong::twinlock_unreached)));
  for (const char* method : {"HEAD", odd_method})
    if (const Reply other = tour.site.ask(path, {.method = method}); is_yes(other))
      return tour.add("application", Level::fail,
                      fmt::format("{} answers {} to anybody who asks by {}; {}", path, said(other), method,
                                  tour.fix(Wrong::first_factor_missing)));
  if (reply.status == 404)
    return tour.add(
        "application", Level::warn,
        fmt::format("{} is not there (404); name a path that the application serves with --path", path));
  tour.add("application", Level::ok, fmt::format("{} is refused without a sign-in ({})", path, said(reply)));
}

void check_gate(Tour& tour) {
  const std::string gate = tour.site.prefix() + "/gate";
  const Credentials nobody{tour.secret_word, tour.secret_word};
  // A false password only once: some servers answer it late on purpose.
  if (const Reply reply = tour.site.ask(gate, {.credentials = nobody}); is_yes(reply))
    return tour.add("gate", Level::fail,
                    fmt::format("{} answers {} to a false password; {}", gate, said(reply),
                                tour.fix(Wrong::gate_outside)));
  std::vector<With> ways{{}, {.method = "POST"}};
  for (const std::string& name : header_names(tour.account_parameter))
    ways.push_back({.headers = {name + ": " + tour.secret_word}});
  if (!tour.account.user.empty()) ways.push_back({.credentials = tour.account});
  bool reached = false;
  for (const With& way : ways) {
    for (const std::string& target : {gate, gate + "/", "/" + gate, tour.site.prefix() + "/%67ate"}) {
      const Reply reply = tour.site.ask(target, way);
      if (is_yes(reply))
        return tour.add("gate", Level::fail,
                        fmt::format("{} answers {} to an outsider; {}", target, said(reply),
                                    tour.fix(Wrong::gate_outside)));
      reached = reached || is_gates(reply);
    }
  }
  if (reached)
    return tour.add("gate", Level::warn,
                    fmt::format("outsiders reach {} (it says no); {}", gate, tour.fix(Wrong::gate_outside)));
  tour.add("gate", Level::ok, fmt::format("{} answers no outsider", gate));
}

void check_look_alikes(Tour& tour) {
  const std::string query = tour.link.substr(tour.link.find('?'));
  const bool pages_too = from_twinlock(tour.at_pages);
  const auto all = look_alikes(tour);
  std::vector<std::string> open;
  for (const std::string& target : all)
    if (is_exempt(tour, tour.site.ask(target + query), pages_too)) open.push_back(target);
  if (open.empty())
    return tour.add("look-alikes", Level::ok, fmt::format("{} other spellings open nothing", all.size()));
  tour.add("look-alikes", Level::fail,
           fmt::format("open without a sign-in: {}; {}", some(open), tour.fix(Wrong::link_wide)));
}

}  // namespace twinlock::doctor
