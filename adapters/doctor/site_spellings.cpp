// SPDX-License-Identifier: Apache-2.0
// Other spellings of the test account's name, with its password: whether the first sign-in takes them for one
// person where Twinlock sees several.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/console/printable.hpp"
#include "adapters/doctor/site_tour.hpp"
#include "adapters/text/ascii.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::doctor {

namespace {

// What directories do not tell apart. HTTP Basic can send all of these.
std::vector<std::string> spellings_of(const std::string& user) {
  std::string upper = user;
  std::ranges::transform(upper, upper.begin(), text::upper);
  std::string title = text::lowered(user);
  title.front() = text::upper(title.front());
  std::vector<std::string> all{upper,      text::lowered(user), title,          user + " ",
                               " " + user, user + "\u00A0",     user + "\u00AD"};
  // An accent on the first letter, if that is one of ASCII.
  if (text::first_character(user).bytes == 1) all.push_back(user.substr(0, 1) + "\u0301" + user.substr(1));
  std::vector<std::string> out;
  for (auto& name : all)
    if (name != user && std::ranges::find(out, name) == out.end()) out.push_back(std::move(name));
  return out;
}

}  // namespace

void check_spellings(Tour& tour) {
  constexpr const char* what = "spellings";
  if (tour.account.user.empty())
    return tour.add(what, Level::warn,
                    "not tried; name an account that is on with --user and --password-file");
  if (is_yes(tour.site.ask(tour.path, {.credentials = tour.account})))
    return tour.add(what, Level::warn,
                    fmt::format("not tried, as {} is let in without a pass; see above", tour.account.user));
  auto names = spellings_of(tour.account.user);
  names.insert(names.end(), tour.aliases.begin(), tour.aliases.end());
  const std::string prompt = tour.site.prefix() + "/challenge";
  const int own = tour.site.ask(prompt, {.credentials = tour.account}).status;
  std::vector<std::string> let_in;
  std::vector<std::string> refused;
  for (const auto& name : names) {
    const With as{.credentials = {name, tour.account.password}};
    const std::string shown = "'" + console::printable(name) + "'";
    if (is_yes(tour.site.ask(tour.path, as)))
      let_in.push_back(shown);
    else if (const Reply reply = tour.site.ask(prompt, as);
             from_twinlock(reply) && reply.status == 403 && own != 403)
      refused.push_back(shown);
  }
  if (!let_in.empty())
    return tour.add(
        what, Level::fail,
        fmt::format("with the password of {}, {} get in without a pass: the sign-in takes them for "
                    "one person, Twinlock for others; {}",
                    tour.account.user, some(let_in), tour.fix(Wrong::name_as_typed)));
  if (!refused.empty())
    return tour.add(
        what, Level::warn,
        fmt::format(
            "the sign-in takes {} for {}, and Twinlock, which is told what was typed, refuses them; {}",
            some(refused), tour.account.user, tour.fix(Wrong::name_as_typed)));
  tour.add(
      what, Level::ok,
      fmt::format("{} others of {} do not sign in, or as that account", names.size(), tour.account.user));
}

}  // namespace twinlock::doctor
