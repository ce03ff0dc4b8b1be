// SPDX-License-Identifier: Apache-2.0
// What the site answers to false passwords and forged names; and to a real account without a pass.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/doctor/site_tour.hpp"
#include "adapters/text/ascii.hpp"

namespace twinlock::doctor {

namespace {

constexpr const char* nobody_basic = "Authorization: Basic Og==";  // an empty name, an empty password
constexpr std::size_t account_bytes_over = 200;  // more than an account may have: Twinlock answers 400 to it

// "TWINLOCK_ACCOUNT" as "Twinlock-Account" (or another sign between the words).
std::string as_header(std::string_view parameter, char between) {
  std::string out;
  bool first = true;
  for (const char c : parameter) {
    out += c == '_' ? between : first ? text::upper(c) : text::lower(c);
    first = c == '_';
  }
  return out;
}

// Credentials that are nobody's; with a test account, its name with another password too.
std::vector<With> false_credentials(const Tour& tour) {
  std::vector<With> ways{{.credentials = {tour.secret_word, tour.secret_word}},
                         {.credentials = {tour.secret_word, ""}},
                         {.headers = {nobody_basic}}};
  if (!tour.account.user.empty()) ways.push_back({.credentials = {tour.account.user, tour.secret_word}});
  return ways;
}

// How the site treats the real account: with it, a name that replaces its own shows.
struct Person {
  bool is_there = false;
  Reply at_path;
  Reply at_pages;
};

bool counts_at_application(Tour& tour, const Person& person, const std::string& name) {
  const std::string forged = name + ": " + tour.secret_word;
  const std::string too_long = name + ": " + std::string(account_bytes_over, 'x');
  if (!believed(tour.site, tour.at_path) &&
      believed(tour.site, tour.site.ask(tour.path, {.headers = {forged}})))
    return true;
  if (!person.is_there) return false;
  if (!is_yes(person.at_path))
    return is_yes(tour.site.ask(tour.path, {.headers = {forged}, .credentials = tour.account}));
  return !is_yes(tour.site.ask(tour.path, {.headers = {too_long}, .credentials = tour.account}));
}

bool counts_at_pages(Tour& tour, const Person& person, const std::string& name) {
  const std::string forged = name + ": " + tour.secret_word;
  const std::string too_long = name + ": " + std::string(account_bytes_over, 'x');
  if (!believed(tour.site, tour.at_pages) &&
      believed(tour.site, tour.site.ask(tour.pages(), {.headers = {forged}})))
    return true;
  const auto is_refused = [](const Reply& reply, const Reply& without) {
    return from_twinlock(reply) && reply.status == 400 && without.status != 400;
  };
  if (is_refused(tour.site.ask(tour.link, {.headers = {too_long}}), tour.at_link)) return true;
  return person.is_there &&
         is_refused(tour.site.ask(tour.pages(), {.headers = {too_long}, .credentials = tour.account}),
                    person.at_pages);
}

void tell_forged(Tour& tour, const char* what, const std::string& where, std::size_t tried,
                 const std::vector<std::string>& counted) {
  if (counted.empty())
    return tour.add(what, Level::ok,
                    fmt::format("{}: {} headers that claim a name count for nothing", where, tried));
  tour.add(what, Level::fail,
           fmt::format("{}: who sends {} is taken for whom it names; {}", where, some(counted),
                       tour.fix(Wrong::name_from_header)));
}

enum class Standing : std::uint8_t { unknown, off, needs_code, must_enroll };

// What Twinlock's prompt tells of the account; unknown: said already.
Standing standing_of(Tour& tour) {
  const std::string prompt = tour.site.prefix() + "/challenge";
  const Reply reply = tour.site.ask(prompt, {.credentials = tour.account});
  if (!from_twinlock(reply) && (reply.status == 401 || reply.status == 403)) {
    tour.add("second factor", Level::fail,
             fmt::format("{} is not let in ({}); correct --user, or the file of --password-file",
                         tour.account.user, said(reply)));
    return Standing::unknown;
  }
  if (!from_twinlock(reply) || reply.status == 503 || reply.status == 401) {
    const Wrong wrong =
        from_twinlock(reply) && reply.status == 401 ? Wrong::name_missing : Wrong::twinlock_unreached;
    tour.add("second factor", Level::fail, fmt::format("{}: {}; {}", prompt, said(reply), tour.fix(wrong)));
    return Standing::unknown;
  }
  if (!is_redirect(reply)) return Standing::needs_code;
  const bool enroll = redirect_path(tour.site, reply).starts_with(tour.site.prefix() + "/enroll");
  return enroll ? Standing::must_enroll : Standing::off;
}

void tell_off(Tour& tour, const Reply& reply) {
  const std::string& who = tour.account.user;
  if (is_yes(reply))
    return tour.add(
        "second factor", Level::warn,
        fmt::format("{} has none, so that the password alone opens {}; to see the gate refuse, name an "
                    "account that is on",
                    who, tour.path));
  if (reply.status == 404)
    return tour.add(
        "second factor", Level::warn,
        fmt::format("{} is not there (404); name a path that the application serves with --path", tour.path));
  tour.add("second factor", Level::fail,
           fmt::format("{} has none and is refused at {} all the same ({}); {}", who, tour.path, said(reply),
                       tour.fix(Wrong::name_missing)));
}

void tell_on(Tour& tour, const Reply& reply) {
  const std::string& who = tour.account.user;
  std::vector<std::string> ways;
  if (is_yes(reply)) ways.push_back("GET " + tour.path);
  for (const char* method : {"HEAD", "TWINLOCK"})
    if (is_yes(tour.site.ask(tour.path, {.method = method, .credentials = tour.account})))
      ways.push_back(std::string(method) + " " + tour.path);
  for (const std::string& other : {"/" + tour.path, "/." + tour.path, tour.site.prefix() + "/.." + tour.path})
    if (is_yes(tour.site.ask(other, {.credentials = tour.account}))) ways.push_back("GET " + other);
  if (!ways.empty())
    return tour.add(
        "second factor", Level::fail,
        fmt::format("{} is let in without a pass ({}); {}", who, some(ways), tour.fix(Wrong::gate_missing)));
  if (reply.status == 0 || reply.status >= 500 || reply.status == 401) {
    const Wrong wrong = reply.status == 401 ? Wrong::name_missing : Wrong::twinlock_unreached;
    return tour.add("second factor", Level::fail,
                    fmt::format("{}: {}; {}", tour.path, said(reply), tour.fix(wrong)));
  }
  if (!redirect_path(tour.site, reply).starts_with(tour.site.prefix() + "/"))
    return tour.add("second factor", Level::warn,
                    fmt::format("{} is refused without a pass, but not led to the prompt ({}); {}", who,
                                said(reply), tour.fix(Wrong::prompt_missing)));
  tour.add("second factor", Level::ok, fmt::format("{} is refused without a pass ({})", who, said(reply)));
}

}  // namespace

std::vector<std::string> header_names(const std::string& parameter) {
  std::vector<std::string> names;
  for (const std::string& p : {parameter, std::string("REMOTE_USER")}) {
    const std::string dashed = as_header(p, '-');
    for (std::string name : {dashed, p, as_header(p, '_'), "X-" + dashed, "HTTP_" + p, "Http-" + dashed})
      if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  for (const char* name :
       {"X-Forwarded-User", "X-Authenticated-User", "X-Auth-Request-User", "X-WebAuth-User", "Auth-User"})
    names.emplace_back(name);
  return names;
}

void check_password(Tour& tour) {
  for (const With& way : false_credentials(tour)) {
    for (const auto& [target, without] :
         {std::pair(tour.path, &tour.at_path), std::pair(tour.pages(), &tour.at_pages)}) {
      if (believed(tour.site, *without)) continue;  // it is open to anybody: said elsewhere
      const Reply reply = tour.site.ask(target, way);
      if (!believed(tour.site, reply)) continue;
      return tour.add("password", Level::fail,
                      fmt::format("{} lets a false password in ({}); {}", target, said(reply),
                                  tour.fix(Wrong::password_unchecked)));
    }
  }
  tour.add("password", Level::ok, "false ones are refused");
}

void check_second_factor(Tour& tour) {
  if (tour.account.user.empty())
    return tour.add("second factor", Level::warn,
                    "not tried; name an account that is on with --user and --password-file");
  const Standing standing = standing_of(tour);
  if (standing == Standing::unknown) return;
  const Reply reply = tour.site.ask(tour.path, {.credentials = tour.account});
  return standing == Standing::off ? tell_off(tour, reply) : tell_on(tour, reply);
}

void check_forged(Tour& tour) {
  Person person;
  if (!tour.account.user.empty()) {
    person.at_path = tour.site.ask(tour.path, {.credentials = tour.account});
    person.at_pages = tour.site.ask(tour.pages(), {.credentials = tour.account});
    person.is_there = from_twinlock(person.at_pages);
  }
  const auto names = header_names(tour.account_parameter);
  std::vector<std::string> at_application, at_pages;
  for (const std::string& name : names) {
    if (counts_at_application(tour, person, name)) at_application.push_back(name);
    if (counts_at_pages(tour, person, name)) at_pages.push_back(name);
  }
  tell_forged(tour, "forged name", tour.path, names.size(), at_application);
  tell_forged(tour, "account", tour.pages(), names.size(), at_pages);
}

}  // namespace twinlock::doctor
