// SPDX-License-Identifier: Apache-2.0
// The gate's truth table (spec 7): refusal by default, exactly 200 for a pass of exactly this account, epoch
// and session.
#include "adapters/gate/gate.hpp"

#include <gtest/gtest.h>

#include "adapters/http/pass.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::gate {
namespace {

using namespace test;

using Store = store::MemoryStore;

class Gate : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};

  Seen ask(const std::function<void(fastcgi::Request&)>& edit) {
    auto request = alice.request("GET", "/2fa/gate");
    edit(request);
    return site.ask(std::move(request));
  }
};

void expect_refused(const Seen& seen) {
  EXPECT_EQ(seen.status, 403);
  EXPECT_EQ(seen.header("Twinlock-Location"), "/2fa/challenge");
  EXPECT_EQ(seen.header("Location"), "");
  EXPECT_EQ(seen.body, "");
}

TEST_F(Gate, OffPassesUnlessRequired) {
  EXPECT_EQ(alice.gate().status, 200);
  Site strict(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser bob(strict, "bob");
  expect_refused(bob.gate());
}

TEST_F(Gate, TheHostSaysWhoMustHaveASecondFactor) {
  const auto say = [](const char* word) {
    return [word](fastcgi::Request& request) { set(request, "TWINLOCK_REQUIRED", word); };
  };
  expect_refused(ask(say("1")));
  EXPECT_EQ(ask(say("0")).status, 200);
  expect_refused(ask(say("maybe")));
  expect_refused(ask([](fastcgi::Request& request) { set(request, "TWINLOCK_REQUIRED", "0", true); }));
  alice.enroll();
  EXPECT_EQ(ask(say("1")).status, 200) << "with a pass";
}

TEST_F(Gate, AnOpenGateSendsNothingElse) {  // Apache puts its header into the application's answer
  const Seen yes = alice.gate();
  EXPECT_EQ(yes.header("Content-Length"), "0");
  for (const char* name :
       {"Content-Security-Policy", "Cache-Control", "Referrer-Policy", "Twinlock-Location"})
    EXPECT_EQ(yes.header(name), "") << name;
}

TEST_F(Gate, ALookAlikeOfAnAccountThatNeedsACodeIsRefused) {
  EXPECT_EQ(Browser(site, "Alice").gate().status, 200) << "nobody needs a code yet";
  alice.enroll();
  for (const char* spelling : {"Alice", "ALICE", "alice ", " alice", "\u00E0lice", "ali\u00ADce"})
    expect_refused(Browser(site, spelling).gate());
  EXPECT_EQ(Browser(site, "alice2").gate().status, 200);
  EXPECT_EQ(alice.gate().status, 200) << "with a pass";
}

TEST_F(Gate, EnrollingFromOffPasses) {
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  EXPECT_EQ(site.look("alice").view.state, State::enrolling);
  EXPECT_EQ(alice.gate().status, 200);
}

TEST_F(Gate, APassOfThisAccountAndNoOther) {
  alice.enroll();
  EXPECT_EQ(alice.gate().status, 200);
  Browser bob(site, "bob");
  bob.enroll();
  Browser thief(site, "bob");
  thief.cookies = alice.cookies;
  expect_refused(thief.gate());
  for (const auto& [name, value] : bob.cookies) {
    if (name.find("-pass-") != std::string::npos) thief.cookies = {{name, alice.cookie("pass")}};
  }
  expect_refused(thief.gate());
}

TEST_F(Gate, TwoAccountsShareABrowser) {
  alice.enroll();
  Browser bob(site, "bob");
  bob.cookies = alice.cookies;
  bob.enroll();
  EXPECT_EQ(bob.gate().status, 200);
  alice.cookies = bob.cookies;
  EXPECT_EQ(alice.gate().status, 200);
  alice.get("/2fa/");
  EXPECT_EQ(alice.post("/2fa/sign-out").status, 303);
  expect_refused(alice.gate());
  bob.cookies = alice.cookies;
  EXPECT_EQ(bob.gate().status, 200) << "signing out drops one account's pass";
}

TEST_F(Gate, NoCookieOrAnUnreadableOneIsARefusal) {
  alice.enroll();
  expect_refused(ask([](fastcgi::Request& r) { r.cookies.clear(); }));
  for (auto spoil :
       {+[](std::string& v) { v.clear(); }, +[](std::string& v) { v.pop_back(); },
        +[](std::string& v) { v[9] = v[9] == '0' ? '1' : '0'; }, +[](std::string& v) { v += "00"; }}) {
    expect_refused(ask([&](fastcgi::Request& r) {
      for (auto& cookie : r.cookies) spoil(cookie.value);
    }));
  }
}

TEST_F(Gate, AnExpiredPassIsARefusal) {
  alice.enroll();
  site.world().pass_time(site.config().pass.lifetime_s - 1);
  EXPECT_EQ(alice.gate().status, 200);
  site.world().pass_time(1);
  expect_refused(alice.gate());
}

TEST_F(Gate, APassOfAnotherHostSessionIsARefusal) {
  alice.parameters["TWINLOCK_SESSION"] = "s1";
  alice.enroll();
  EXPECT_EQ(alice.gate().status, 200);
  expect_refused(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_SESSION", "s2"); }));
  expect_refused(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_SESSION", ""); }));
}

TEST_F(Gate, ARevokedPassIsARefusal) {
  alice.enroll();
  auto revoke = service::test::operation_of(service::test::account_of("alice"), Kind::revoke_passes);
  revoke.event.by_operator = true;
  revoke.operator_name = "ines";
  revoke.reason = "laptop stolen";
  site.world().run(revoke);
  expect_refused(alice.gate());
}

TEST_F(Gate, WhereTheFactorIsGoneNoPassIsAlive) {
  alice.enroll();
  auto reset = service::test::operation_of(service::test::account_of("alice"), Kind::operator_reset);
  reset.event.replace = true;
  reset.operator_name = "ines";
  reset.reason = "phone lost";
  site.world().run(reset);
  const auto look = site.look("alice");
  ASSERT_EQ(look.view.state, State::replacing);
  const std::string pass =
      http::make_pass(site.world().keys(), {"alice", "", look.epoch}, site.world().environment().now,
                      site.config().pass.lifetime_s, http::Nonce{});
  expect_refused(ask([&](fastcgi::Request& r) {
    for (auto& cookie : r.cookies) {
      if (cookie.name.find("-pass-") != std::string::npos) cookie.value = pass;
    }
  }));
}

TEST_F(Gate, NobodyIsSignedIn) {
  EXPECT_EQ(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_ACCOUNT", ""); }).status, 401);
  Browser nobody(site, "");
  EXPECT_EQ(nobody.gate().status, 401);
  nobody.parameters["REMOTE_USER"] = "alice";
  nobody.parameters["HTTP_TWINLOCK_ACCOUNT"] = "alice";
  nobody.parameters["HTTP_X_TWINLOCK_ACCOUNT"] = "alice";
  EXPECT_EQ(nobody.gate().status, 401) << "never a guess";
}

TEST_F(Gate, ABadParameterIsARefusal) {
  expect_refused(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_ACCOUNT", "alice", true); }));
  expect_refused(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_SESSION", "s", true); }));
  expect_refused(ask([](fastcgi::Request& r) { set(r, "TWINLOCK_ACCOUNT", "a\nb"); }));
  for (const auto fault : {fastcgi::RequestFault::body_too_large, fastcgi::RequestFault::parameters_too_large,
                           fastcgi::RequestFault::malformed})
    expect_refused(ask([fault](fastcgi::Request& r) { r.fault = fault; }));
}

TEST_F(Gate, ReadsNothingElse) {
  alice.enroll();
  for (const char* method : {"GET", "POST", "HEAD", "DELETE", "PROPFIND", ""}) {
    const auto edit = [method](fastcgi::Request& r) {
      set(r, "REQUEST_METHOD", method);
      set(r, "REQUEST_URI", "/2fa/recover/confirm");
      set(r, "QUERY_STRING", "next=//evil.example&x=%zz");
      set(r, "HTTP_SEC_FETCH_SITE", "cross-site");
      set(r, "HTTP_ORIGIN", "https://evil.example");
      r.body = "anything=1&anything=2";
    };
    EXPECT_EQ(ask(edit).status, 200) << method;
    expect_refused(ask([&edit](fastcgi::Request& r) {
      edit(r);
      r.cookies.clear();
    }));
  }
}

TEST_F(Gate, AnAuthorizerIsTheGateWhateverItsPath) {
  alice.enroll();
  for (const char* path : {"/2fa/gate", "/club/", "/2fa/health", "/2fa/recover/confirm", ""}) {
    const auto edit = [path](fastcgi::Request& r) {
      r.role = fastcgi::Role::authorizer;
      set(r, "SCRIPT_NAME", path);
    };
    EXPECT_EQ(ask(edit).status, 200) << path;
    expect_refused(ask([&edit](fastcgi::Request& r) {
      edit(r);
      r.cookies.clear();
    }));
  }
}

TEST_F(Gate, AnErrorNeverOpensTheGate) {
  site.world().memory()->break_down(store::StoreErrorKind::unavailable);
  EXPECT_EQ(alice.gate().status, 503) << "also for an account that is off";
  EXPECT_NE(alice.gate().header("Retry-After"), "");
  site.world().memory()->break_down(std::nullopt);
  EXPECT_EQ(alice.gate().status, 200);
  site.world().environment().clock_fails = true;
  EXPECT_EQ(alice.gate().status, 503);
}

TEST_F(Gate, ADamagedRowNeverOpensTheGate) {
  alice.enroll();
  const auto account = service::test::account_of("alice");
  auto row = *site.world().store().load(account);
  row->sealed[20] = static_cast<std::uint8_t>(row->sealed[20] ^ 1);
  site.world().memory()->replace_row(account, row);
  EXPECT_EQ(alice.gate().status, 503);
}

TEST(GateRefusal, ByRedirectWhereConfigured) {
  Site site({.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false},
            [](config::Config& c) { c.gate.refusal = config::GateRefusal::redirect; });
  Browser alice(site, "alice");
  const auto seen = alice.gate();
  EXPECT_EQ(seen.status, 302);
  EXPECT_EQ(seen.header("Location"), "/2fa/challenge");
  EXPECT_EQ(seen.header("Twinlock-Location"), "/2fa/challenge");
  EXPECT_EQ(seen.header("Cache-Control"), "no-store");
}

TEST(GateSecret, IsRequiredOnEveryRequest) {
  Site site({}, {}, "the shared secret");
  Browser alice(site, "alice");
  expect_refused(alice.gate());
  EXPECT_EQ(alice.get("/2fa/").status, 403);
  EXPECT_EQ(alice.get("/2fa/health").status, 403);
  alice.parameters["TWINLOCK_SECRET"] = "the shared secret";
  EXPECT_EQ(alice.gate().status, 200);
  EXPECT_EQ(alice.get("/2fa/").status, 200);
  EXPECT_EQ(alice.get("/2fa/health").status, 200);
}

}  // namespace
}  // namespace twinlock::gate
