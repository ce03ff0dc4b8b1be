// SPDX-License-Identifier: Apache-2.0
// The API's side of what the throttle and the host's word do to the honest (spec 2.2, 2.4, 2.8).
#include "property_tests/unit/api/routes_fixture.hpp"

namespace twinlock::api::test {

namespace {

TEST_F(Routes, ARepeatedBeginShowsTheSameSecret) {
  const Seen first = site.post("/accounts/alice/enrollment", "{}");
  const std::string id = first.text("enrollment_id");
  const Seen again = site.post("/accounts/alice/enrollment", R"({"enrollment_id":")" + id + "\"}");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text("enrollment_id"), id);
  EXPECT_EQ(again.text("secret"), first.text("secret"));
  const Seen other = site.post("/accounts/alice/enrollment", "{}");
  EXPECT_NE(other.text("secret"), first.text("secret"));
  for (int i = 0; i < 18; ++i) EXPECT_EQ(site.post("/accounts/alice/enrollment", "{}").status, 201);
  const Seen many = site.post("/accounts/alice/enrollment", "{}");
  EXPECT_EQ(many.status, 429);
  EXPECT_EQ(many.header("Retry-After"), "60");
}

TEST_F(Routes, TheRecoveryCodeIsConfirmedAsSaved) {
  site.enroll("alice");
  const auto body = [](const std::string& code) { return R"({"recovery_code":")" + code + "\"}"; };
  EXPECT_EQ(site.post("/accounts/alice/recovery-code/saved", body(text::format(Token{{1}}))).status, 422);
  EXPECT_NE(site.get("/accounts/alice").body.find(R"("saved_at":null)"), std::string::npos);
  const Seen saved = site.post("/accounts/alice/recovery-code/saved", body(site.recovery_code));
  EXPECT_EQ(saved.status, 200);
  EXPECT_EQ(saved.number("saved_at"), static_cast<std::int64_t>(site.world().environment().now));
  EXPECT_NE(site.get("/accounts/alice")
                .body.find("\"recovery_code\":" + saved.body.substr(0, saved.body.size() - 1)),
            std::string::npos);
}

TEST_F(Routes, TheLastOfThreeLinksStillWorks) {
  site.enroll("alice");
  const std::string body = R"({"recovery_code":")" + site.recovery_code + "\"}";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(site.post("/accounts/alice/recovery", body).status, 202);
  const Seen more = site.post("/accounts/alice/recovery", body);
  EXPECT_EQ(more.status, 429);
  EXPECT_NE(more.text("detail").find("last one still works"), std::string::npos);
}

TEST_F(Routes, AStolenSessionSetsUpNothing) {
  const Seen stale = site.post("/accounts/alice/enrollment", R"({"fresh_s":301})");
  EXPECT_EQ(stale.status, 403);
  EXPECT_EQ(stale.problem(), "stale_sign_in");
  EXPECT_EQ(stale.text("field"), "fresh_s");
  const Seen no_grant = site.post("/accounts/alice/enrollment",
                                  R"({"fresh_s":301,"grant":")" + text::format(Token{{1}}) + "\"}");
  EXPECT_EQ(no_grant.problem(), "stale_sign_in") << "a grant that is none does not help";
  EXPECT_EQ(site.get("/accounts/alice").text("state"), "off");
  for (const char* bad :
       {R"({"fresh_s":-1})", R"({"fresh_s":"1"})", R"({"fresh_s":1.5})", R"({"fresh_s":null})"})
    EXPECT_EQ(site.post("/accounts/alice/enrollment", bad).status, 400) << bad;
  EXPECT_EQ(site.post("/accounts/alice/enrollment", R"({"fresh_s":300})").status, 201);
}

TEST_F(Routes, TheHostSaysWhoMustHaveASecondFactor) {
  const auto alice = site.enroll("alice");
  site.next_step();
  const std::string verify = R"({"code":")" + site.code(alice) + R"(","required":true})";
  EXPECT_EQ(site.post("/accounts/alice/verify", verify).status, 200);
  site.next_step();
  EXPECT_EQ(site.post("/accounts/alice/disable", code_body(site.code(alice))).status, 403);
}

}  // namespace

}  // namespace twinlock::api::test
