// SPDX-License-Identifier: Apache-2.0
// The checks of `doctor --url`: what each needs of the others, and the checks themselves. Each says at least
// one line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/doctor/report.hpp"
#include "adapters/doctor/site.hpp"
#include "adapters/doctor/site_words.hpp"

namespace twinlock::doctor {

struct Tour {
  Site& site;
  Report& report;
  std::string path;                  // of the application
  Credentials account;               // a real test account; empty: none
  std::vector<std::string> aliases;  // that the directory may take for the same person
  std::string account_parameter;
  std::string secret_word;  // a name and a password that nobody has
  std::string link;         // a mailed link's path and query, for an account that nobody has
  WebServer server = WebServer::unknown;

  // What nobody in particular is answered, as check_site found it.
  Reply at_path;
  Reply at_pages;
  Reply at_link;

  std::string pages() const { return site.prefix() + "/"; }
  std::string fix(Wrong wrong) const { return advice(server, wrong, site.prefix()); }
  void add(std::string what, Level level, std::string finding);
};

// Returns false if no more checks make sense.
bool check_site(Tour& tour, bool insecure);
void check_server(Tour& tour, const std::string& web);
void check_link(Tour& tour);
void check_health(Tour& tour);
void check_application(Tour& tour);
void check_gate(Tour& tour);
void check_look_alikes(Tour& tour);

void check_password(Tour& tour);
void check_second_factor(Tour& tour);
void check_spellings(Tour& tour);
void check_forged(Tour& tour);  // two lines: for the application, and for Twinlock's pages

void check_plain_http(Tour& tour);
void check_cookies(Tour& tour);
void check_headers(Tour& tour);

// Returns the headers by which a browser may try to set `parameter` or REMOTE_USER.
std::vector<std::string> header_names(const std::string& parameter);

// Lists the first few names on one line.
std::string some(const std::vector<std::string>& all);

}  // namespace twinlock::doctor
