// SPDX-License-Identifier: Apache-2.0
// Setting up, row by row of spec 6.1.
#include <gtest/gtest.h>

#include "adapters/text/crockford.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

TEST(Enrollment, FromOffToOn) {
  Site site;
  Browser alice(site, "alice");
  EXPECT_EQ(alice.get("/2fa/").status, 200);
  EXPECT_TRUE(alice.page.says("aria-checked=\"false\""));
  EXPECT_EQ(alice.post("/2fa/enroll").status, 303);
  EXPECT_EQ(alice.page.header("Location"), "/2fa/enroll");
  EXPECT_EQ(alice.get("/2fa/enroll").status, 200);
  const std::string key = text_of(alice.page.body, "key");
  EXPECT_EQ(key.size(), 39U);
  EXPECT_TRUE(alice.page.says("<path fill=\"#000\" d=\"M4 4h7v1h-7z"));
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.code(key)}}).status, 200);
  EXPECT_EQ(text_of(alice.page.body, "recovery").size(), 33U);
  for (const char* part : {"data-copy=\"recovery\"", "data-print=", "data-download=\"recovery\"",
                           "action=\"/2fa/recovery-code/saved\"", "href=\"/2fa/\">Close</a>"})
    EXPECT_TRUE(alice.page.says(part)) << part;
  EXPECT_EQ(site.look("alice").view.state, State::on);
  EXPECT_EQ(alice.gate().status, 200);
  EXPECT_EQ(alice.cookie("enrollment"), "");
  EXPECT_NE(alice.cookie("pass"), "");
}

TEST(Enrollment, OnlyTheBrowserThatBeganSeesAndConfirms) {
  Site site;
  Browser one(site, "alice");
  Browser two(site, "alice");
  one.get("/2fa/");
  one.post("/2fa/enroll");
  one.get("/2fa/enroll");
  const std::string key = text_of(one.page.body, "key");
  const std::string token = one.hidden("/2fa/enroll/confirm", "form");
  EXPECT_EQ(two.get("/2fa/enroll").status, 200);
  EXPECT_FALSE(two.page.says(key));
  EXPECT_TRUE(two.page.says("There is no setup in progress"));
  two.cookies["__Host-twinlock-browser"] = one.cookie("browser");  // even with the form's own proofs
  EXPECT_EQ(two.post("/2fa/enroll/confirm", {{"form", token}, {"code", site.code(key)}}).status, 409);
  EXPECT_EQ(site.look("alice").view.state, State::enrolling);
}

TEST(Enrollment, WrongCodesAreSaidAndTheTenthCancels) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  alice.get("/2fa/enroll");
  const std::string key = text_of(alice.page.body, "key");
  for (int i = 1; i < 10; ++i) {
    ASSERT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.wrong_code(key)}}).status, 422) << i;
    ASSERT_EQ(text_of(alice.page.body, "key"), key);
    ASSERT_TRUE(alice.page.says("clock is set automatically"));
  }
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", "12345"}}).status, 422) << "misformed: not counted";
  EXPECT_TRUE(alice.page.says("six digits"));
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.wrong_code(key)}}).status, 422);
  EXPECT_TRUE(alice.page.says("Ten codes were wrong"));
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Enrollment, AWrongCodeBringsItsFieldIntoView) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  EXPECT_FALSE(alice.get("/2fa/enroll").says("autofocus")) << "the picture comes first";
  const std::string key = text_of(alice.page.body, "key");
  for (const std::string& code : {site.wrong_code(key), std::string("12")}) {
    EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", code}}).status, 422);
    EXPECT_TRUE(alice.page.says("autofocus aria-invalid=\"true\""));
  }
}

TEST(Enrollment, SaysHowLongTheKeyIsGood) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  EXPECT_TRUE(alice.get("/2fa/enroll").says("good for another 10 minutes."));
  site.world().pass_time(enrollment_s_max - 60);
  EXPECT_TRUE(alice.get("/2fa/enroll").says("good for another 1 minute."));
  site.world().pass_time(20);
  EXPECT_TRUE(alice.get("/2fa/enroll").says("good for another 40 seconds."));
}

TEST(Enrollment, AGrantOfTheBrowsersThatIsDeadIsSaid) {
  Site site(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser alice(site, "alice");
  alice.enroll();
  auto reset = service::test::operation_of(service::test::account_of("alice"), Kind::operator_reset);
  reset.operator_name = "ines";
  reset.reason = "phone lost";
  site.world().run(reset);
  std::string name;
  for (const auto& [each, value] : alice.cookies) {
    if (each.find("twinlock-pass-") != std::string::npos) name = each;
  }
  name.replace(name.find("pass"), 4, "grant");
  alice.cookies[name] = std::string(2 * token_bytes, '1');
  alice.get("/2fa/challenge");
  EXPECT_TRUE(alice.page.says("If you did not ask for this"));
  EXPECT_EQ(alice.post("/2fa/enroll").status, 403);
  EXPECT_TRUE(alice.page.says("That setup code was not accepted"));
}

TEST(Enrollment, TheSecurityPageLeadsBackToIt) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  EXPECT_TRUE(alice.get("/2fa/").says("href=\"/2fa/enroll\">Continue setting up</a>"));
  Browser other(site, "alice");
  EXPECT_FALSE(other.get("/2fa/").says("Continue setting up"));
}

// A second tab, or a double click: the key that was scanned stays good.
TEST(Enrollment, BeginningAgainInTheSameBrowserShowsTheSameKey) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/enroll", "next=/club/");
  alice.post("/2fa/enroll");
  alice.get("/2fa/enroll");
  const std::string first = text_of(alice.page.body, "key");
  const auto version = site.world().version(service::test::account_of("alice"));
  alice.get("/2fa/");
  EXPECT_EQ(alice.post("/2fa/enroll").status, 303);
  alice.get("/2fa/enroll");
  EXPECT_EQ(text_of(alice.page.body, "key"), first);
  EXPECT_EQ(site.world().version(service::test::account_of("alice")), version);
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.code(first)}}).status, 200);
  EXPECT_TRUE(alice.page.says("href=\"/club/\">Close</a>"));
}

// What the host requires is kept for where it is not asked.
TEST(Enrollment, TheHostsWordReachesTheRecord) {
  Site site;
  Browser alice(site, "alice");
  alice.parameters["TWINLOCK_REQUIRED"] = "1";
  alice.get("/2fa/enroll");
  EXPECT_TRUE(alice.page.says("Your organization requires two-factor sign-in."));
  const std::string key = alice.enroll();
  EXPECT_EQ(site.look("alice").host_word, HostWord::required);
  site.next_step();
  EXPECT_EQ(alice.get("/2fa/disable").status, 403);
  alice.parameters.erase("TWINLOCK_REQUIRED");
  EXPECT_EQ(alice.get("/2fa/disable").status, 403) << "the last word holds";
  alice.parameters["TWINLOCK_REQUIRED"] = "yes";
  EXPECT_EQ(alice.get("/2fa/").status, 400);
}

TEST(Enrollment, TooManyBeginsWait) {
  Site site;
  for (int i = 0; i < 20; ++i) {
    Browser alice(site, "alice");
    alice.get("/2fa/enroll");
    EXPECT_EQ(alice.post("/2fa/enroll").status, 303);
  }
  Browser alice(site, "alice");
  alice.get("/2fa/enroll");
  EXPECT_EQ(alice.post("/2fa/enroll").status, 429);
  EXPECT_EQ(alice.page.header("Retry-After"), "60");
  EXPECT_TRUE(alice.page.says("Try again in 1 minute."));
  site.world().pass_time(60);
  EXPECT_EQ(alice.post("/2fa/enroll").status, 303);
}

TEST(Enrollment, BeginningInAnotherBrowserForgetsTheFirstKey) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  alice.get("/2fa/enroll");
  const std::string first = text_of(alice.page.body, "key");
  Browser other(site, "alice");
  other.get("/2fa/");
  other.post("/2fa/enroll");
  other.get("/2fa/enroll");
  EXPECT_NE(text_of(other.page.body, "key"), first);
  EXPECT_EQ(other.post("/2fa/enroll/confirm", {{"code", site.code(first)}}).status, 422);
  EXPECT_EQ(site.look("alice").view.state, State::enrolling);
}

TEST(Enrollment, CancelGoesBack) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  alice.get("/2fa/enroll");
  EXPECT_EQ(alice.post("/2fa/enroll/cancel").status, 303);
  EXPECT_EQ(alice.page.header("Location"), "/2fa/");
  EXPECT_EQ(alice.cookie("enrollment"), "");
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Enrollment, ExpiresAfterTenMinutes) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  alice.post("/2fa/enroll");
  alice.get("/2fa/enroll");
  const std::string key = text_of(alice.page.body, "key");
  const auto misformed = alice.form_request("/2fa/enroll/confirm", {{"code", "12345"}});
  site.world().pass_time(enrollment_s_max);
  EXPECT_EQ(site.ask(misformed).status, 409);
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.code(key)}}).status, 409);
  EXPECT_EQ(site.look("alice").view.state, State::off);
}

TEST(Enrollment, AnActiveSecretIsNeverReplaced) {
  Site site;
  Browser alice(site, "alice");
  alice.get("/2fa/");
  const std::string early = alice.hidden("/2fa/enroll", "form");
  alice.enroll();
  EXPECT_EQ(alice.post("/2fa/enroll", {{"form", early}}).status, 409);
  EXPECT_EQ(site.look("alice").view.state, State::on);
  EXPECT_EQ(alice.get("/2fa/enroll").header("Location"), "/2fa/");
}

TEST(Enrollment, GoesOnToThePageThatWasAskedFor) {
  Site site(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser alice(site, "alice");
  EXPECT_EQ(alice.get("/2fa/challenge", "next=/club/?a=1&b=%20").header("Location"),
            "/2fa/enroll?next=/club/?a=1&b=%20");
  EXPECT_EQ(alice.get("/2fa/enroll", "next=/club/?a=1&b=%20").status, 200);
  EXPECT_EQ(alice.post("/2fa/enroll").status, 303);
  EXPECT_EQ(alice.get("/2fa/enroll").status, 200);
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.code(text_of(alice.page.body, "key"))}}).status,
            200);
  EXPECT_TRUE(alice.page.says("href=\"/club/?a=1&amp;b=%20\""));
}

TEST(Enrollment, AfterAnOperatorsResetWithTheGrant) {
  Site site(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser alice(site, "alice");
  alice.enroll();
  auto reset = service::test::operation_of(service::test::account_of("alice"), Kind::operator_reset);
  reset.operator_name = "ines";
  reset.reason = "phone lost";
  const auto answer = site.world().run(reset);
  ASSERT_TRUE(answer.grant);
  EXPECT_EQ(alice.gate().status, 403);
  EXPECT_EQ(alice.get("/2fa/challenge", "next=/club/").status, 200);
  EXPECT_TRUE(alice.page.says("name=\"grant\""));
  EXPECT_EQ(alice.post("/2fa/enroll", {{"grant", "abcd"}}).status, 422);
  Token other = *answer.grant;
  other.b[0] = static_cast<std::uint8_t>(other.b[0] ^ 1);
  EXPECT_EQ(alice.post("/2fa/enroll", {{"grant", text::format(other)}}).status, 422);
  EXPECT_EQ(alice.post("/2fa/enroll", {{"grant", " " + text::format(*answer.grant)}}).status, 303);
  EXPECT_EQ(alice.get("/2fa/enroll").status, 200);
  const std::string key = text_of(alice.page.body, "key");
  EXPECT_EQ(alice.post("/2fa/enroll/confirm", {{"code", site.code(key)}}).status, 200);
  EXPECT_EQ(site.look("alice").view.state, State::on);
  EXPECT_EQ(alice.cookie("grant"), "");
}

TEST(Enrollment, WithoutAGrantReplacingStaysReplacing) {
  Site site(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  Browser alice(site, "alice");
  alice.get("/2fa/enroll");
  const std::string early = alice.hidden("/2fa/enroll", "form");
  alice.enroll();
  auto reset = service::test::operation_of(service::test::account_of("alice"), Kind::operator_reset);
  reset.operator_name = "ines";
  reset.reason = "phone lost";
  site.world().run(reset);
  EXPECT_EQ(alice.post("/2fa/enroll", {{"form", early}}).status, 403);
  EXPECT_EQ(site.look("alice").view.state, State::replacing);
}

}  // namespace
}  // namespace twinlock::pages
