// SPDX-License-Identifier: Apache-2.0
// doctor --web-config: what the web server's own configuration serves without the gate.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "adapters/console/output.hpp"
#include "adapters/doctor/doctor.hpp"
#include "adapters/doctor/report.hpp"
#include "adapters/doctor/web_config.hpp"

namespace twinlock::doctor {

using namespace console;

namespace {

// One byte more than is read, so that too much is noticed; nothing: it cannot be opened.
std::optional<std::string> read_text(const std::string& file) {
  std::string text(web_config_bytes_max + 1, '\0');
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  if (!in) return std::nullopt;
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string prefix_of(const Common& common) {
  const std::string file = common.config_file.empty() ? config::usual_file() : common.config_file;
  if (file.empty()) return config::Config{}.site.prefix;
  const auto known = config::load(file);
  return known ? known->site.prefix : config::Config{}.site.prefix;
}

void add(Report& report, const Location& location, const std::string& prefix) {
  const std::string what = location.name.empty() ? "files of the server" : "location " + location.name;
  const std::string where = fmt::format("{} ({})", location.server, location.place);
  switch (location.served) {
    case Served::gated:
      return report.add(what, Level::ok, where);
    case Served::open:
      return report.add(what, Level::warn,
                        where +
                            ": open to everybody; if that is not meant, take out `auth_basic off;` and "
                            "`auth_request off;`");
    case Served::any:
      return report.add(
          what, Level::fail,
          where + ": `satisfy any` lets a person in by one condition alone; write `satisfy all;`");
    case Served::ungated:
      return report.add(
          what, Level::fail,
          fmt::format("{}: served without the gate; write `auth_request {}/gate;` into its server", where,
                      prefix));
  }
}

}  // namespace

int check_web_config(const Common& common, const SiteOptions& options) {
  const std::string& file = options.web_config;
  const auto refuse = [](const std::string& reason) {
    complain(reason);
    return int{exit_configuration};
  };
  const auto text = read_text(file);
  if (!text)
    return refuse(file + " cannot be read; name a file with what `nginx -T` prints, or - for standard input");
  const auto all = read_nginx(*text);
  if (!all)
    return refuse(fmt::format("{}: {}; `nginx -t` says whether nginx can read it", file, all.error()));
  const std::string prefix = prefix_of(common);
  const NginxSite site = look_at_nginx(*all, prefix);
  Report report(common.json);
  if (site.gated || !site.locations.empty())
    report.add("gate", site.gated ? Level::ok : Level::fail,
               site.gated ? prefix + "/gate is asked"
                          : fmt::format("no location asks {}/gate; take docs/recipes/nginx.conf", prefix));
  else
    return refuse(file + ": it has no server that serves anything; is it what `nginx -T` prints?");
  for (const Location& location : site.locations) add(report, location, prefix);
  return report.finish();
}

}  // namespace twinlock::doctor
