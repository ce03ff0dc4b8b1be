// SPDX-License-Identifier: Apache-2.0
// Gate and pages over a real service in a world that the test owns, and browsers that visit them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/daemon/router.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::test {

inline constexpr std::string_view base_url = "https://login.example.org";

struct Seen {
  int status = 0;
  std::string head;
  std::string body;

  std::vector<std::string> all(const std::string& header) const;
  std::string header(const std::string& name) const;  // "" where it is not there
  bool says(std::string_view text) const { return body.find(text) != std::string::npos; }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

class Site {
 public:
  using Edit = std::function<void(config::Config&)>;
  explicit Site(Rules rules = {}, const Edit& edit = {}, std::string shared_secret = {});
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site();

  service::test::World& world() { return world_; }
  pages::App& app() { return *app_; }
  const config::Config& config() const { return config_; }

  Seen ask(fastcgi::Request request);  // the test fails where no answer comes
  std::string code(const std::string& key, int offset = 0);
  std::string wrong_code(const std::string& key);
  void next_step() { world_.pass_time(step_s); }
  service::Look look(std::string_view account);
  std::string link(std::string_view account);  // the token of the newest link mailed

 private:
  config::Config config_;
  service::test::World world_;
  std::unique_ptr<const http::Tools> tools_;
  std::unique_ptr<pages::App> app_;
  std::unique_ptr<daemon::Router> router_;
};

// A browser of somebody who is signed in as `account` with the web server ("": nobody).
class Browser {
 public:
  Browser(Site& site, std::string account, std::string email = "alice@example.org");

  Seen get(const std::string& path, const std::string& query = {});
  // Sends the form of the page last seen that posts to `path`, with its hidden fields and `fields` beside
  // them.
  Seen post(const std::string& path, const Fields& fields = {});
  Seen gate();

  fastcgi::Request request(std::string_view method, const std::string& path) const;
  fastcgi::Request form_request(const std::string& path, const Fields& fields = {}) const;
  Seen send(fastcgi::Request request);  // keeps cookies and page

  // Turns the second factor on; returns the key as text and leaves the recovery code in `recovery_code`.
  std::string enroll();
  std::string hidden(const std::string& path,
                     const std::string& name) const;  // of a form of the page last seen
  std::string cookie(std::string_view kind) const;    // by a part of its name

  std::map<std::string, std::string> cookies;
  std::map<std::string, std::string> parameters;
  std::string recovery_code;
  Seen page;

 private:
  Site& site_;
};

std::string form_encoded(const Fields& fields);
std::string text_of(const std::string& html, std::string_view id);  // the text of the element with this id
void set(fastcgi::Request& request, const std::string& name, const std::string& value, bool repeated = false);

}  // namespace twinlock::test
