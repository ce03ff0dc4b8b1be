// SPDX-License-Identifier: Apache-2.0
// spec 11's rows of HTTP, and the proofs that a form needs.
#include <gtest/gtest.h>

#include <chrono>

#include "adapters/pages/form_token.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class BadInput : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  std::string key;

  void SetUp() override {
    key = alice.enroll();
    site.next_step();
    alice.get("/2fa/disable");
  }
  fastcgi::Request disable(const std::string& code = "000000") {
    return alice.form_request("/2fa/disable", {{"code", code}});
  }
  int status(fastcgi::Request request) { return site.ask(std::move(request)).status; }
};

TEST_F(BadInput, TheTestsOwnRequestIsGood) { EXPECT_EQ(status(disable(site.code(key))), 303); }

TEST_F(BadInput, WhatTheServerReadPast) {
  for (const auto& [fault, expected] : {std::pair(fastcgi::RequestFault::body_too_large, 413),
                                        {fastcgi::RequestFault::parameters_too_large, 431},
                                        {fastcgi::RequestFault::malformed, 400}}) {
    auto request = disable(site.code(key));
    request.fault = fault;
    EXPECT_EQ(status(std::move(request)), expected);
  }
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(BadInput, FieldsAreNamed) {
  for (const auto& [body, field] :
       {std::pair("form=1&admin=1", "admin"), {"code=1&code=2", "code"}, {"code=%zz", "code"}}) {
    auto request = disable();
    request.body = body;
    const auto seen = site.ask(std::move(request));
    EXPECT_EQ(seen.status, 400) << body;
    EXPECT_TRUE(seen.says("the field “" + std::string(field) + "”")) << body;
  }
}

TEST_F(BadInput, QueriesAreReadAsStrictly) {
  EXPECT_EQ(alice.get("/2fa/", "utm=1").status, 400);
  EXPECT_EQ(alice.get("/2fa/challenge", "x=1&next=/club/").status, 400);
  EXPECT_EQ(alice.get("/2fa/recover/confirm", "token=a&token=b").status, 400);
  auto request = disable();
  set(request, "QUERY_STRING", "code=123456");
  EXPECT_EQ(status(std::move(request)), 400);
}

TEST_F(BadInput, ContentType) {
  auto request = disable();
  set(request, "CONTENT_TYPE", "application/json");
  EXPECT_EQ(status(std::move(request)), 415);
}

TEST_F(BadInput, Methods) {
  for (const auto& [path, allow] : {std::pair("/2fa/", "GET, HEAD"),
                                    {"/2fa/disable", "GET, HEAD, POST"},
                                    {"/2fa/sign-out", "POST"},
                                    {"/2fa/health", "GET, HEAD"},
                                    {"/2fa/style.css", "GET, HEAD"}}) {
    const auto seen = site.ask(alice.request("DELETE", path));
    EXPECT_EQ(seen.status, 405) << path;
    EXPECT_EQ(seen.header("Allow"), allow) << path;
  }
  EXPECT_EQ(status(alice.request("GET", "/2fa/sign-out")), 405);
}

TEST_F(BadInput, UnknownPages) {
  EXPECT_EQ(status(alice.request("GET", "/2fa/nothing")), 404);
  EXPECT_EQ(status(alice.request("GET", "/2fa/challenge/")), 404);
  EXPECT_EQ(status(alice.request("GET", "/elsewhere")), 404);
  EXPECT_EQ(site.ask(alice.request("GET", "/2fa")).header("Location"), "/2fa/");
}

TEST_F(BadInput, WithoutAnAccountOnlyHealthAndTheLinkWork) {
  Browser nobody(site, "");
  for (const char* path :
       {"/2fa/", "/2fa/enroll", "/2fa/challenge", "/2fa/disable", "/2fa/recovery-code", "/2fa/recover"})
    EXPECT_EQ(nobody.get(path).status, 401) << path;
  EXPECT_EQ(nobody.get("/2fa/health").status, 200);
  EXPECT_EQ(nobody.get("/2fa/recover/confirm", "token=x").status, 400);
  nobody.parameters["HTTP_TWINLOCK_ACCOUNT"] = "alice";
  nobody.parameters["REMOTE_USER"] = "alice";
  EXPECT_EQ(nobody.get("/2fa/").status, 401);
}

TEST_F(BadInput, ARepeatedHostParameterIsARefusal) {
  auto request = alice.request("GET", "/2fa/");
  set(request, "TWINLOCK_ACCOUNT", "alice", true);
  EXPECT_EQ(status(std::move(request)), 400);
}

TEST_F(BadInput, AnotherSitesForm) {
  for (const char* site_header : {"cross-site", "same-site", "none"}) {
    auto request = disable(site.code(key));
    set(request, "HTTP_SEC_FETCH_SITE", site_header);
    EXPECT_EQ(status(std::move(request)), 403) << site_header;
  }
  alice.parameters.erase("HTTP_SEC_FETCH_SITE");
  for (const char* origin : {"https://evil.example", "null", ""}) {
    auto request = disable(site.code(key));
    set(request, "HTTP_ORIGIN", origin);
    EXPECT_EQ(status(std::move(request)), 403) << origin;
  }
  alice.parameters.erase("HTTP_ORIGIN");
  EXPECT_EQ(status(disable(site.code(key))), 403) << "neither header";
  EXPECT_EQ(site.look("alice").view.state, State::on);
  EXPECT_EQ(site.look("alice").view.failures, 0U);
}

TEST_F(BadInput, AFormTokenOfAnotherBrowserAccountOrAction) {
  const std::string right = site.code(key);
  auto request = disable(right);
  for (auto& cookie : request.cookies) {
    if (cookie.name == "__Host-twinlock-browser") cookie.value = std::string(32, '0');
  }
  EXPECT_EQ(status(std::move(request)), 403);
  auto bare = disable(right);
  std::erase_if(bare.cookies, [](const auto& cookie) { return cookie.name == "__Host-twinlock-browser"; });
  EXPECT_EQ(status(std::move(bare)), 403);
  auto other = disable(right);
  set(other, "TWINLOCK_ACCOUNT", "bob");
  EXPECT_EQ(status(std::move(other)), 403);
  auto elsewhere = disable(right);
  set(elsewhere, "SCRIPT_NAME", "/2fa/recovery-code");
  EXPECT_EQ(status(std::move(elsewhere)), 403);
  auto none = disable(right);
  none.body = "code=" + right;
  EXPECT_EQ(status(std::move(none)), 403);
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(BadInput, AnOldForm) {
  auto request = disable(site.code(key));
  site.world().pass_time(form_s_max);
  const auto seen = site.ask(std::move(request));
  EXPECT_EQ(seen.status, 403);
  EXPECT_TRUE(seen.says("This page was too old"));
}

TEST_F(BadInput, AStoreThatIsGoneIsA503AndRecovers) {
  using Kind = store::StoreErrorKind;
  auto& store = *site.world().memory();
  for (const Kind kind : {Kind::unavailable, Kind::full, Kind::read_only, Kind::corrupt, Kind::locked}) {
    store.break_down(kind);
    EXPECT_EQ(alice.get("/2fa/").status, 503);
    EXPECT_NE(alice.page.header("Retry-After"), "");
    EXPECT_EQ(alice.gate().status, 503);
    store.break_down(std::nullopt);
    EXPECT_EQ(alice.get("/2fa/").status, 200);
    EXPECT_EQ(alice.gate().status, 200);
  }
}

TEST_F(BadInput, HealthSaysWhetherACommitCouldBeMadeNow) {
  auto& store = *site.world().memory();
  store.break_down(store::StoreErrorKind::full);
  Browser nobody(site, "");
  EXPECT_EQ(nobody.get("/2fa/health").status, 503);
  store.break_down(std::nullopt);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int seen = 503;  // the answer is kept for a second
  while (seen != 200 && std::chrono::steady_clock::now() < deadline) seen = nobody.get("/2fa/health").status;
  EXPECT_EQ(seen, 200);
}

TEST_F(BadInput, ARowThatDoesNotOpenIsA503ForThatAccountAlone) {
  const auto account = service::test::account_of("alice");
  auto row = *site.world().store().load(account);
  row->sealed[20] = static_cast<std::uint8_t>(row->sealed[20] ^ 1);
  site.world().memory()->replace_row(account, row);
  EXPECT_EQ(status(disable(site.code(key))), 503);
  for (const char* path : {"/2fa/", "/2fa/challenge", "/2fa/enroll", "/2fa/recover"})
    EXPECT_EQ(alice.get(path).status, 503) << path;
  Browser bob(site, "bob");
  EXPECT_EQ(bob.get("/2fa/").status, 200);
}

TEST_F(BadInput, AnErrorIsTheSameForRightAndWrongCodes) {
  for (const std::string& code : {site.code(key), site.wrong_code(key)}) {
    alice.get("/2fa/disable");
    auto request = disable(code);
    site.world().memory()->fail_commits(1, store::MemoryStore::When::before);
    EXPECT_EQ(status(std::move(request)), 503);
  }
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(BadInput, RandomnessThatFailsIsA503) {
  site.world().environment().draws_left = 0;
  EXPECT_EQ(alice.get("/2fa/").status, 503);
  Browser fresh(site, "alice");
  EXPECT_EQ(fresh.get("/2fa/challenge").status, 503);
  EXPECT_TRUE(fresh.cookies.empty());
}

TEST_F(BadInput, HeadSaysWhatGetWould) {
  for (const char* path : {"/2fa/disable", "/2fa/health", "/2fa/style.css", "/2fa/nothing"}) {
    const auto get = site.ask(alice.request("GET", path));
    const auto head = site.ask(alice.request("HEAD", path));
    EXPECT_EQ(head.status, get.status) << path;
    EXPECT_EQ(head.header("Content-Length"), get.header("Content-Length")) << path;
    EXPECT_EQ(head.header("Content-Length"), std::to_string(get.body.size())) << path;
    EXPECT_EQ(head.body, "") << path;
  }
}

TEST_F(BadInput, OnlyWhatIsWantedIsRead) {
  const auto wanted = site.app().wanted();
  for (const std::string& name : wanted.names) {
    const bool known = !name.starts_with("HTTP_") || name == "HTTP_ORIGIN" || name == "HTTP_SEC_FETCH_SITE" ||
                       name == "HTTP_ACCEPT_LANGUAGE";
    EXPECT_TRUE(known) << name;
    EXPECT_NE(name, "REQUEST_URI");
    EXPECT_NE(name, "HTTP_HOST");
  }
  EXPECT_EQ(wanted.cookie_prefixes, std::vector<std::string>{"__Host-twinlock-"});
}

}  // namespace
}  // namespace twinlock::pages
