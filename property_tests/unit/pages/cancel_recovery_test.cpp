// SPDX-License-Identifier: Apache-2.0
// The victim of a recovery that a thief began, who has password and recovery code, but not the app.
#include <gtest/gtest.h>

#include "adapters/pages/page.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class Victim : public testing::Test {
 protected:
  Site site;
  Browser victim{site, "alice"};  // with a pass
  Browser thief{site, "alice"};
  Browser other{site, "alice"};  // the victim's, without one
  std::string key;
  std::string when;

  void SetUp() override {
    key = victim.enroll();
    site.next_step();
    thief.get("/2fa/recover");
    ASSERT_EQ(thief.post("/2fa/recover", {{"recovery_code", victim.recovery_code}}).status, 200);
    when = "At " + say_time(site.world().environment().now);
    site.next_step();
  }
  void expect_cancelled(Browser& browser) {
    EXPECT_EQ(browser.page.status, 200);
    EXPECT_TRUE(browser.page.says("The recovery is cancelled"));
    EXPECT_TRUE(browser.page.says("href=\"/2fa/recovery-code\">Make a new recovery code</a>"));
    EXPECT_EQ(site.look("alice").view.state, State::on);
    EXPECT_EQ(browser.gate().status, 200) << "it was a code, so it is a sign-in too";
    thief.get("/2fa/recover/confirm", "token=" + site.link("alice"));
    EXPECT_EQ(thief.post("/2fa/recover/confirm").status, 422) << "the link is dead";
  }
};

TEST_F(Victim, CancelsItOnTheSecurityPage) {
  victim.get("/2fa/");
  EXPECT_TRUE(victim.page.says(when));
  EXPECT_TRUE(victim.page.says("class=\"card alarm\""));
  EXPECT_TRUE(victim.page.says("Cancel this recovery"));
  victim.post("/2fa/recover/cancel", {{"code", site.code(key)}});
  expect_cancelled(victim);
}

TEST_F(Victim, IsLedThereFromTheRenewalAndNoCodeIsSpent) {
  EXPECT_EQ(victim.get("/2fa/recovery-code").status, 409);
  EXPECT_TRUE(victim.page.says(when));
  EXPECT_EQ(victim.post("/2fa/recover/cancel", {{"code", site.code(key)}}).status, 200);
  expect_cancelled(victim);
}

TEST_F(Victim, KeepsTheCodeOfARenewalThatWasOpenBefore) {
  victim.get("/2fa/recover/cancel");
  victim.post("/2fa/recover/cancel", {{"code", site.code(key)}});
  victim.get("/2fa/recovery-code");
  const auto open_page = victim.page;
  thief.get("/2fa/recover");
  ASSERT_EQ(thief.post("/2fa/recover", {{"recovery_code", victim.recovery_code}}).status, 200);
  site.next_step();
  victim.page = open_page;
  EXPECT_EQ(victim.post("/2fa/recovery-code", {{"code", site.code(key)}}).status, 409);
  EXPECT_TRUE(victim.page.says("Cancel this recovery"));
  EXPECT_EQ(victim.post("/2fa/recover/cancel", {{"code", site.code(key)}}).status, 200);
  expect_cancelled(victim);
}

TEST_F(Victim, IsToldAtThePromptWhereACodeCancelsIt) {
  other.get("/2fa/challenge");
  EXPECT_TRUE(other.page.says("role=\"alert\""));
  EXPECT_TRUE(other.page.says(when));
  EXPECT_TRUE(other.page.says("signing in with a code cancels it"));
  EXPECT_EQ(other.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Victim, NeedsNoPassToCancel) {
  EXPECT_EQ(other.get("/2fa/recover/cancel").status, 200);
  EXPECT_TRUE(other.page.says(when));
  EXPECT_EQ(other.post("/2fa/recover/cancel", {{"code", site.wrong_code(key)}}).status, 422);
  EXPECT_TRUE(other.page.says("id=\"code-error\""));
  EXPECT_TRUE(other.page.says(when)) << "it is still said";
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
  EXPECT_EQ(site.look("alice").view.failures, 1U) << "a guess here is a guess";
  other.post("/2fa/recover/cancel", {{"code", site.code(key)}});
  expect_cancelled(other);
}

TEST_F(Victim, IsToldNothingWhereNoRecoveryRuns) {
  site.world().pass_time(recovery_s_max);
  EXPECT_EQ(victim.get("/2fa/recover/cancel").header("Location"), "/2fa/");
  EXPECT_FALSE(victim.get("/2fa/").says("alarm"));
  EXPECT_FALSE(other.get("/2fa/challenge").says("alarm"));
  EXPECT_EQ(victim.get("/2fa/recovery-code").status, 200);
}

TEST_F(Victim, IsPointedThereByTheMail) {
  const auto mails = site.world().mails(service::test::account_of("alice"));
  EXPECT_NE(mails.back().message.text.find("Cancel this"), std::string::npos) << mails.back().message.text;
}

}  // namespace
}  // namespace twinlock::pages
