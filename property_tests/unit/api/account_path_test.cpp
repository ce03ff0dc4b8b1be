// SPDX-License-Identifier: Apache-2.0
// The account in the path: percent-encoded bytes, read from the target as it was sent, and only where the web
// server's own reading agrees.
#include <gtest/gtest.h>

#include "adapters/api/target.hpp"
#include "property_tests/unit/api/api_site.hpp"

namespace twinlock::api::test {
namespace {

class AccountPath : public testing::Test {
 protected:
  Site site;
  Seen ask(const std::string& target, const std::string& script_name, const std::string& path_info = {}) {
    auto request = request_of({"GET", "/accounts/x", {}, site.app_key});
    set(request, "REQUEST_URI", target);
    set(request, "SCRIPT_NAME", script_name);
    set(request, "PATH_INFO", path_info);
    return site.ask(std::move(request));
  }
};

TEST_F(AccountPath, EveryByteThatAnAccountMayHold) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool control = byte < 0x20 || byte == 0x7F;
    char encoded[4];
    std::snprintf(encoded, sizeof encoded, "%%%02X", static_cast<unsigned>(byte));
    const Seen seen = site.get("/accounts/a" + std::string(encoded) + "b");
    EXPECT_EQ(seen.status, control ? 400 : 200) << encoded;
    EXPECT_EQ(seen.text("field"), control ? "account" : "") << encoded;
  }
}

TEST_F(AccountPath, OneAccountInTwoSpellings) {
  const auto alice = site.enroll("al%69ce%2fa");
  EXPECT_EQ(alice.account.bytes(), "alice/a");
  for (const char* spelling : {"alice%2Fa", "alice%2fa", "%61lice%2Fa"})
    EXPECT_EQ(site.get("/accounts/" + std::string(spelling)).text("state"), "on") << spelling;
  for (const char* other : {"Alice%2Fa", "alice%2Fa%20"})
    EXPECT_EQ(site.get("/accounts/" + std::string(other)).problem(), "look_alike") << other << ": no folding";
  EXPECT_EQ(site.get("/accounts/alice/a").status, 404) << "a slash is a slash";
}

TEST_F(AccountPath, ASlashedAccountIsNoOtherRoute) {
  const auto odd = site.enroll("bob%2Fverify");
  EXPECT_EQ(site.get("/accounts/bob%2Fverify").text("state"), "on");
  EXPECT_EQ(site.get("/accounts/bob").text("state"), "off");
  EXPECT_EQ(site.post("/accounts/bob/verify", code_body(site.code(odd))).problem(), "wrong_state");
  EXPECT_EQ(site.post("/accounts/bob%2Fverify/verify", code_body(site.code(odd))).status, 200);
}

TEST_F(AccountPath, PlusIsAPlus) {
  site.enroll("a+b");
  EXPECT_EQ(site.get("/accounts/a%2Bb").text("state"), "on");
  EXPECT_EQ(site.get("/accounts/a%20b").text("state"), "off");
}

TEST_F(AccountPath, LengthsAreBytesDecoded) {
  std::string encoded;
  for (int i = 0; i < 128; ++i) encoded += "%41";
  EXPECT_EQ(site.get("/accounts/" + encoded).status, 200);
  EXPECT_EQ(site.get("/accounts/" + encoded + "A").text("field"), "account");
  EXPECT_EQ(site.get("/accounts/").text("field"), "account");
}

TEST_F(AccountPath, BadPercentEncodingIsA400) {
  for (const char* path : {"/accounts/%", "/accounts/%4", "/accounts/%zz", "/accounts/a%"}) {
    const Seen seen = site.get(path);
    EXPECT_EQ(seen.status, 400) << path;
    EXPECT_EQ(seen.text("field"), "account") << path;
  }
}

TEST_F(AccountPath, HoweverServersSplitThePath) {
  for (const auto& [script, info] :
       {std::pair("/2fa/v1/accounts/a/b", ""), {"", "/2fa/v1/accounts/a/b"}, {"/2fa", "/v1/accounts/a/b"}})
    EXPECT_EQ(ask("/2fa/v1/accounts/a%2Fb", script, info).status, 200) << script;
}

TEST_F(AccountPath, WhatTheWebServerResolvedIsRefused) {
  EXPECT_EQ(ask("/2fa/v1/accounts/a%2F%2Fb", "/2fa/v1/accounts/a/b").status, 400) << "slashes merged";
  EXPECT_EQ(ask("/2fa/v1/accounts/x/../y", "/2fa/v1/accounts/y").status, 400);
  EXPECT_EQ(ask("/elsewhere/../2fa/v1/accounts/y", "/2fa/v1/accounts/y").status, 400);
  EXPECT_EQ(ask("/2fa/v1/accounts/alice", "/2fa/v1/accounts/bob").status, 400) << "rewritten";
  EXPECT_EQ(ask("http://h/2fa/v1/accounts/bob", "/2fa/v1/accounts/bob").status, 400) << "absolute form";
  EXPECT_EQ(ask("/2fa/v%31/accounts/bob", "/2fa/v1/accounts/bob").status, 400) << "an encoded prefix";
  EXPECT_EQ(ask("", "/2fa/v1/accounts/bob").status, 400) << "no target at all";
  EXPECT_EQ(ask("/2fa/v1/accounts/bob#x", "/2fa/v1/accounts/bob").status, 400);
}

TEST_F(AccountPath, OnlyBelowV1) {
  for (const char* path :
       {"/2fa/v10/accounts/x", "/2fa/v1x", "/2fa/", "/v1/accounts/x", "/2fa/v2/accounts/x"})
    EXPECT_EQ(ask(path, path).status, 404) << path;
}

}  // namespace
}  // namespace twinlock::api::test
