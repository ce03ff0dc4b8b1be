// SPDX-License-Identifier: Apache-2.0
// doctor --url: a live site, tried from outside with false credentials and forged names.
#include <fmt/format.h>

#include <array>

#include "adapters/console/output.hpp"
#include "adapters/doctor/doctor.hpp"
#include "adapters/doctor/report.hpp"
#include "adapters/doctor/site.hpp"
#include "adapters/doctor/site_tour.hpp"
#include "adapters/system/private_file.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::doctor {

using namespace console;

namespace {

using Refused = tl::unexpected<Refusal>;

Refused usage(std::string reason) { return Refused(Refusal{exit_configuration, std::move(reason)}); }

tl::expected<Credentials, Refusal> account_of(const SiteOptions& options) {
  if (options.user.empty()) return Credentials{};
  auto password = system::read_secret(options.password_file, 1);
  if (!password) return usage("--password-file: " + password.error());
  if (options.user.find(':') != std::string::npos)
    return usage("--user must not contain a colon, since HTTP sign-in cannot send one; name another account");
  return Credentials{options.user, std::move(*password)};
}

tl::expected<SiteUrl, Refusal> url_of(const SiteOptions& options) {
  auto url = SiteUrl::from(options.url);
  if (!url) return usage(url.error());
  if (options.insecure && !url->loopback)
    return usage(
        "--insecure works for addresses of this machine only; for other sites name the certificate authority "
        "with --ca-file");
  const bool plain = options.path.starts_with('/') && options.path.find_first_of("?# ") == std::string::npos;
  if (!plain)
    return usage(
        "--path must be a path of the application, such as / or /somewhere, without ?, # and blanks");
  return std::move(*url);
}

tl::expected<Prober, Refusal> prober_of(const SiteOptions& options) {
  std::vector<std::string> words;
  if (!options.ca_file.empty()) words = {"--ca-file", options.ca_file};
  if (options.insecure) words.emplace_back("--insecure");
  auto prober = Prober::start(words);
  if (!prober) return Refused(Refusal{exit_refused, prober.error()});
  return std::move(*prober);
}

// The configuration tells the prefix and the name of the account's parameter. Elsewhere than on the site's
// machine there is none, and the usual ones are taken.
config::Config known_config(Report& report, const Common& common, const std::string& origin) {
  const std::string file = common.config_file.empty() ? config::usual_file() : common.config_file;
  if (file.empty()) {
    report.add("configuration", Level::ok, "none on this machine; using the default prefix and parameters");
    return {};
  }
  auto config = config::load(file);
  if (!config) {
    report.add("configuration", Level::warn,
               config.error() + "; using the default prefix and parameters meanwhile");
    return {};
  }
  if (config->site.base_url == origin)
    report.add("configuration", Level::ok, file);
  else
    report.add("configuration", Level::fail,
               fmt::format("{} says base_url = \"{}\", so forms sent from {} are refused; correct base_url "
                           "there, or --url here",
                           file, config->site.base_url, origin));
  return std::move(*config);
}

// A name, and a link for it, that nobody has: 128 random bits.
tl::expected<std::pair<std::string, std::string>, Refusal> invented(const std::string& prefix) {
  service::SystemEnvironment environment;
  Token random{};
  if (!environment.random(random.b))
    return Refused(Refusal{exit_refused, "the system gave no random bytes; try again"});
  const std::string word = "twinlock-doctor-" + text::to_hex(random.b);
  const auto other = store::Account::from(word + "-link");
  return std::pair(word, prefix + "/recover/confirm?token=" + service::link_token(*other, random));
}

}  // namespace

int check_live_site(const Common& common, const SiteOptions& options) {
  const auto refuse = [](const Refusal& refusal) {
    complain(refusal.reason);
    return refusal.code;
  };
  auto url = url_of(options);
  if (!url) return refuse(url.error());
  auto account = account_of(options);
  if (!account) return refuse(account.error());
  auto prober = prober_of(options);
  if (!prober) return refuse(prober.error());
  Report report(common.json);
  const config::Config config = known_config(report, common, url->origin);
  const auto invention = invented(config.site.prefix);
  if (!invention) return refuse(invention.error());
  Site site(std::move(*prober), std::move(*url), config.site.prefix, common.json);
  Tour tour{.site = site,
            .report = report,
            .path = options.path,
            .account = std::move(*account),
            .aliases = options.aliases,
            .account_parameter = config.host.account,
            .secret_word = invention->first,
            .link = invention->second,
            .at_path = {},
            .at_pages = {},
            .at_link = {}};
  if (!check_site(tour, options.insecure)) return report.finish();
  check_server(tour, options.web);
  for (const auto check :
       {check_link, check_health, check_application, check_password, check_second_factor, check_spellings,
        check_forged, check_gate, check_look_alikes, check_plain_http, check_cookies, check_headers})
    check(tour);
  return report.finish();
}

}  // namespace twinlock::doctor
