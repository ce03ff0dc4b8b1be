// SPDX-License-Identifier: Apache-2.0
// Who sets up from `off` signed in a short while ago, where the host can tell (spec 5.4).
#include <gtest/gtest.h>

#include "adapters/text/crockford.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

constexpr const char* fresh = "TWINLOCK_FRESH";

Site::Edit with_path() {
  return [](config::Config& config) { config.site.sign_in_path = "/login?next=/2fa/enroll"; };
}

TEST(Fresh, AStolenSessionSetsUpNothing) {
  Site site({}, with_path());
  Browser thief(site, "alice");
  thief.get("/2fa/");
  const auto account = service::test::account_of("alice");
  const auto before = site.world().version(account);
  thief.parameters[fresh] = "301";
  EXPECT_EQ(thief.post("/2fa/enroll").status, 403);
  EXPECT_TRUE(thief.page.says("Please sign in again first"));
  EXPECT_TRUE(thief.page.says("more than 5 minutes ago"));
  EXPECT_TRUE(thief.page.says("href=\"/login?next=/2fa/enroll\">Sign in again</a>"));
  EXPECT_EQ(thief.get("/2fa/enroll").status, 403);
  EXPECT_EQ(site.world().version(account), before);
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Fresh, AGrantThatIsNoneDoesNotHelp) {
  Site site;
  Browser thief(site, "alice");
  thief.get("/2fa/");
  thief.parameters[fresh] = "3600";
  EXPECT_EQ(thief.post("/2fa/enroll", {{"grant", text::format(Token{{1}})}}).status, 403);
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Fresh, AnotherBrowsersSetUpIsNotTakenOver) {
  Site site;
  Browser owner(site, "alice");
  owner.get("/2fa/");
  owner.post("/2fa/enroll");
  Browser thief(site, "alice");
  thief.get("/2fa/");
  thief.parameters[fresh] = "3600";
  EXPECT_EQ(thief.post("/2fa/enroll").status, 403);
  owner.parameters[fresh] = "500";  // it took a while to find the phone
  EXPECT_EQ(owner.get("/2fa/enroll").status, 200);
  EXPECT_EQ(owner.post("/2fa/enroll/confirm", {{"code", site.code(text_of(owner.page.body, "key"))}}).status,
            200);
}

TEST(Fresh, WhoSignedInAShortWhileAgoGoesOn) {
  Site site;
  Browser alice(site, "alice");
  alice.parameters[fresh] = "300";
  EXPECT_NE(alice.enroll(), "");
  EXPECT_EQ(site.look("alice").view.state, State::on);
  alice.parameters[fresh] = "90000";
  EXPECT_EQ(alice.get("/2fa/").status, 200) << "nothing else asks for it";
  EXPECT_EQ(alice.gate().status, 200);
}

TEST(Fresh, NoNumberIsNoYes) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  for (const char* bad : {"", "soon", "-1"}) {
    alice.parameters[fresh] = bad;
    EXPECT_EQ(alice.post("/2fa/enroll").status, 400) << bad;
    EXPECT_EQ(alice.gate().status, 403) << bad;
  }
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Fresh, TheLimitIsTheSites) {
  Site never({}, [](config::Config& config) { config.policy.fresh_s = 0; });
  Browser bob(never, "bob");
  bob.parameters[fresh] = "90000";
  EXPECT_NE(bob.enroll(), "");
  Site strict({}, [](config::Config& config) { config.policy.fresh_s = 30; });
  Browser carol(strict, "carol");
  carol.parameters[fresh] = "31";
  EXPECT_EQ(carol.get("/2fa/enroll").status, 403);
  EXPECT_TRUE(carol.page.says("more than 30 seconds ago"));
  EXPECT_FALSE(carol.page.says("Sign in again</a>")) << "the site named no path";
}

TEST(Fresh, AGrantIsProofEnough) {
  Site site(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser alice(site, "alice");
  alice.enroll();
  auto reset = service::test::operation_of(service::test::account_of("alice"), Kind::operator_reset);
  reset.operator_name = "ines";
  reset.reason = "phone lost";
  const auto answer = site.world().run(reset);
  ASSERT_TRUE(answer.grant);
  alice.parameters[fresh] = "90000";
  alice.get("/2fa/enroll");
  EXPECT_EQ(alice.post("/2fa/enroll", {{"grant", text::format(*answer.grant)}}).status, 303);
}

}  // namespace
}  // namespace twinlock::pages
