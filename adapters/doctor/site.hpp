// SPDX-License-Identifier: Apache-2.0
// Sends doctor's requests to a live site from outside, and reads what the answers give away.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/console/output.hpp"
#include "adapters/doctor/prober.hpp"
#include "adapters/probe/wire.hpp"

namespace twinlock::doctor {

// http(s)://host[:port], without a path.
struct SiteUrl {
  std::string origin;  // as it was given, without a slash at its end
  bool tls = false;
  bool has_port = false;
  bool loopback = false;  // localhost, 127.x.x.x, [::1]

  // The error is one line that says what to do.
  static tl::expected<SiteUrl, std::string> from(const std::string& text);
};

struct Credentials {
  std::string user;
  std::string password;
};

// What else a request is to have.
struct With {
  std::string method = "GET";
  std::vector<std::string> headers = {};  // "Name: value"
  Credentials credentials = {};           // empty: none
};

using probe::Reply;

class Site {
 public:
  Site(Prober prober, SiteUrl url, std::string prefix, bool quiet);

  const SiteUrl& url() const { return url_; }
  const std::string& prefix() const { return prefix_; }

  // `target` begins with a slash and is sent as it is.
  Reply ask(const std::string& target, const With& with = {});
  Reply ask_url(const std::string& url, const With& with = {});

  void pause();  // takes the count of requests off the terminal, before something is printed

 private:
  Prober prober_;
  SiteUrl url_;
  std::string prefix_;
  bool quiet_;
  std::optional<console::Progress> progress_;
};

// The value of a header, "" without one; `name` in lower case. Of several, the last.
std::string_view header(const Reply& reply, std::string_view name);

bool is_yes(const Reply& reply);       // 2xx
bool is_redirect(const Reply& reply);  // 3xx with a Location
// Where a redirect leads on the site itself: the path and query; "": elsewhere, or it is none.
std::string redirect_path(const Site& site, const Reply& reply);

// Returns whether Twinlock wrote this answer, not a web server in its place.
bool from_twinlock(const Reply& reply);
// Returns whether Twinlock took somebody as signed in: a page for an account, or a redirect to one.
bool believed(const Site& site, const Reply& reply);

std::string said(const Reply& reply);  // "401", "303 to /2fa/challenge", "no answer (timed out)"

}  // namespace twinlock::doctor
