// SPDX-License-Identifier: Apache-2.0
// The API over a real service in a world that the test owns, with a key of each scope, and callers that ask
// it.
#pragma once

#include <simdjson.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/api/api.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::api::test {

struct Seen {
  int status = 0;
  std::string head;
  std::string body;

  std::string header(const std::string& name) const;     // "" where it is not there
  std::string text(const std::string& member) const;     // of the body's object; "" where it is none
  std::int64_t number(const std::string& member) const;  // -1 where it is none
  bool null(const std::string& member) const;
  bool has(const std::string& member) const;
  std::string problem() const;  // the last word of the problem's type; "" where the body is none
};

// A request as a web server hands it over.
struct Call {
  std::string method = "GET";
  std::string path;  // undecoded, below /2fa/v1, a query too
  std::string body = {};
  std::string key = {};  // "": none is shown
  std::string content_type = "application/json";
};

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

void set(fastcgi::Request& request, const std::string& name, const std::string& value, bool repeated = false);
fastcgi::Request request_of(const Call& call);
Seen seen_from(const std::function<void(fastcgi::Reply)>& asked);  // the test fails where no answer comes

class Site {
 public:
  using Edit = std::function<void(config::Config&)>;
  explicit Site(Rules rules = {}, const Edit& edit = {}, std::string shared_secret = {});
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site();

  service::test::World& world() { return world_; }
  Api& api() { return *api_; }
  KeyWatch& watch() { return watch_; }
  const config::Config& config() const { return config_; }
  const std::string& keys_path() const { return keys_path_; }

  Seen ask(fastcgi::Request request);
  Seen get(const std::string& path);                               // with the application's key
  Seen post(const std::string& path, const std::string& body);     // with the application's key
  Seen operate(const std::string& path, const std::string& body);  // with the operator's key
  Seen inspect(const std::string& path);                           // GET with the operator's key

  // Turns `account` on (named as in a path); leaves the recovery code in `recovery_code`.
  service::test::Person enroll(const std::string& account, const std::string& email = "alice@example.org");
  std::string code(const service::test::Person& person) { return world_.code(person); }
  void next_step() { world_.pass_time(step_s); }

  std::string app_key, operator_key, recovery_code;
  std::vector<std::string> said;  // by the key watch

 private:
  config::Config config_;
  Folder folder_;
  std::string keys_path_;
  service::test::World world_;
  KeyWatch watch_;
  std::unique_ptr<Api> api_;
};

std::string code_body(const std::string& code);  // {"code":...}

}  // namespace twinlock::api::test
