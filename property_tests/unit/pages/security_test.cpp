// SPDX-License-Identifier: Apache-2.0
// The Security page and what it leads to, row by row of spec 6.1.
#include <gtest/gtest.h>

#include "adapters/pages/form_token.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class Security : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  Browser other{site, "alice"};
  std::string key;

  void SetUp() override {
    key = alice.enroll();
    site.next_step();
  }
};

TEST_F(Security, WhenOnItNeedsAPass) {
  EXPECT_EQ(other.get("/2fa/").status, 303);
  EXPECT_EQ(other.page.header("Location"), "/2fa/challenge?next=/2fa/");
  EXPECT_EQ(alice.get("/2fa/").status, 200);
  EXPECT_TRUE(alice.page.says("aria-checked=\"true\""));
  EXPECT_TRUE(alice.page.says("2023-11-14 22:13 UTC"));
}

// As the gate's own tests: both ask http::holds_pass().
TEST_F(Security, ADeadPassIsNone) {
  const auto cookies = alice.cookies;
  const auto expect_challenge = [this] {
    EXPECT_EQ(alice.get("/2fa/").header("Location"), "/2fa/challenge?next=/2fa/");
    EXPECT_EQ(alice.get("/2fa/disable").header("Location"), "/2fa/challenge?next=/2fa/disable");
  };
  for (auto& [name, value] : alice.cookies) {
    if (name.find("-pass-") != std::string::npos) value.back() = value.back() == '0' ? '1' : '0';
  }
  expect_challenge();
  alice.cookies = cookies;
  EXPECT_EQ(alice.get("/2fa/").status, 200);
  alice.parameters["TWINLOCK_SESSION"] = "another";
  expect_challenge();
  alice.parameters.erase("TWINLOCK_SESSION");
  site.world().pass_time(site.config().pass.lifetime_s);
  expect_challenge();
}

TEST_F(Security, SaysWhenItWasLastUsed) {
  site.world().pass_time(3600);
  other.get("/2fa/challenge", "next=/2fa/");
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
  EXPECT_TRUE(other.get("/2fa/").says("2023-11-14 23:14 UTC"));
}

TEST_F(Security, DisableNeedsAPassAndACode) {
  EXPECT_EQ(other.get("/2fa/disable").header("Location"), "/2fa/challenge?next=/2fa/disable");
  EXPECT_EQ(alice.get("/2fa/disable").status, 200);
  other.cookies["__Host-twinlock-browser"] = alice.cookie("browser");
  other.page = alice.page;
  EXPECT_EQ(other.post("/2fa/disable", {{"code", site.code(key)}}).status, 403) << "a code without a pass";
  EXPECT_EQ(alice.get("/2fa/disable").status, 200);
  EXPECT_EQ(alice.post("/2fa/disable", {{"code", site.wrong_code(key)}}).status, 422);
  EXPECT_EQ(site.look("alice").view.failures, 1U);
  EXPECT_EQ(alice.post("/2fa/disable", {{"code", site.code(key)}}).status, 303);
  EXPECT_EQ(site.look("alice").view.state, State::off);
  EXPECT_EQ(alice.get("/2fa/disable").header("Location"), "/2fa/");
}

TEST_F(Security, RenewNeedsAPassAndACode) {
  EXPECT_EQ(other.get("/2fa/recovery-code").header("Location"), "/2fa/challenge?next=/2fa/recovery-code");
  alice.get("/2fa/recovery-code");
  other.cookies["__Host-twinlock-browser"] = alice.cookie("browser");
  other.page = alice.page;
  EXPECT_EQ(other.post("/2fa/recovery-code", {{"code", site.code(key)}}).status, 403)
      << "a code without a pass";
  const std::string wrong[] = {"12345", site.wrong_code(key), site.code(key, -1)};
  for (const std::string& code : wrong) {
    EXPECT_EQ(alice.post("/2fa/recovery-code", {{"code", code}}).status, 422);
    EXPECT_EQ(text_of(alice.page.body, "recovery"), "");
  }
  EXPECT_EQ(site.look("alice").view.failures, 2U) << "the misformed one is not charged";
  EXPECT_EQ(alice.get("/2fa/").status, 200);
}

TEST_F(Security, WaitingIsSaidOnEveryPageWithACode) {
  for (int i = 0; i < 5; ++i) {
    alice.get("/2fa/disable");
    EXPECT_EQ(alice.post("/2fa/disable", {{"code", site.wrong_code(key)}}).status, 422);
  }
  for (const char* path : {"/2fa/disable", "/2fa/recovery-code"}) {
    EXPECT_EQ(alice.get(path).status, 200);
    EXPECT_TRUE(alice.page.says("Try again in 30 seconds."));
    EXPECT_EQ(alice.post(path, {{"code", site.code(key)}}).status, 429) << path;
    EXPECT_EQ(alice.page.header("Retry-After"), "30");
  }
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Security, RenewShowsANewRecoveryCodeOnce) {
  EXPECT_EQ(alice.get("/2fa/recovery-code").status, 200);
  EXPECT_EQ(alice.post("/2fa/recovery-code", {{"code", site.code(key)}}).status, 200);
  const std::string fresh = text_of(alice.page.body, "recovery");
  EXPECT_EQ(fresh.size(), 33U);
  EXPECT_NE(fresh, alice.recovery_code);
  EXPECT_EQ(alice.get("/2fa/").status, 200) << "the new pass is alive";
  other.get("/2fa/recover");
  EXPECT_EQ(other.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 422)
      << "the old one is dead";
  EXPECT_EQ(other.post("/2fa/recover", {{"recovery_code", fresh}}).status, 200);
}

TEST_F(Security, SignOutDropsThePassOfThisBrowserOnly) {
  other.get("/2fa/challenge");
  other.post("/2fa/challenge", {{"code", site.code(key)}});
  alice.get("/2fa/");
  EXPECT_EQ(alice.post("/2fa/sign-out").status, 303);
  EXPECT_EQ(alice.cookie("pass"), "");
  EXPECT_EQ(alice.gate().status, 403);
  EXPECT_EQ(other.gate().status, 200);
}

TEST_F(Security, SignOutEverywhereRevokesAll) {
  other.get("/2fa/challenge");
  other.post("/2fa/challenge", {{"code", site.code(key)}});
  const std::string stolen = other.cookie("pass");
  alice.get("/2fa/");
  EXPECT_EQ(alice.post("/2fa/sign-out-everywhere").status, 303);
  EXPECT_EQ(other.cookie("pass"), stolen);
  EXPECT_EQ(other.gate().status, 403);
  EXPECT_EQ(alice.gate().status, 200) << "the browser that asked has a new pass";
}

// A browser that was signed out everywhere is known no longer; the one that asked is.
TEST_F(Security, SignOutEverywhereEndsKnownBrowsers) {
  other.get("/2fa/challenge");
  other.post("/2fa/challenge", {{"code", site.code(key)}});
  site.next_step();
  const std::string known = alice.cookie("known");
  alice.get("/2fa/");
  alice.post("/2fa/sign-out-everywhere");
  EXPECT_NE(alice.cookie("known"), known);
  Browser stranger(site, "alice");
  for (int i = 0; i < 5; ++i) {
    stranger.get("/2fa/challenge");
    EXPECT_EQ(stranger.post("/2fa/challenge", {{"code", site.wrong_code(key)}}).status, 422);
  }
  other.get("/2fa/challenge");
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 429);
  std::erase_if(alice.cookies,
                [](const auto& cookie) { return cookie.first.find("-pass-") != std::string::npos; });
  alice.get("/2fa/challenge");
  EXPECT_EQ(alice.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
}

TEST_F(Security, TheSavedRecoveryCodeIsAskedForUntilItIsTyped) {
  alice.get("/2fa/");
  EXPECT_TRUE(alice.page.says("You have not shown yet that you saved your recovery code."));
  EXPECT_EQ(alice.get("/2fa/recovery-code/saved").status, 200);
  EXPECT_EQ(alice.post("/2fa/recovery-code/saved", {{"recovery_code", "1234"}}).status, 422);
  EXPECT_EQ(site.look("alice").view.recovery_saved_at, 0U);
  const Token wrong{{1}};
  EXPECT_EQ(alice.post("/2fa/recovery-code/saved", {{"recovery_code", text::format(wrong)}}).status, 422);
  EXPECT_EQ(site.look("alice").view.recovery_saved_at, 0U);
  EXPECT_EQ(alice.post("/2fa/recovery-code/saved", {{"recovery_code", alice.recovery_code}}).status, 303);
  EXPECT_EQ(site.look("alice").view.recovery_saved_at, site.world().environment().now);
  alice.get("/2fa/");
  EXPECT_FALSE(alice.page.says("You have not shown yet"));
  EXPECT_EQ(other.get("/2fa/recovery-code/saved").status, 303) << "needs a pass";
}

TEST_F(Security, TheLastGroupOfTheCodeOnThePageShowsThatItWasSaved) {
  alice.get("/2fa/recovery-code");
  EXPECT_EQ(alice.post("/2fa/recovery-code", {{"code", site.code(key)}}).status, 200);
  const std::string code = text_of(alice.page.body, "recovery");
  const std::string rest = alice.hidden("/2fa/recovery-code/saved", "rest");
  EXPECT_EQ(code.substr(0, rest.size()), rest);
  EXPECT_EQ(code.size() - rest.size(), 4U) << "a hyphen and three symbols";
  EXPECT_EQ(alice.post("/2fa/recovery-code/saved", {{"rest", rest}, {"recovery_code", "ZZZ"}}).status, 422);
  EXPECT_EQ(alice.hidden("/2fa/recovery-code/saved", "rest"), rest) << "the next try needs no more";
  EXPECT_EQ(
      alice.post("/2fa/recovery-code/saved", {{"rest", rest}, {"recovery_code", code.substr(rest.size())}})
          .status,
      303);
  EXPECT_EQ(site.look("alice").view.recovery_saved_at, site.world().environment().now);
}

TEST_F(Security, AfterAnImportItOffersARecoveryCode) {
  auto import = service::test::operation_of(service::test::account_of("bob"), Kind::operator_import);
  import.event.key_length = 20;
  std::fill_n(import.event.key.b, 20, std::uint8_t{7});
  site.world().run(import);
  site.world().pass_time(60);
  const std::string imported = text::to_base32(std::vector<std::uint8_t>(20, 7));
  Browser bob(site, "bob");
  bob.get("/2fa/challenge");
  EXPECT_EQ(bob.post("/2fa/challenge", {{"code", site.code(imported)}}).status, 303);
  bob.get("/2fa/");
  EXPECT_TRUE(bob.page.says("There is no recovery code yet."));
  EXPECT_EQ(bob.get("/2fa/recovery-code/saved").header("Location"), "/2fa/recovery-code");
}

TEST_F(Security, ARequiredFactorCannotBeTurnedOff) {
  Site strict(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser bob(strict, "bob");
  EXPECT_EQ(bob.gate().status, 403);
  EXPECT_EQ(bob.get("/2fa/").status, 200);
  EXPECT_TRUE(bob.page.says("Your organization requires it"));
  key = bob.enroll();
  strict.next_step();
  EXPECT_EQ(bob.get("/2fa/").status, 200);
  EXPECT_FALSE(bob.page.says("action=\"/2fa/disable\""));
  EXPECT_EQ(bob.get("/2fa/disable").status, 403);
  http::Nonce browser{};
  ASSERT_TRUE(text::from_hex(bob.cookie("browser"), browser));
  const std::string form = make_form_token(strict.world().keys(), {browser, "account:bob", "/disable"},
                                           strict.world().environment().now, http::Nonce{});
  EXPECT_EQ(bob.post("/2fa/disable", {{"form", form}, {"code", strict.code(key)}}).status, 403)
      << "nor with a form of its own and a right code";
  EXPECT_EQ(strict.look("bob").view.state, State::on);
  EXPECT_EQ(bob.gate().status, 200);
}

TEST_F(Security, NothingChangesOnGet) {
  const auto account = service::test::account_of("alice");
  const auto before = site.world().version(account);
  for (const char* path : {"/2fa/", "/2fa/enroll", "/2fa/challenge", "/2fa/disable", "/2fa/recovery-code",
                           "/2fa/recover", "/2fa/gate", "/2fa/health", "/2fa/recover/confirm"}) {
    alice.get(path);
    other.get(path);
  }
  EXPECT_EQ(site.world().version(account), before);
  EXPECT_EQ(alice.gate().status, 200);
}

}  // namespace
}  // namespace twinlock::pages
