// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/api/api_site.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "adapters/api/target.hpp"
#include "adapters/http/response.hpp"
#include "adapters/text/encoding.hpp"
#include "property_tests/support/armour.hpp"

namespace twinlock::api::test {
namespace {

constexpr auto answer_wait_max = std::chrono::seconds(20);

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::EncodedResponse> promise;
  void deliver(fastcgi::EncodedResponse answer) override { promise.set_value(std::move(answer)); }
};

std::string added(const std::string& path, Scope scope, service::Environment& environment) {
  const auto made = add_api_key(path, scope, "", environment);
  EXPECT_TRUE(made) << made.error();
  return made ? made->key : std::string();
}

reference::Bytes from_base32(const std::string& text) {
  reference::Bytes out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    pending = pending << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(pending >> bits));
  }
  return out;
}

}  // namespace

std::string Seen::header(const std::string& name) const {
  const std::string start = "\r\n" + name + ": ";
  const auto at = head.find(start);
  if (at == std::string::npos) return {};
  const auto begin = at + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string Seen::text(const std::string& member) const {
  simdjson::dom::parser parser;
  std::string_view value;
  if (parser.parse(body)[member].get(value) != simdjson::SUCCESS) return {};
  return std::string(value);
}

std::int64_t Seen::number(const std::string& member) const {
  simdjson::dom::parser parser;
  std::int64_t value = -1;
  if (parser.parse(body)[member].get(value) != simdjson::SUCCESS) return -1;
  return value;
}

bool Seen::null(const std::string& member) const {
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  return parser.parse(body)[member].get(value) == simdjson::SUCCESS && value.is_null();
}

bool Seen::has(const std::string& member) const {
  simdjson::dom::parser parser;
  return parser.parse(body)[member].error() == simdjson::SUCCESS;
}

std::string Seen::problem() const {
  if (header("Content-Type") != "application/problem+json") return {};
  EXPECT_EQ(number("status"), status) << body;
  EXPECT_NE(text("title"), "") << body;
  EXPECT_NE(text("detail"), "") << body;
  const std::string type = text("type");
  EXPECT_TRUE(type.starts_with("urn:twinlock:problem:")) << body;
  return type.substr(type.rfind(':') + 1);
}

Folder::Folder() {
  std::string name = std::filesystem::temp_directory_path() / "twinlock-api-XXXXXX";
  path_ = ::mkdtemp(name.data());
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

void set(fastcgi::Request& request, const std::string& name, const std::string& value, bool repeated) {
  std::erase_if(request.parameters, [&name](const auto& parameter) { return parameter.name == name; });
  request.parameters.push_back({name, value, repeated});
}

fastcgi::Request request_of(const Call& call) {
  fastcgi::Request request;
  const std::string target = "/2fa/v1" + call.path;
  const auto question = target.find('?');
  set(request, "REQUEST_METHOD", call.method);
  set(request, "REQUEST_URI", target);
  set(request, "SCRIPT_NAME", text::percent_decode(target.substr(0, question)).value_or(target));
  if (question != std::string::npos) set(request, "QUERY_STRING", target.substr(question + 1));
  if (!call.key.empty()) set(request, "HTTP_AUTHORIZATION", "Bearer " + call.key);
  if (!call.content_type.empty()) set(request, "CONTENT_TYPE", call.content_type);
  request.body = call.body;
  return request;
}

Seen seen_from(const std::function<void(fastcgi::Reply)>& asked) {
  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  asked(fastcgi::Reply(catcher));
  Seen seen;
  if (future.wait_for(answer_wait_max) != std::future_status::ready) {
    ADD_FAILURE() << "no answer came";
    return seen;
  }
  auto answer = future.get();
  EXPECT_TRUE(answer.head.starts_with("Status: ")) << answer.head;
  EXPECT_TRUE(answer.head.ends_with("\r\n\r\n"));
  EXPECT_LT(answer.head.size(), http::head_bytes_limit);
  seen.status = std::stoi(answer.head.substr(8, 3));
  seen.head = std::move(answer.head);
  seen.body = std::move(answer.body);
  twinlock::test::expect_armour(seen.head);
  return seen;
}

Site::Site(Rules rules, const Edit& edit, std::string shared_secret)
    : keys_path_(folder_ / "twinlock.api_keys"),
      world_("memory", rules),
      watch_(keys_path_, [this](const std::string& line) { said.push_back(line); }) {
  config_.site.base_url = "https://login.example.org";
  config_.site.issuer = "Example";
  if (edit) edit(config_);
  app_key = added(keys_path_, Scope::application, world_.environment());
  operator_key = added(keys_path_, Scope::operators, world_.environment());
  world_.service().start();
  api_ = std::make_unique<Api>(
      world_.service(), world_.store(), config_, watch_, [] { return std::string("counted 1\n"); },
      std::move(shared_secret));
}

Site::~Site() { world_.service().stop(); }

Seen Site::ask(fastcgi::Request request) {
  return seen_from([&](fastcgi::Reply reply) { api_->handle(std::move(request), std::move(reply)); });
}

Seen Site::get(const std::string& path) { return ask(request_of({"GET", path, {}, app_key})); }

Seen Site::post(const std::string& path, const std::string& body) {
  return ask(request_of({"POST", path, body, app_key}));
}

Seen Site::operate(const std::string& path, const std::string& body) {
  return ask(request_of({"POST", path, body, operator_key}));
}

Seen Site::inspect(const std::string& path) { return ask(request_of({"GET", path, {}, operator_key})); }

service::test::Person Site::enroll(const std::string& account, const std::string& email) {
  service::test::Person person{service::test::account_of(text::percent_decode(account).value()), {}};
  const Seen begun = post("/accounts/" + account + "/enrollment", R"({"email":")" + email + "\"}");
  EXPECT_EQ(begun.status, 201) << begun.body;
  person.secret = from_base32(begun.text("secret"));
  const Seen confirmed =
      post("/accounts/" + account + "/enrollment/confirm",
           R"({"enrollment_id":")" + begun.text("enrollment_id") + R"(","code":")" + code(person) + "\"}");
  EXPECT_EQ(confirmed.status, 200) << confirmed.body;
  recovery_code = confirmed.text("recovery_code");
  next_step();
  return person;
}

std::string code_body(const std::string& code) { return R"({"code":")" + code + "\"}"; }

}  // namespace twinlock::api::test
