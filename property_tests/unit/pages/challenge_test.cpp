// SPDX-License-Identifier: Apache-2.0
// The sign-in prompt, row by row of spec 6.1.
#include <gtest/gtest.h>

#include "adapters/text/crockford.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class Challenge : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  Browser other{site, "alice"};  // another browser of the same person
  std::string key;

  void SetUp() override {
    key = alice.enroll();
    site.next_step();
  }
  int guess(Browser& browser) {
    if (browser.hidden("/2fa/challenge", "form").empty()) browser.get("/2fa/challenge");
    return browser.post("/2fa/challenge", {{"code", site.wrong_code(key)}}).status;
  }
};

TEST_F(Challenge, ARightCodeGoesOnWithAPass) {
  EXPECT_EQ(other.gate().status, 403);
  EXPECT_EQ(other.get("/2fa/challenge", "next=/club/?a=1&b=2").status, 200);
  EXPECT_TRUE(other.page.says("href=\"/2fa/recover\">Enter recovery code</a>"));
  const std::string typed = site.code(key).insert(3, " ");
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", typed}}).status, 303);
  EXPECT_EQ(other.page.header("Location"), "/club/?a=1&b=2");
  EXPECT_EQ(other.gate().status, 200);
  EXPECT_EQ(other.get("/2fa/challenge", "next=/club/").header("Location"), "/club/");
}

TEST_F(Challenge, AnotherSiteIsNeverTheNext) {
  for (const char* evil : {"//evil.example", "https://evil.example", "/\\evil.example"}) {
    EXPECT_EQ(alice.get("/2fa/challenge", std::string("next=") + evil).header("Location"), "/2fa/") << evil;
  }
  other.get("/2fa/challenge");
  EXPECT_EQ(
      other.post("/2fa/challenge", {{"code", site.code(key)}, {"next", "//evil.example"}}).header("Location"),
      "/2fa/");
}

TEST_F(Challenge, ATicketLetsACodeBeLookedAtWhileAllWait) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess(other), 422);
  const service::test::Person person{service::test::account_of("alice"), {}};
  const std::string ticket = text::format(site.world().unlock(person));
  EXPECT_TRUE(other.page.says("I have a ticket from support"));
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 429);
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}, {"ticket", "1234"}}).status, 422);
  EXPECT_NE(text_of(other.page.body, "ticket-error").find("not a whole ticket"), std::string::npos);
  EXPECT_GT(other.page.body.find(" autofocus"), other.page.body.find("id=\"ticket\""))
      << "the field that is to be corrected has the focus";
  EXPECT_EQ(
      other.post("/2fa/challenge", {{"code", site.code(key)}, {"ticket", text::format(Token{{1}})}}).status,
      429);
  EXPECT_NE(text_of(other.page.body, "ticket-error").find("does not count"), std::string::npos);
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.wrong_code(key)}, {"ticket", ticket}}).status, 422);
  EXPECT_EQ(text_of(other.page.body, "ticket-error"), "");
  EXPECT_EQ(text_of(other.page.body, "code-error").find("try again in"), std::string::npos);
  EXPECT_TRUE(other.page.says("value=\"" + ticket + "\"")) << "the next code needs it again";
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}, {"ticket", ticket}}).status, 303);
  EXPECT_EQ(other.gate().status, 200);
}

TEST_F(Challenge, ATicketIsGoodForFiveCodes) {
  const service::test::Person person{service::test::account_of("alice"), {}};
  const std::string ticket = text::format(site.world().unlock(person));
  other.get("/2fa/challenge");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.wrong_code(key)}, {"ticket", ticket}}).status, 422);
    EXPECT_EQ(text_of(other.page.body, "ticket-error").empty(), i < 4) << i;
  }
  EXPECT_NE(text_of(other.page.body, "ticket-error").find("last code"), std::string::npos);
  EXPECT_EQ(site.look("alice").view.failures, 5U);
  EXPECT_EQ(site.look("alice").view.retry_after_s[static_cast<std::size_t>(Lane::other)], 0U);
}

TEST_F(Challenge, WrongReplayedAndOutOfWindowReadTheSame) {
  EXPECT_EQ(guess(other), 422);
  const std::string wrong = text_of(other.page.body, "code-error");
  EXPECT_NE(wrong.find("clock is set automatically"), std::string::npos);
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key, -1)}}).status, 422)
      << "spent by the enrollment";
  EXPECT_EQ(text_of(other.page.body, "code-error"), wrong);
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key, 5)}}).status, 422);
  EXPECT_EQ(text_of(other.page.body, "code-error"), wrong);
  EXPECT_TRUE(other.page.says("aria-invalid=\"true\" aria-describedby=\"code-error code-hint\""));
}

TEST_F(Challenge, TheFifthFailureWaitsAndSaysSo) {
  for (int i = 0; i < 4; ++i) ASSERT_EQ(guess(other), 422);
  EXPECT_FALSE(other.page.says("You can try again in"));
  EXPECT_EQ(guess(other), 422);
  EXPECT_TRUE(other.page.says("You can try again in 30 seconds."));
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 429)
      << "the right code is not looked at";
  EXPECT_EQ(other.page.header("Retry-After"), "30");
  EXPECT_TRUE(other.page.says("Try again in 30 seconds."));
  EXPECT_EQ(site.look("alice").view.failures, 5U);
  EXPECT_EQ(other.get("/2fa/challenge").status, 200);
  EXPECT_TRUE(other.page.says("Try again in 30 seconds."));
  site.world().pass_time(30);
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
}

TEST_F(Challenge, AKnownBrowserHasALaneOfItsOwn) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(guess(other), 422);
  const View seen = site.look("alice").view;
  EXPECT_EQ(seen.retry_after_s[static_cast<std::size_t>(Lane::other)], 30U);
  EXPECT_EQ(seen.retry_after_s[static_cast<std::size_t>(Lane::known)], 0U);
  Browser forger(site, "alice");
  for (const auto& [name, value] : alice.cookies) {
    if (name.find("-known-") != std::string::npos) forger.cookies[name] = std::string(value.size(), '0');
  }
  forger.get("/2fa/challenge");
  EXPECT_EQ(forger.post("/2fa/challenge", {{"code", site.code(key)}}).status, 429)
      << "a lane with all the others";
  const std::string pass_name = [&] {
    for (const auto& [name, value] : alice.cookies)
      if (name.find("-pass-") != std::string::npos) return name;
    return std::string();
  }();
  alice.cookies.erase(pass_name);
  alice.get("/2fa/challenge");
  EXPECT_EQ(alice.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
}

TEST_F(Challenge, MisformedIsNeitherEvaluatedNorCharged) {
  other.get("/2fa/challenge");
  const auto before = site.world().version(service::test::account_of("alice"));
  for (const std::string& bad :
       {std::string("12345"), std::string("1234567"), std::string("12345a"),
        std::string("123\0"
                    "456",
                    7),
        std::string("\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x95\xEF\xBC\x96"),
        std::string()}) {
    EXPECT_EQ(other.post("/2fa/challenge", {{"code", bad}}).status, 422);
    EXPECT_TRUE(other.page.says("Enter the six digits"));
  }
  EXPECT_EQ(site.world().version(service::test::account_of("alice")), before);
  EXPECT_EQ(site.look("alice").view.failures, 0U);
}

TEST_F(Challenge, LockedAfterAHundredAndOnlyTheRecoveryCodeIsLeft) {
  const Token epoch = site.look("alice").epoch;
  other.get("/2fa/challenge");
  const std::string early = other.hidden("/2fa/challenge", "form");
  int failures = 0;
  while (site.look("alice").view.failures < 100) {
    auto verify = service::test::operation_of(service::test::account_of("alice"), Kind::verify, Lane::known);
    verify.event.code = service::test::code_of(site.wrong_code(key));
    const auto answer = site.world().run(verify);
    if (answer.verdict == Verdict::waiting) site.world().pass_time(answer.retry_after_s);
    ASSERT_LT(++failures, 1000);
  }
  const auto account = service::test::account_of("alice");
  const auto before = site.world().version(account);
  EXPECT_EQ(other.post("/2fa/challenge", {{"form", early}, {"code", site.code(key)}}).status, 403)
      << "the right code is not looked at";
  EXPECT_EQ(site.world().version(account), before);
  EXPECT_EQ(other.get("/2fa/challenge").status, 403);
  EXPECT_TRUE(other.page.says("href=\"/2fa/recover\""));
  EXPECT_TRUE(std::equal(std::begin(epoch.b), std::end(epoch.b), site.look("alice").epoch.b))
      << "passes stay alive";
  EXPECT_EQ(other.get("/2fa/recover").status, 200);
  EXPECT_EQ(other.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 200);
}

TEST_F(Challenge, OffPassesAtOnce) {
  Browser bob(site, "bob");
  EXPECT_EQ(bob.get("/2fa/challenge", "next=/club/").header("Location"), "/club/");
  EXPECT_EQ(bob.gate().status, 200);
}

TEST_F(Challenge, ACodeDoesNotPassAnAccountThatIsOff) {
  Browser bob(site, "bob");
  bob.enroll();
  Browser two(site, "bob");
  two.get("/2fa/challenge");
  auto reset = service::test::operation_of(service::test::account_of("bob"), Kind::operator_reset);
  reset.operator_name = "ines";
  reset.reason = "left";
  site.world().run(reset);
  EXPECT_EQ(two.post("/2fa/challenge", {{"code", "123456"}}).status, 409);
  EXPECT_EQ(two.cookie("pass"), "");
}

TEST_F(Challenge, ApachesErrorDocumentTellsWhereToGoOn) {
  auto request = other.request("GET", "/2fa/challenge");
  set(request, "REDIRECT_STATUS", "403");
  set(request, "REDIRECT_URL", "/club/caf\xC3\xA9");
  set(request, "REDIRECT_QUERY_STRING", "a=1");
  other.send(std::move(request));
  EXPECT_EQ(other.hidden("/2fa/challenge", "next"), "/club/caf%C3%A9?a=1");
  auto plain = other.request("GET", "/2fa/challenge");
  set(plain, "REDIRECT_STATUS", "200");
  set(plain, "REDIRECT_URL", "/club/");
  other.send(std::move(plain));
  EXPECT_EQ(other.hidden("/2fa/challenge", "next"), "");
}

TEST_F(Challenge, ANewPassAtEachAcceptance) {
  other.get("/2fa/challenge");
  other.post("/2fa/challenge", {{"code", site.code(key)}});
  EXPECT_NE(other.cookie("pass"), alice.cookie("pass"));
}

// Another spelling of an account that needs a code (spec 2.10).
TEST(LookAlike, IsToldToSignInAsRegistered) {
  Site site;
  Browser alice(site, "alice");
  alice.enroll();
  Browser other(site, "ALICE");
  for (const char* path : {"/2fa/challenge", "/2fa/", "/2fa/enroll", "/2fa/disable", "/2fa/recover"}) {
    EXPECT_EQ(other.get(path).status, 403) << path;
    EXPECT_TRUE(other.page.says("exactly as you registered")) << path;
  }
}

TEST(LookAlike, EnrollsNobodyByAFormThatWasOpen) {
  Site site;
  Browser other(site, "ALICE");
  other.get("/2fa/");
  Browser alice(site, "alice");
  alice.enroll();
  EXPECT_EQ(other.post("/2fa/enroll").status, 403);
  EXPECT_TRUE(other.page.says("exactly as you registered"));
  EXPECT_EQ(site.look("ALICE").view.state, State::off);
}

}  // namespace
}  // namespace twinlock::pages
