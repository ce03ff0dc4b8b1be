// SPDX-License-Identifier: Apache-2.0
// Checks an installation, or a live site from outside, and changes nothing. Both print their findings and
// return the exit code: 0 all ok, 1 something to look at, 2 something is broken, or usage.
#pragma once

#include <string>
#include <vector>

#include "adapters/console/session.hpp"

namespace twinlock::doctor {

// Looks at this machine's installation: clock, permissions, keys, database, server and mail.
int check_installation(const console::Common& common);

struct SiteOptions {
  std::string url;  // http(s)://host[:port]
  std::string path = "/";
  std::string user;  // a test account; "": none
  std::string password_file;
  std::vector<std::string> aliases;  // tried with the password of `user`
  std::string ca_file;
  bool insecure = false;
  std::string web_config;  // what `nginx -T` prints: a file, or "-" for standard input
  std::string web;         // the web server's name; "": as the header Server has it
};
// Looks at a live site from outside.
int check_live_site(const console::Common& common, const SiteOptions& options);

// Looks at options.web_config: which locations are served without the gate.
int check_web_config(const console::Common& common, const SiteOptions& options);

}  // namespace twinlock::doctor
