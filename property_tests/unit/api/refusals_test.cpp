// SPDX-License-Identifier: Apache-2.0
// Who is let in, and every refusal of spec 6.2, spec 8 and spec 11.
#include <gtest/gtest.h>

#include "adapters/text/crockford.hpp"
#include "property_tests/unit/api/api_site.hpp"

namespace twinlock::api::test {
namespace {

class Refusals : public testing::Test {
 protected:
  Site site;
  service::test::Person alice = site.enroll("alice");

  Call verify() { return {"POST", "/accounts/alice/verify", code_body(site.code(alice)), site.app_key}; }
  Seen ask(const Call& call) { return site.ask(request_of(call)); }
  // 400, with the field's name; and the account is as it was.
  void expect_field(const std::string& body, const std::string& field) {
    const auto before = site.world().version(alice.account);
    Call call = verify();
    call.body = body;
    const Seen seen = ask(call);
    EXPECT_EQ(seen.status, 400) << body;
    EXPECT_EQ(seen.problem(), "malformed") << body;
    EXPECT_EQ(seen.text("field"), field) << body;
    EXPECT_EQ(site.world().version(alice.account), before) << body;
  }
};

TEST_F(Refusals, TheTestsOwnRequestIsGood) { EXPECT_EQ(ask(verify()).status, 200); }

TEST_F(Refusals, WithoutAKeyNobodyIsToldAnything) {
  for (const char* path : {"/accounts/alice", "/metrics", "/nothing", ""}) {
    const Seen seen = ask({"GET", path});
    EXPECT_EQ(seen.status, 401) << path;
    EXPECT_EQ(seen.header("WWW-Authenticate"), "Bearer realm=\"twinlock\"") << path;
    EXPECT_EQ(seen.problem(), "unauthorized") << path;
  }
}

TEST_F(Refusals, WrongKeys) {
  std::string almost = site.app_key;
  almost.back() = almost.back() == '0' ? '1' : '0';
  for (const std::string& shown :
       {"Bearer " + almost, "Bearer " + site.app_key + "0", "Bearer " + site.app_key.substr(1),
        std::string("Bearer "), std::string("Bearer"), "Basic " + site.app_key, site.app_key,
        std::string()}) {
    auto request = request_of(verify());
    set(request, "HTTP_AUTHORIZATION", shown);
    const Seen seen = site.ask(std::move(request));
    EXPECT_EQ(seen.status, 401) << shown;
    EXPECT_EQ(seen.header("WWW-Authenticate"), "Bearer realm=\"twinlock\", error=\"invalid_token\"") << shown;
    EXPECT_EQ(seen.body.find(almost), std::string::npos);  // K20
  }
}

TEST_F(Refusals, TheSchemesNameInAnyCase) {
  auto request = request_of(verify());
  set(request, "HTTP_AUTHORIZATION", "bEARER  " + site.app_key);
  EXPECT_EQ(site.ask(std::move(request)).status, 200);
}

TEST_F(Refusals, AKeyThatIsSentTwiceIsNone) {
  auto request = request_of(verify());
  set(request, "HTTP_AUTHORIZATION", "Bearer " + site.app_key, true);
  EXPECT_EQ(site.ask(std::move(request)).status, 401);
}

TEST_F(Refusals, NeitherScopeIncludesTheOther) {
  const std::string notes = R"({"operator":"bob","reason":"x"})";
  for (const char* path : {"/accounts/alice/reset", "/accounts/alice/unlock"}) {
    const Seen seen = site.post(path, notes);
    EXPECT_EQ(seen.status, 403) << path;
    EXPECT_EQ(seen.problem(), "scope") << path;
    EXPECT_NE(seen.header("WWW-Authenticate").find("scope=\"operator\""), std::string::npos);
  }
  for (const char* path : {"/accounts/alice/audit", "/metrics"})
    EXPECT_EQ(site.get(path).status, 403) << path;
  for (const char* path :
       {"/accounts/alice/verify", "/accounts/alice/disable", "/accounts/alice/recovery-code",
        "/accounts/alice/enrollment", "/accounts/alice/enrollment/confirm", "/accounts/alice/recovery",
        "/recovery/confirm", "/accounts/alice/revoke-passes"})
    EXPECT_EQ(site.operate(path, code_body(site.code(alice))).problem(), "scope") << path;
  EXPECT_EQ(site.inspect("/accounts/alice").problem(), "scope");
  EXPECT_EQ(site.get("/accounts/alice").text("state"), "on");
}

TEST_F(Refusals, TheHostsAccountPlaysNoPart) {
  auto request = request_of({"POST", "/accounts/alice/verify", code_body(site.code(alice))});
  set(request, "TWINLOCK_ACCOUNT", "alice");
  EXPECT_EQ(site.ask(std::move(request)).status, 401);
  auto other = request_of(verify());
  set(other, "TWINLOCK_ACCOUNT", "bob");
  EXPECT_EQ(site.ask(std::move(other)).status, 200);
}

TEST(RefusalsBehindASecret, TheHostsSecretIsAskedForFirst) {
  Site site({}, {}, "the-host's-shared-secret");
  auto request = request_of({"GET", "/accounts/alice", {}, site.app_key});
  EXPECT_EQ(site.ask(request_of({"GET", "/accounts/alice", {}, site.app_key})).problem(), "host_secret");
  set(request, "TWINLOCK_SECRET", "the-host's-shared-secret");
  EXPECT_EQ(site.ask(std::move(request)).status, 200);
}

TEST_F(Refusals, UnknownAddresses) {
  for (const char* path :
       {"", "/", "/accounts", "/accounts/alice/", "/accounts/alice/verify/", "/accounts/alice/nothing",
        "/metrics/", "/recovery", "/accounts/alice/enrollment/confirm/more"})
    EXPECT_EQ(site.get(path).problem(), "not_found") << path;
}

TEST_F(Refusals, MethodsAreNamed) {
  for (const auto& [path, allow] : {std::pair("/accounts/alice", "GET, HEAD"),
                                    {"/accounts/alice/enrollment", "POST, DELETE"},
                                    {"/accounts/alice/verify", "POST"},
                                    {"/metrics", "GET, HEAD"}}) {
    const Seen seen = ask({"PUT", path, {}, site.app_key});
    EXPECT_EQ(seen.status, 405) << path;
    EXPECT_EQ(seen.header("Allow"), allow) << path;
  }
}

TEST_F(Refusals, WhatTheServerReadPast) {
  for (const auto& [fault, problem] : {std::pair(fastcgi::RequestFault::body_too_large, "body_too_large"),
                                       {fastcgi::RequestFault::parameters_too_large, "head_too_large"},
                                       {fastcgi::RequestFault::malformed, "malformed"}}) {
    auto request = request_of(verify());
    request.fault = fault;
    EXPECT_EQ(site.ask(std::move(request)).problem(), problem);
  }
  EXPECT_EQ(ask(verify()).status, 200);
}

TEST_F(Refusals, ContentTypes) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                           "application/json; charset=latin1", "application/jsonx"}) {
    Call call = verify();
    call.content_type = type;
    EXPECT_EQ(ask(call).problem(), "media_type") << type;
  }
  Call call = verify();
  call.content_type = "Application/JSON; charset=UTF-8";
  EXPECT_EQ(ask(call).status, 200);
}

TEST_F(Refusals, MembersAreNamed) {
  expect_field(R"({"code":"123456","admin":true})", "admin");
  expect_field(R"({"code":"123456","code":"654321"})", "code");
  expect_field(R"({"code":123456})", "code");
  expect_field(R"({"code":null})", "code");
  expect_field(R"({"code":["123456"]})", "code");
  expect_field(R"({"code":"123456","known":"yes"})", "known");
  expect_field(R"({"code":"123456","email":1})", "email");
  expect_field(R"({"known":true})", "code");
  expect_field("{\"code\":\"12345\xff\"}", "code");
  expect_field("{\"code\":\"123456\",\"email\":\"\xc3\x28@example.org\"}", "email");
  expect_field("{\"code\":\"\xef\xbf\xbd\",\"email\":\"\xc0\xaf\"}",
               "email");  // a real U+FFFD misleads nobody
  expect_field("{\"code\":\"123456\",\"" + std::string(60, 'x') + "\":1}", std::string(40, 'x'));
}

TEST_F(Refusals, WhatIsNoObject) {
  for (const char* body : {"", " ", "null", "[]", "\"code\"", "1", "{", "{\"code\":}", "{\"code\":\"1\"}x",
                           "\xff", "{\"code\":\"a\nb\"}", "{'code':'1'}", "{\"code\":\"1\",}"})
    expect_field(body, "");
  expect_field("{\"code\":" + std::string(2'000, '[') + std::string(2'000, ']') + "}", "");
}

TEST_F(Refusals, QueriesAreReadAsStrictly) {
  Call call = verify();
  call.path += "?code=123456";
  EXPECT_EQ(ask(call).text("field"), "code");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?limit=0").text("field"), "limit");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?limit=1001").text("field"), "limit");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?limit=1x").text("field"), "limit");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?after=-1").text("field"), "after");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?after=1&after=2").text("field"), "after");
  EXPECT_EQ(site.inspect("/accounts/alice/audit?x=1").text("field"), "x");
}

TEST_F(Refusals, MisformedCodesAreNeitherEvaluatedNorCharged) {
  const auto before = site.world().version(alice.account);
  for (const char* code :
       {"12345", "1234567", "12345a", "", "１２３４５６", "12345\\u0000", "123456\\u0000"}) {
    const Seen seen = site.post("/accounts/alice/verify", code_body(code));
    EXPECT_EQ(seen.status, 422) << code;
    EXPECT_EQ(seen.problem(), "misformed") << code;
    EXPECT_EQ(seen.text("field"), "code") << code;
  }
  EXPECT_EQ(site.world().version(alice.account), before);
}

TEST_F(Refusals, MisformedValuesAreNamed) {
  const std::string id(32, '0');
  for (const auto& [path, body, field] :
       {std::tuple("/accounts/alice/verify", R"({"code":"123456","email":"nobody"})", "email"),
        {"/accounts/bob/enrollment", R"({"issuer":"a:b"})", "issuer"},
        {"/accounts/bob/enrollment", R"({"issuer":""})", "issuer"},
        {"/accounts/bob/enrollment", R"({"label":"a\u0007"})", "label"},
        {"/accounts/bob/enrollment", R"({"label":""})", "label"},
        {"/accounts/bob/enrollment", R"({"email":""})", "email"},
        {"/accounts/bob/enrollment", R"({"grant":"0000"})", "grant"},
        {"/accounts/bob/enrollment/confirm", R"({"enrollment_id":"00","code":"123456"})", "enrollment_id"},
        {"/accounts/alice/recovery", R"({"recovery_code":"0000-0000"})", "recovery_code"},
        {"/recovery/confirm", R"({"token":"x","asker_secret":"00000000000000000000000000000000"})",
         "token"}}) {
    const Seen seen = site.post(path, body);
    EXPECT_EQ(seen.problem(), "misformed") << body;
    EXPECT_EQ(seen.text("field"), field) << body;
  }
  EXPECT_EQ(site.operate("/accounts/alice/reset", R"({"operator":"","reason":"x"})").text("field"),
            "operator");
  EXPECT_EQ(site.operate("/accounts/alice/reset", R"({"operator":"b","reason":"a\u0000b"})").text("field"),
            "reason");
  EXPECT_EQ(site.operate("/accounts/alice/reset", R"({"operator":"b"})").text("field"), "reason");
}

TEST_F(Refusals, ALinkNeedsAProof) {
  const std::string token = service::link_token(alice.account, Token{});
  const Seen bare = site.post("/recovery/confirm", R"({"token":")" + token + "\"}");
  EXPECT_EQ(bare.status, 400);
  EXPECT_EQ(bare.text("field"), "asker_secret");
  EXPECT_EQ(site.post("/recovery/confirm",
                      R"({"token":")" + token + R"(","asker_secret":")" + std::string(32, '0') + "\"}")
                .problem(),
            "rejected");
}

TEST_F(Refusals, WrongUsedAndOldCodesReadTheSame) {
  const std::string used = site.code(alice);
  ASSERT_EQ(site.post("/accounts/alice/verify", code_body(used)).status, 200);
  const std::string replayed = site.post("/accounts/alice/verify", code_body(used)).body;
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.world().wrong_code(alice))).body, replayed);
  EXPECT_NE(replayed.find("\"verdict\":\"rejected\""), std::string::npos);
}

TEST_F(Refusals, ThrottledSaysWhenAndDoesNotDependOnTheCode) {
  const std::string wrong = site.world().wrong_code(alice);
  Seen fifth;
  for (int i = 0; i < 5; ++i) fifth = site.post("/accounts/alice/verify", code_body(wrong));
  EXPECT_EQ(fifth.number("retry_after_s"), 30);
  const auto before = site.world().version(alice.account);
  const Seen right = site.post("/accounts/alice/verify", code_body(site.code(alice)));
  EXPECT_EQ(right.status, 429);
  EXPECT_EQ(right.header("Retry-After"), "30");
  EXPECT_EQ(right.text("verdict"), "throttled");
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(wrong)).body, right.body);
  EXPECT_EQ(site.world().version(alice.account), before);
}

TEST_F(Refusals, LockedIs403AndLeavesByReset) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.world().wrong_code(alice))).status, 422)
        << i;
    site.world().pass_time(30 * 86'400);
  }
  const Seen seen = site.post("/accounts/alice/verify", code_body(site.code(alice)));
  EXPECT_EQ(seen.status, 403);
  EXPECT_EQ(seen.text("verdict"), "locked");
  EXPECT_EQ(site.operate("/accounts/alice/unlock", R"({"operator":"b","reason":"r"})").problem(), "locked");
  EXPECT_EQ(site.operate("/accounts/alice/reset", R"({"operator":"b","reason":"r"})").status, 200);
}

TEST_F(Refusals, AWrongStateIsAlwaysRefused) {
  for (const char* path : {"/accounts/bob/verify", "/accounts/bob/disable", "/accounts/bob/recovery-code"}) {
    const Seen seen = site.post(path, code_body("123456"));
    EXPECT_EQ(seen.status, 409) << path;
    EXPECT_EQ(seen.text("verdict"), "wrong_state") << path;
  }
  EXPECT_EQ(site.post("/accounts/alice/enrollment", "{}").problem(), "wrong_state");
  EXPECT_EQ(site.post("/accounts/bob/revoke-passes", "").problem(), "wrong_state");
  EXPECT_EQ(site.operate("/accounts/bob/unlock", R"({"operator":"b","reason":"r"})").problem(),
            "wrong_state");
}

TEST_F(Refusals, ALookAlikeIsNeverAYes) {  // alice is on
  for (const char* name : {"ALICE", "alice%20", "%C3%A0lice"}) {
    const std::string account = std::string("/accounts/") + name;
    const Seen seen = site.get(account);
    EXPECT_EQ(seen.status, 409) << name;
    EXPECT_EQ(seen.problem(), "look_alike") << name;
    EXPECT_EQ(site.post(account + "/enrollment", "{}").problem(), "look_alike") << name;
    EXPECT_EQ(site.post(account + "/verify", code_body("123456")).problem(), "look_alike") << name;
  }
}

TEST_F(Refusals, AnEnrollmentIsItsCallersAlone) {  // K19
  const Seen begun = site.post("/accounts/bob/enrollment", "{}");
  ASSERT_EQ(begun.status, 201);
  const std::string other = R"({"enrollment_id":")" + std::string(32, '0') + "\"";
  const Seen confirm = site.post("/accounts/bob/enrollment/confirm", other + R"(,"code":"123456"})");
  EXPECT_EQ(confirm.problem(), "wrong_state");
  EXPECT_EQ(confirm.text("field"), "enrollment_id");
  const Seen cancel = ask({"DELETE", "/accounts/bob/enrollment", other + "}", site.app_key});
  EXPECT_EQ(cancel.problem(), "wrong_state");
  EXPECT_EQ(site.get("/accounts/bob").text("state"), "enrolling");
}

TEST(RefusalsWherePolicyRequires, DisableIsForbidden) {
  Site site({.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  const auto alice = site.enroll("alice");
  const Seen seen = site.post("/accounts/alice/disable", code_body(site.code(alice)));
  EXPECT_EQ(seen.status, 403);
  EXPECT_EQ(seen.problem(), "forbidden");
}

TEST_F(Refusals, NoAddressOnFile) {
  const auto bob = site.world().enroll("bob", "");
  const Seen seen =
      site.post("/accounts/bob/recovery", R"({"recovery_code":")" + text::format(bob.recovery_code) + "\"}");
  EXPECT_EQ(seen.status, 409);
  EXPECT_EQ(seen.problem(), "undeliverable");
}

TEST_F(Refusals, AnErrorIsTheSameForRightAndWrongCodesAndRecovers) {
  for (const std::string& code : {site.code(alice), site.world().wrong_code(alice)}) {
    site.world().memory()->break_down(store::StoreErrorKind::unavailable);
    const Seen seen = site.post("/accounts/alice/verify", code_body(code));
    EXPECT_EQ(seen.status, 503);
    EXPECT_EQ(seen.header("Retry-After"), "5");
    EXPECT_EQ(site.get("/accounts/alice").status, 503);
    EXPECT_EQ(site.inspect("/accounts/alice/audit").status, 503);
    site.world().memory()->break_down(std::nullopt);
  }
  EXPECT_EQ(ask(verify()).status, 200);
}

}  // namespace
}  // namespace twinlock::api::test
