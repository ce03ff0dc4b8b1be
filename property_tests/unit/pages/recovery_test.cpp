// SPDX-License-Identifier: Apache-2.0
// The way back after a loss, row by row of spec 6.1.
#include <gtest/gtest.h>
#include <openssl/base64.h>
#include <openssl/sha.h>

#include <functional>

#include "adapters/text/crockford.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class Recovery : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  Browser lost{site, "alice"};  // the browser that asks
  Browser elsewhere{site, ""};  // where the mail is read: nobody is signed in
  std::string link;
  std::string key;

  void SetUp() override {
    key = alice.enroll();
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
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 422) << "the link is dead";
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

std::string sha256_base64(const std::string& text) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  std::array<std::uint8_t, 45> out{};
  EVP_EncodeBlock(out.data(), digest.data(), digest.size());
  return reinterpret_cast<const char*>(out.data());
}

// Whatever it loaded would be asked for the first sign-in. A browser is told to load nothing, too: no 'self'
// but for forms, and the hash of exactly this style.
void expect_bare(const Seen& seen) {
  SCOPED_TRACE(seen.body);
  EXPECT_FALSE(seen.says("<script"));
  EXPECT_FALSE(seen.says("src="));
  EXPECT_FALSE(seen.says("rel=\"stylesheet\""));
  EXPECT_TRUE(seen.says("<link rel=\"icon\" href=\"data:,\">")) << "else the browser asks for /favicon.ico";
  const auto begin = seen.body.find("<style>") + 7;
  const std::string style = seen.body.substr(begin, seen.body.find("</style>") - begin);
  EXPECT_EQ(seen.header("Content-Security-Policy"),
            "default-src 'none'; style-src 'sha256-" + sha256_base64(style) +
                "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
}

TEST_F(Recovery, ThePagesOfTheLinkLoadNothingElse) {
  ask();
  const std::string path = "/2fa/recover/confirm";
  expect_bare(elsewhere.get(path, "token=" + link));
  EXPECT_TRUE(elsewhere.page.says("<meta name=\"referrer\" content=\"strict-origin\">"));
  for (const char* code : {"", "abcd", "0000-0000-0000-0000-0000-0000-000"}) {
    EXPECT_EQ(elsewhere.post(path, {{"recovery_code", code}}).status, 422);
    expect_bare(elsewhere.page);
  }
  const auto old_form = elsewhere.form_request(path);
  EXPECT_EQ(elsewhere.post(path, {{"recovery_code", alice.recovery_code}}).status, 200);
  expect_bare(elsewhere.page);
  elsewhere.get(path, "token=" + link);
  EXPECT_EQ(elsewhere.post(path, {{"recovery_code", alice.recovery_code}}).status, 422);
  expect_bare(elsewhere.page);
}

TEST_F(Recovery, TheErrorPagesOfTheLinkLoadNothingElse) {
  ask();
  const std::string path = "/2fa/recover/confirm";
  const auto expect = [&](int status, const std::function<void(fastcgi::Request&)>& edit, Browser& who) {
    auto request = who.request("GET", path);
    set(request, "QUERY_STRING", "token=" + link);
    edit(request);
    const auto seen = site.ask(std::move(request));
    EXPECT_EQ(seen.status, status);
    expect_bare(seen);
  };
  Browser mallory(site, "mallory");
  for (Browser* who : {&elsewhere, &mallory}) {
    expect(
        400, [](auto& r) { set(r, "QUERY_STRING", "x=1"); }, *who);
    expect(
        400, [](auto& r) { set(r, "QUERY_STRING", "token=abc"); }, *who);
    expect(
        405, [](auto& r) { set(r, "REQUEST_METHOD", "PUT"); }, *who);
    expect(
        403, [](auto& r) { set(r, "REQUEST_METHOD", "POST"), set(r, "HTTP_SEC_FETCH_SITE", "none"); }, *who);
    expect(
        415, [](auto& r) { set(r, "REQUEST_METHOD", "POST"); }, *who);
    expect(
        413, [](auto& r) { r.fault = fastcgi::RequestFault::body_too_large; }, *who);
    expect(
        400, [](auto& r) { set(r, "TWINLOCK_ACCOUNT", "a", true); }, *who);
  }
  expect(
      403, [](auto&) {}, mallory);
  expect(
      404, [](auto& r) { set(r, "SCRIPT_NAME", "/2fa/nothing"); }, elsewhere);
  site.world().environment().clock_fails = true;
  expect(
      503, [](auto&) {}, elsewhere);
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

// What a link of nobody's gets for `account`, from somebody who is not signed in.
Seen by_a_made_up_link(Site& site, const std::string& account) {
  Browser stranger(site, "");
  stranger.get("/2fa/recover/confirm",
               "token=" + service::link_token(service::test::account_of(account), Token{{7}}));
  return stranger.post("/2fa/recover/confirm", {{"recovery_code", text::format(Token{{1}})}});
}

TEST_F(Recovery, WithoutARightLinkNobodyLearnsWhetherARecoveryRuns) {
  const Seen on = by_a_made_up_link(site, "alice");
  ask();
  const Seen recovering = by_a_made_up_link(site, "alice");
  const Seen nobody = by_a_made_up_link(site, "nobody");
  EXPECT_EQ(recovering.status, 422);
  for (const Seen* other : {&on, &nobody}) {
    EXPECT_EQ(other->head, recovering.head);
    EXPECT_EQ(other->body, recovering.body);
  }
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
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
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 422);
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Recovery, AnotherBrowsersAskerSecretIsNoProof) {
  ask();
  for (const auto& [name, value] : lost.cookies) {
    if (name.find("-asker-") != std::string::npos) elsewhere.cookies[name] = std::string(value.size(), '0');
  }
  elsewhere.get("/2fa/recover/confirm", "token=" + link);
  EXPECT_EQ(elsewhere.post("/2fa/recover/confirm").status, 422);
  EXPECT_TRUE(elsewhere.page.says("name=\"recovery_code\"")) << "it is asked for the recovery code";
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
}

TEST_F(Recovery, WhereThereIsNothingToRecoverItLeadsBack) {
  Browser bob(site, "bob");
  EXPECT_EQ(bob.get("/2fa/recover").header("Location"), "/2fa/");
}

TEST_F(Recovery, AtMostThreeLinksAnHour) {
  for (int i = 0; i < 3; ++i) {
    lost.get("/2fa/recover");
    EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 200);
  }
  lost.get("/2fa/recover");
  EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 429);
  EXPECT_EQ(lost.page.header("Retry-After"), "3600");
  EXPECT_TRUE(lost.page.says("The link in the last one still works"));
  EXPECT_TRUE(lost.page.says("can be sent in 1 hour."));
  lost.get("/2fa/recover/confirm", "token=" + site.link("alice"));
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 200) << "and so it does";
}

TEST_F(Recovery, WrongCodesOfOthersDoNotShutOutTheRightOne) {
  const std::string wrong = text::format(Token{{1}});
  for (int i = 0; i < 12; ++i) {
    lost.get("/2fa/recover");
    EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", wrong}}).status, 422) << i;
  }
  lost.get("/2fa/recover");
  EXPECT_EQ(lost.post("/2fa/recover", {{"recovery_code", alice.recovery_code}}).status, 200);
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
  Site strict(Rules{.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
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
  EXPECT_TRUE(alice.get("/2fa/").says("A recovery of this account was begun"));
  Browser signs_in(site, "alice");
  signs_in.get("/2fa/challenge");
  EXPECT_EQ(signs_in.post("/2fa/challenge", {{"code", site.code(key)}}).status, 303);
  EXPECT_EQ(site.look("alice").view.state, State::on);
  lost.get("/2fa/recover/confirm", "token=" + link);
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 422) << "the link is dead";
  EXPECT_EQ(site.look("alice").view.state, State::on);
}

TEST_F(Recovery, AnEarlierLinkDies) {
  ask();
  const std::string first = link;
  ask();
  lost.get("/2fa/recover/confirm", "token=" + first);
  EXPECT_EQ(lost.post("/2fa/recover/confirm").status, 422);
  EXPECT_EQ(site.look("alice").view.state, State::recovering);
}

}  // namespace
}  // namespace twinlock::pages
