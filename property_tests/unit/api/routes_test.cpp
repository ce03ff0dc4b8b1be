// SPDX-License-Identifier: Apache-2.0
// Every route of spec 8's table, as it goes when all is well.
#include "adapters/http/cookies.hpp"
#include "adapters/mail/compose.hpp"
#include "property_tests/unit/api/routes_fixture.hpp"

namespace twinlock::api::test {
namespace {

TEST_F(Routes, AnUnknownAccountIsOff) {
  const Seen seen = site.get("/accounts/nobody");
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.header("Content-Type"), "application/json");
  EXPECT_EQ(seen.body,
            R"({"state":"off","code_required":false,"locked":false,"retry_after_s":0,"failures":0,)"
            R"("enrolled_at":null,"last_used_at":null,"recovery_code":null})"
            "\n");
  EXPECT_EQ(site.world().version(service::test::account_of("nobody")), 0U);
}

TEST_F(Routes, AnAccountThatIsOn) {
  const auto alice = site.enroll("alice");
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.world().wrong_code(alice))).status, 422);
  const Seen seen = site.get("/accounts/alice");
  EXPECT_EQ(seen.text("state"), "on");
  EXPECT_EQ(seen.number("failures"), 1);
  EXPECT_EQ(seen.number("enrolled_at"), 1'700'000'010);
}

TEST_F(Routes, EnrollmentShowsWhatAnAppNeeds) {
  const Seen seen = site.post("/accounts/alice/enrollment", "{}");
  EXPECT_EQ(seen.status, 201);
  const std::string secret = seen.text("secret");
  EXPECT_EQ(secret.size(), 32U);
  EXPECT_EQ(seen.text("enrollment_id").size(), 32U);
  EXPECT_EQ(seen.text("otpauth_uri"), "otpauth://totp/Example:alice?secret=" + secret +
                                          "&issuer=Example&algorithm=SHA1&digits=6&period=30");
  EXPECT_TRUE(seen.text("qr_svg").starts_with("<svg xmlns="));
  EXPECT_EQ(seen.number("expires_at"), 1'700'000'010 + 600);
}

TEST_F(Routes, EnrollmentTakesLabelIssuerAndAddress) {
  const Seen seen = site.post("/accounts/alice/enrollment",
                              R"({"issuer":"Förde","label":"Alice A.","email":"alice@example.org"})");
  EXPECT_EQ(seen.status, 201);
  EXPECT_NE(seen.text("otpauth_uri").find("otpauth://totp/F%C3%B6rde:Alice%20A.?"), std::string::npos);
  EXPECT_EQ(site.world().service().look(service::test::account_of("alice"))->masked_email, "a***@e***.org");
}

TEST_F(Routes, ConfirmTurnsOnAndSpendsTheStep) {
  const auto alice = site.enroll("alice");
  EXPECT_EQ(site.recovery_code.size(), 33U);  // 27 symbols in groups of four
  EXPECT_EQ(site.get("/accounts/alice").text("state"), "on");
  site.world().pass_time(0 - step_s);
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.code(alice))).status, 422);
}

TEST_F(Routes, CancelEndsAnEnrollment) {
  const Seen begun = site.post("/accounts/alice/enrollment", "{}");
  const std::string body = R"({"enrollment_id":")" + begun.text("enrollment_id") + "\"}";
  const Seen seen = site.ask(request_of({"DELETE", "/accounts/alice/enrollment", body, site.app_key}));
  EXPECT_EQ(seen.status, 204);
  EXPECT_EQ(seen.body, "");
  EXPECT_EQ(seen.header("Content-Length"), "");
  EXPECT_EQ(site.get("/accounts/alice").text("state"), "off");
}

TEST_F(Routes, VerifySaysTheStepOnce) {
  const auto alice = site.enroll("alice");
  const std::string body = code_body(site.code(alice));
  const Seen seen = site.post("/accounts/alice/verify", body);
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body,
            R"({"verdict":"accepted","step":)" + std::to_string((1'700'000'010 + 30) / 30) + "}\n");
  EXPECT_EQ(site.post("/accounts/alice/verify", body).status, 422);
  EXPECT_EQ(site.get("/accounts/alice").number("last_used_at"), 1'700'000'040);
}

TEST_F(Routes, KnownIsALaneOfItsOwn) {
  const auto alice = site.enroll("alice");
  const std::string wrong = site.world().wrong_code(alice);
  for (int i = 0; i < 5; ++i) site.post("/accounts/alice/verify", code_body(wrong));
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.code(alice))).status, 429);
  const Seen seen =
      site.post("/accounts/alice/verify", R"({"code":")" + site.code(alice) + R"(","known":true})");
  EXPECT_EQ(seen.status, 200);
}

TEST_F(Routes, AnAddressIsAdoptedInAnAcceptanceAlone) {
  const auto alice = site.enroll("alice");
  const auto address = [&] { return site.world().service().look(alice.account)->masked_email; };
  const auto with = [](const std::string& code) {
    return R"({"code":")" + code + R"(","email":"new@example.net"})";
  };
  EXPECT_EQ(site.post("/accounts/alice/verify", with(site.world().wrong_code(alice))).status, 422);
  EXPECT_EQ(address(), "a***@e***.org");
  EXPECT_EQ(site.post("/accounts/alice/verify", with(site.code(alice))).status, 200);
  EXPECT_EQ(address(), "n***@e***.net");
}

TEST_F(Routes, AnAddressAtTheEndOfAnEnrollmentIsAdopted) {
  auto alice = site.enroll("alice");
  const auto address = [&] { return site.world().service().look(alice.account)->masked_email; };
  EXPECT_EQ(site.post("/accounts/alice/disable", code_body(site.code(alice))).status, 200);
  site.next_step();
  alice = site.enroll("alice", "other@example.net");
  EXPECT_EQ(address(), "a***@e***.org") << "begun with another one, not confirmed with it";
  EXPECT_EQ(site.post("/accounts/alice/disable", code_body(site.code(alice))).status, 200);
  site.next_step();
  const auto begun = site.world().run(service::test::operation_of(alice.account, Kind::begin_enrollment));
  const auto pending = site.world().service().pending(alice.account, *begun.enrollment_id);
  ASSERT_TRUE(pending && *pending);
  alice.secret.assign(std::begin((*pending)->secret.b), std::end((*pending)->secret.b));
  const Seen seen =
      site.post("/accounts/alice/enrollment/confirm", R"({"email":"other@example.net","enrollment_id":")" +
                                                          http::token_text(*begun.enrollment_id) +
                                                          R"(","code":")" + site.code(alice) + "\"}");
  EXPECT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(address(), "o***@e***.net");
}

TEST_F(Routes, DisableWipes) {
  const auto alice = site.enroll("alice");
  const Seen seen = site.post("/accounts/alice/disable", code_body(site.code(alice)));
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body, "{\"state\":\"off\"}\n");
}

TEST_F(Routes, ANewRecoveryCode) {
  const auto alice = site.enroll("alice");
  const std::string old = site.recovery_code;
  const Seen seen = site.post("/accounts/alice/recovery-code", code_body(site.code(alice)));
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.text("recovery_code").size(), old.size());
  EXPECT_NE(seen.text("recovery_code"), old);
  EXPECT_EQ(site.post("/accounts/alice/recovery", R"({"recovery_code":")" + old + "\"}").problem(),
            "rejected");
}

TEST_F(Routes, RecoveryWithTheAskersSecret) {
  const auto alice = site.enroll("alice");
  const Seen asked =
      site.post("/accounts/alice/recovery", R"({"recovery_code":")" + site.recovery_code + "\"}");
  EXPECT_EQ(asked.status, 202);
  EXPECT_EQ(asked.text("asker_secret").size(), 32U);
  const Seen seen =
      site.post("/recovery/confirm", R"({"token":")" + newest_link(alice.account) + R"(","asker_secret":")" +
                                         asked.text("asker_secret") + "\"}");
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.body, "{\"state\":\"off\",\"grant\":null}\n");
}

TEST_F(Routes, WithoutARightLinkNobodyLearnsWhetherARecoveryRuns) {
  const auto alice = site.enroll("alice");
  const auto by_a_made_up_link = [this](const store::Account& account) {
    const std::string token = service::link_token(account, Token{{7}});
    return site.post("/recovery/confirm",
                     R"({"token":")" + token + R"(","asker_secret":")" + std::string(32, '0') + "\"}");
  };
  const Seen on = by_a_made_up_link(alice.account);
  ASSERT_EQ(
      site.post("/accounts/alice/recovery", R"({"recovery_code":")" + site.recovery_code + "\"}").status,
      202);
  const Seen recovering = by_a_made_up_link(alice.account);
  const Seen nobody = by_a_made_up_link(service::test::account_of("nobody"));
  EXPECT_EQ(recovering.status, 422);
  for (const Seen* other : {&on, &nobody}) {
    EXPECT_EQ(other->head, recovering.head);
    EXPECT_EQ(other->body, recovering.body);
  }
}

TEST(RoutesWherePolicyRequires, RecoveryGivesAGrantThatEnrolls) {
  Site site({.required = true, .required_from = 0, .replace_after_recovery = false, .strict = false});
  const auto alice = site.enroll("alice");
  const std::string proof = R"("recovery_code":")" + site.recovery_code + "\"}";
  EXPECT_EQ(site.post("/accounts/alice/recovery", "{" + proof).status, 202);
  const auto link = service::test::link_in(site.world().mails(alice.account).back().message);
  ASSERT_TRUE(link);
  const std::string token = service::link_token(link->account, link->link);
  const Seen seen = site.post("/recovery/confirm", R"({"token":")" + token + R"(",)" + proof);
  EXPECT_EQ(seen.text("state"), "replacing");
  EXPECT_EQ(site.post("/accounts/alice/disable", code_body("123456")).problem(), "wrong_state");
  const Seen without = site.post("/accounts/alice/enrollment", "{}");
  EXPECT_EQ(without.problem(), "wrong_state");
  EXPECT_EQ(without.text("field"), "grant");
  const Seen other =
      site.post("/accounts/alice/enrollment", R"({"grant":"0000-0000-0000-0000-0000-0000-000"})");
  EXPECT_EQ(other.problem(), "rejected");
  const Seen begun = site.post("/accounts/alice/enrollment", R"({"grant":")" + seen.text("grant") + "\"}");
  EXPECT_EQ(begun.status, 201) << begun.body;
}

TEST_F(Routes, RevokePassesMovesTheEpochAndSaysWho) {
  const auto alice = site.enroll("alice");
  const Token before = site.world().service().look(alice.account)->epoch;
  const Seen seen = site.post("/accounts/alice/revoke-passes", "");
  EXPECT_EQ(seen.status, 204);
  const Token after = site.world().service().look(alice.account)->epoch;
  EXPECT_NE(std::string(std::begin(before.b), std::end(before.b)),
            std::string(std::begin(after.b), std::end(after.b)));
  EXPECT_NE(audit(alice.account).find("\"operator\":\"API key "), std::string::npos);
  EXPECT_EQ(site.post("/accounts/alice/revoke-passes", "{}").status, 204);
}

TEST_F(Routes, ResetAndUnlockAreAuditedUnderTheNameInTheBody) {
  const auto alice = site.enroll("alice");
  const std::string wrong = site.world().wrong_code(alice);
  for (int i = 0; i < 5; ++i) site.post("/accounts/alice/verify", code_body(wrong));
  const Seen unlocked = site.operate("/accounts/alice/unlock", R"({"operator":"bob","reason":"called"})");
  EXPECT_EQ(unlocked.status, 200);
  const std::string ticket = unlocked.text("ticket");
  EXPECT_EQ(ticket.size(), 33U);
  EXPECT_EQ(unlocked.number("expires_at"),
            static_cast<std::int64_t>(site.world().environment().now + ticket_s_max));
  EXPECT_NE(audit(alice.account).find(R"("operator":"bob","reason":"called")"), std::string::npos);
  EXPECT_EQ(site.post("/accounts/alice/verify", code_body(site.code(alice))).status, 429);
  const auto with_ticket = [&](const std::string& code, const std::string& of) {
    return site.post("/accounts/alice/verify", R"({"code":")" + code + R"(","ticket":")" + of + "\"}");
  };
  const Seen dead = with_ticket(site.code(alice), text::format(Token{{1}}));
  EXPECT_EQ(dead.status, 429);
  EXPECT_NE(dead.text("detail").find("does not count"), std::string::npos);
  EXPECT_EQ(with_ticket(site.code(alice), "1234").status, 422);
  const Seen mistyped = with_ticket(wrong, ticket);
  EXPECT_EQ(mistyped.status, 422);
  EXPECT_FALSE(mistyped.has("retry_after_s")) << "the ticket lets the next one be looked at now";
  site.next_step();
  EXPECT_EQ(with_ticket(site.code(alice), ticket).status, 200);
  const Seen reset = site.operate("/accounts/alice/reset", R"({"operator":"bob","reason":"lost"})");
  EXPECT_EQ(reset.status, 200);
  EXPECT_EQ(reset.body, "{\"state\":\"off\",\"grant\":null}\n");
  EXPECT_NE(audit(alice.account).find(R"("operator":"bob","reason":"lost")"), std::string::npos);
}

TEST_F(Routes, TheAuditInPages) {
  site.enroll("alice");
  const Seen all = site.inspect("/accounts/alice/audit");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(all.header("Link"), "");
  simdjson::dom::parser parser;
  const std::string first = all.body.substr(0, all.body.find('\n'));
  EXPECT_EQ(std::string_view(parser.parse(first)["entry"]["event"]), "begin_enrollment");
  const Seen one = site.inspect("/accounts/alice/audit?limit=1");
  EXPECT_EQ(one.body, first + "\n");
  EXPECT_EQ(one.header("Link"), "<?after=1&limit=1>; rel=\"next\"");
  const Seen two = site.inspect("/accounts/alice/audit?after=1&limit=5");
  EXPECT_EQ(one.body + two.body, all.body);
  EXPECT_EQ(site.inspect("/accounts/nobody/audit").body, "");
}

TEST_F(Routes, Metrics) {
  const Seen seen = site.inspect("/metrics");
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(seen.body, "counted 1\n");
}

TEST_F(Routes, HeadSaysWhatGetWould) {
  for (const char* path : {"/accounts/alice", "/nothing", "/accounts/alice/verify"}) {
    const Seen get = site.ask(request_of({"GET", path, {}, site.app_key}));
    const Seen head = site.ask(request_of({"HEAD", path, {}, site.app_key}));
    EXPECT_EQ(head.head, get.head) << path;
    EXPECT_EQ(head.body, "") << path;
  }
}

TEST_F(Routes, ReadingChangesNothing) {
  const auto alice = site.enroll("alice");
  const auto before = site.world().version(alice.account);
  site.get("/accounts/alice");
  site.inspect("/accounts/alice/audit");
  for (const char* path : {"/verify", "/disable", "/revoke-passes", "/enrollment", "/reset", "/unlock"}) {
    for (const char* method : {"GET", "HEAD", "OPTIONS", "PUT"}) {
      const std::string body = code_body(site.code(alice));
      site.ask(request_of({method, std::string("/accounts/alice") + path, body, site.app_key}));
    }
  }
  EXPECT_EQ(site.world().version(alice.account), before);
}

TEST_F(Routes, MailIsInTheLanguageThatTheApplicationPassesOn) {
  const auto alice = site.enroll("alice");
  for (const auto& [sent, language] :
       {std::pair("de", text::Language::german), {"", text::Language::english}}) {
    auto request =
        request_of({"POST", "/accounts/alice/recovery-code", code_body(site.code(alice)), site.app_key});
    if (*sent != 0) set(request, "HTTP_ACCEPT_LANGUAGE", sent);
    ASSERT_EQ(site.ask(std::move(request)).status, 200);
    const auto expected = mail::compose({.topic = mail::Topic::recovery_code_renewed,
                                         .language = language,
                                         .to = {},
                                         .account = {},
                                         .issuer = "Example",
                                         .time = 0,
                                         .source_address = {},
                                         .contact = {},
                                         .link = {},
                                         .new_address = {}});
    EXPECT_EQ(site.world().mails(alice.account).back().message.subject, expected.subject) << sent;
    site.next_step();
  }
}

}  // namespace
}  // namespace twinlock::api::test
