// The way back after a loss, row by row of SPEC 6.
#include <gtest/gtest.h>

#include "property_tests/unit/http/site.hpp"

namespace twinlock::http::test {
namespace {

class Recovery : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  Browser lost{site, "alice"};  // the browser that asks
  Browser elsewhere{site, ""};  // where the mail is read: nobody is signed in
  std::string link;

  void SetUp() override {
    alice.enroll();
    site.next_step();
  }
  void ask() {
    lost.get("/2fa/recover");
    ASSERT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 200);
    link = site.link("alice");
  }
};

TEST_F(Recovery, AWrongCodeIsChargedAndATypingErrorIsNot) {
  lost.get("/2fa/recover");
  const auto account = service::test::account_of("alice");
  const auto before = site.world().version(account);
  EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", "abcd"}}).status, 422);
  EXPECT_TRUE(lost.page.says("typing error"));
  EXPECT_EQ(site.world().version(account), before);
  EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", "0000-0000-0000-0000-0000-0000-000"}}).status, 422);
  EXPECT_TRUE(lost.page.says("was not accepted"));
  EXPECT_NE(site.world().version(account), before);
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Recovery, TheAddressIsMaskedAndTheLinkIsInTheMailOnly) {
  ask();
  EXPECT_TRUE(lost.page.says("a***@e***.org"));
  EXPECT_FALSE(lost.page.says("alice@example.org"));
  EXPECT_FALSE(lost.page.says(link));
  EXPECT_EQ(lost.gate().status, 403) << "a lone recovery code signs nobody in";
}

TEST_F(Recovery, GetOnlyShowsAButton) {
  ask();
  const auto account = service::test::account_of("alice");
  const auto before = site.world().version(account);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(elsewhere.get("/2fa/recover/confirm", "token=" + link).status, 200);
  EXPECT_EQ(site.world().version(account), before);
}

TEST_F(Recovery, InTheBrowserThatAskedAButtonIsEnough) {
  ask();
  EXPECT_EQ(lost.get("/2fa/recover/confirm", "token=" + link).status, 200);
  EXPECT_FALSE(lost.page.says("name=\"recovery_code\""));
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 200);
  EXPECT_EQ(site.look("alice").view.state, State::off);
  EXPECT_EQ(lost.gate().status, 200);
  EXPECT_EQ(lost.get("/2fa/recover/confirm", "token=" + link).status, 200);
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 409) << "the link is dead";
}

TEST_F(Recovery, AnotherBrowserProvesAgain) {
  ask();
  elsewhere.get("/2fa/recover/confirm", "token=" + link);
  EXPECT_TRUE(elsewhere.page.says("name=\"recovery_code\""));
  EXPECT_EQ(elsewhere.post("/2fa/recover/confirm").status, 422);
  EXPECT_EQ(elsewhere.post("/2fa/recover/confirm", {{"recovery_code", "abcd"}}).status, 422);
  EXPECT_EQ(
      elsewhere.post("/2fa/recover/confirm", {{"recovery_code", "0000-0000-0000-0000-0000-0000-000"}}).status,
      422);
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
  EXPECT_EQ(elsewhere.post("/2fa/recover/confirm", {{"recovery_code", alice.recovery_code}}).status, 200);
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST_F(Recovery, ThePageOfTheLinkLoadsNothingElse) {
  ask();
  elsewhere.get("/2fa/recover/confirm", "token=" + link);
  for (const char* loads : {"<link", "<script", "<img", "src="})
    EXPECT_FALSE(elsewhere.page.says(loads)) << loads;
  EXPECT_TRUE(elsewhere.page.says("<style>"));
  EXPECT_TRUE(elsewhere.page.says("<meta name=\"referrer\" content=\"strict-origin\">"));
  EXPECT_NE(elsewhere.page.header("Content-Security-Policy").find("style-src 'self' 'sha256-"),
            std::string::npos);
}

TEST_F(Recovery, AForgedOrForeignLinkChangesNothing) {
  ask();
  std::string forged = link;
  forged[2] = forged[2] == 'A' ? 'B' : 'A';
  elsewhere.get("/2fa/recover/confirm", "token=" + forged);
  EXPECT_EQ(elsewhere.post("/2fa/recover/confirm", {{"recovery_code", alice.recovery_code}}).status, 422);
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
  EXPECT_EQ(elsewhere.get("/2fa/recover/confirm", "token=abc").status, 400);
  EXPECT_EQ(elsewhere.get("/2fa/recover/confirm").status, 400);
  Browser mallory(site, "mallory");
  EXPECT_EQ(mallory.get("/2fa/recover/confirm", "token=" + link).status, 403);
}

TEST_F(Recovery, TheFormIsForItsLinkOnly) {
  ask();
  lost.get("/2fa/recover/confirm", "token=" + link);
  const std::string form = lost.hidden("/2fa/recover/confirm", "form");
  std::string forged = link;
  forged[2] = forged[2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(lost.post("/2fa/recover/confirm", {{"form", form}, {"token", forged}}).status, 403);
}

TEST_F(Recovery, ALinkLivesTenMinutes) {
  ask();
  site.world().pass_time(recovery_s_max);
  lost.get("/2fa/recover/confirm", "token=" + link);
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 409);
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Recovery, AtMostThreeLinksAnHour) {
  for (int i = 0; i < 3; ++i) {
    lost.get("/2fa/recover");
    EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 200);
  }
  lost.get("/2fa/recover");
  EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 429);
  EXPECT_EQ(lost.page.header("Retry-After"), "3600");
  EXPECT_TRUE(lost.page.says("Try again in 1 hour."));
}

TEST_F(Recovery, NoAddressOnFileSaysWhomToAsk) {
  Browser bob(site, "bob", "");
  bob.enroll();
  Browser two(site, "bob", "");
  two.get("/2fa/recover");
  EXPECT_EQ(two.post("/2fa/recover", {{"recovery_code", bob.recovery_code}}).status, 409);
  EXPECT_TRUE(two.page.says("No mail address on file"));
  EXPECT_TRUE(two.page.says("Please ask the help desk, room 12."));
  EXPECT_EQ(site.look("bob").view.state, State::on);
}

TEST_F(Recovery, WhereRequiredItLeadsToReplacingWithAGrant) {
  Site strict(Rules{.required = true, .replace_after_recovery = false, .strict = false});
  Browser bob(strict, "bob");
  bob.enroll();
  Browser asks(strict, "bob");
  asks.get("/2fa/recover");
  asks.post("/2fa/recover", {{"recovery_code", bob.recovery_code}});
  asks.get("/2fa/recover/confirm", "token=" + strict.link("bob"));
  EXPECT_EQ(asks.post("/2fa/recover/confirm").status, 200);
  EXPECT_EQ(strict.look("bob").view.state, State::replacing);
  EXPECT_NE(asks.cookie("grant"), "");
  EXPECT_EQ(asks.gate().status, 403);
  EXPECT_EQ(bob.gate().status, 403) << "old passes are dead";
  EXPECT_EQ(bob.get("/2fa/challenge").status, 200);
  EXPECT_TRUE(bob.page.says("name=\"grant\"")) << "another browser learns how to go on";
  EXPECT_EQ(asks.get("/2fa/enroll").status, 200);
  EXPECT_EQ(asks.post("/2fa/enroll").status, 303);
  EXPECT_EQ(asks.get("/2fa/enroll").status, 200);
  EXPECT_EQ(asks.post("/2fa/enroll/confirm", {{"code", strict.code(text_of(asks.page.body, "key"))}}).status,
            200);
  EXPECT_EQ(strict.look("bob").view.state, State::on);
}

TEST_F(Recovery, ASignInCancelsIt) {
  ask();
  const auto key_browser = alice.get("/2fa/");
  EXPECT_TRUE(key_browser.says("A recovery was asked for"));
}

}  // namespace
}  // namespace twinlock::http::test
