// SPDX-License-Identifier: Apache-2.0
#include "property_tests/support/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>

#include "adapters/http/response.hpp"
#include "adapters/text/encoding.hpp"
#include "property_tests/support/armour.hpp"

namespace twinlock::test {
namespace {

// The one answer without the headers that every other has.
constexpr std::string_view gate_yes = "Status: 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr auto answer_wait_max = std::chrono::seconds(20);

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::EncodedResponse> promise;
  void deliver(fastcgi::EncodedResponse answer) override { promise.set_value(std::move(answer)); }
};

reference::Bytes from_base32(const std::string& text) {
  reference::Bytes out;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    pending = pending << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::uint8_t>(pending >> bits));
  }
  return out;
}

std::string unescape(std::string text) {
  const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, plain] : entities) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, std::string_view(entity).size(), plain);
  }
  return text;
}

}  // namespace

std::vector<std::string> Seen::all(const std::string& header) const {
  std::vector<std::string> out;
  const std::string start = "\r\n" + header + ": ";
  for (auto at = head.find(start); at != std::string::npos; at = head.find(start, at + 1)) {
    const auto begin = at + start.size();
    out.push_back(head.substr(begin, head.find("\r\n", begin) - begin));
  }
  return out;
}

std::string Seen::header(const std::string& name) const {
  const auto found = all(name);
  return found.empty() ? std::string() : found.front();
}

Site::Site(Rules rules, const Edit& edit, std::string shared_secret) : world_("memory", rules) {
  config_.site.base_url = base_url;
  config_.site.issuer = "Example";
  config_.site.contact = "the help desk, room 12";
  config_.policy.required = rules.required;
  if (edit) edit(config_);
  world_.service().start();
  tools_ = std::make_unique<const http::Tools>(
      http::Tools{world_.service(), world_.keys(), config_, world_.environment(), std::move(shared_secret)});
  app_ = std::make_unique<pages::App>(*tools_);
  router_ = std::make_unique<daemon::Router>(*tools_, *app_);
}

Site::~Site() { world_.service().stop(); }

Seen Site::ask(fastcgi::Request request) {
  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  router_->handle(std::move(request), fastcgi::Reply(catcher));
  Seen seen;
  if (future.wait_for(answer_wait_max) != std::future_status::ready) {
    ADD_FAILURE() << "no answer came";
    return seen;
  }
  auto answer = future.get();
  EXPECT_TRUE(answer.head.starts_with("Status: ")) << answer.head;
  EXPECT_TRUE(answer.head.ends_with("\r\n\r\n"));
  EXPECT_LT(answer.head.size(), http::head_bytes_limit);
  if (answer.head != gate_yes) expect_armour(answer.head);
  seen.status = std::stoi(answer.head.substr(8, 3));
  seen.head = std::move(answer.head);
  seen.body = std::move(answer.body);
  return seen;
}

std::string Site::code(const std::string& key, int offset) {
  return reference::totp(from_base32(key), world_.environment().now / step_s + static_cast<Step>(offset));
}

std::string Site::wrong_code(const std::string& key) {
  std::string guess = "000000";
  while (guess == code(key, -1) || guess == code(key, 0) || guess == code(key, 1)) ++guess.back();
  return guess;
}

service::Look Site::look(std::string_view account) {
  const auto seen = world_.service().look(service::test::account_of(account));
  EXPECT_TRUE(seen.has_value());
  return seen.value_or(service::Look{});
}

std::string Site::link(std::string_view account) {
  const auto mails = world_.mails(service::test::account_of(account));
  for (auto mail = mails.rbegin(); mail != mails.rend(); ++mail) {
    if (const auto found = service::test::link_in(mail->message))
      return service::link_token(found->account, found->link);
  }
  ADD_FAILURE() << "no link was mailed";
  return {};
}

Browser::Browser(Site& site, std::string account, std::string email) : site_(site) {
  parameters["REMOTE_ADDR"] = "192.0.2.7";
  parameters["HTTP_ORIGIN"] = base_url;
  parameters["HTTP_SEC_FETCH_SITE"] = "same-origin";
  if (account.empty()) return;
  parameters["TWINLOCK_ACCOUNT"] = std::move(account);
  parameters["TWINLOCK_EMAIL"] = std::move(email);
}

fastcgi::Request Browser::request(std::string_view method, const std::string& path) const {
  fastcgi::Request out;
  for (const auto& [name, value] : parameters) set(out, name, value);
  set(out, "REQUEST_METHOD", std::string(method));
  set(out, "SCRIPT_NAME", path);
  for (const auto& [name, value] : cookies) out.cookies.push_back({name, value});
  return out;
}

fastcgi::Request Browser::form_request(const std::string& path, const Fields& fields) const {
  Fields all;
  for (const char* name : {"form", "token"}) {
    const bool given =
        std::any_of(fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; });
    if (const std::string value = hidden(path, name); !value.empty() && !given) all.emplace_back(name, value);
  }
  all.insert(all.end(), fields.begin(), fields.end());
  if (const std::string next = hidden(path, "next"); !next.empty()) all.emplace_back("next", next);
  fastcgi::Request out = request("POST", path);
  set(out, "CONTENT_TYPE", "application/x-www-form-urlencoded");
  out.body = form_encoded(all);
  return out;
}

Seen Browser::send(fastcgi::Request request) {
  page = site_.ask(std::move(request));
  for (const std::string& line : page.all("Set-Cookie")) {
    const auto equals = line.find('=');
    const std::string name = line.substr(0, equals);
    cookies[name] = line.substr(equals + 1, line.find(';') - equals - 1);
    if (line.ends_with("Max-Age=0")) cookies.erase(name);
  }
  return page;
}

Seen Browser::get(const std::string& path, const std::string& query) {
  fastcgi::Request out = request("GET", path);
  set(out, "QUERY_STRING", query);
  return send(std::move(out));
}

Seen Browser::post(const std::string& path, const Fields& fields) { return send(form_request(path, fields)); }

Seen Browser::gate() { return site_.ask(request("GET", "/2fa/gate")); }

std::string Browser::enroll() {
  get("/2fa/enroll");
  if (post("/2fa/enroll").status != 303) return {};
  get("/2fa/enroll");
  const std::string key = text_of(page.body, "key");
  EXPECT_EQ(post("/2fa/enroll/confirm", {{"code", site_.code(key)}}).status, 200);
  recovery_code = text_of(page.body, "recovery");
  return key;
}

std::string Browser::hidden(const std::string& path, const std::string& name) const {
  const auto form = page.body.find("action=\"" + path + "\"");
  if (form == std::string::npos) return {};
  const std::string inside = page.body.substr(form, page.body.find("</form>", form) - form);
  const std::string start = "name=\"" + name + "\" value=\"";
  const auto at = inside.find(start);
  if (at == std::string::npos) return {};
  const auto begin = at + start.size();
  return unescape(inside.substr(begin, inside.find('"', begin) - begin));
}

std::string Browser::cookie(std::string_view kind) const {
  for (const auto& [name, value] : cookies) {
    if (name.find("twinlock-" + std::string(kind)) != std::string::npos) return value;
  }
  return {};
}

std::string form_encoded(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += text::percent_encode(name) + "=" + text::percent_encode(value);
  }
  return out;
}

std::string text_of(const std::string& html, std::string_view id) {
  const auto at = html.find("id=\"" + std::string(id) + "\"");
  if (at == std::string::npos) return {};
  const auto begin = html.find('>', at) + 1;
  return unescape(html.substr(begin, html.find('<', begin) - begin));
}

void set(fastcgi::Request& request, const std::string& name, const std::string& value, bool repeated) {
  for (auto& parameter : request.parameters) {
    if (parameter.name != name) continue;
    parameter = {name, value, repeated};
    return;
  }
  request.parameters.push_back({name, value, repeated});
}

}  // namespace twinlock::test
