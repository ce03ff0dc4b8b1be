// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/cookies.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace twinlock::http {
namespace {

TEST(Cookies, HostPrefixSecureHttpOnlyLax) {
  const CookieJar jar(false);
  const std::string line = jar.set(CookieKind::pass, "alice", "abc", 60);
  EXPECT_TRUE(line.starts_with("__Host-twinlock-pass-")) << line;
  for (const char* part : {"=abc;", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age=60"})
    EXPECT_NE(line.find(part), std::string::npos) << part;
  EXPECT_EQ(line.find("Domain"), std::string::npos);
}

TEST(Cookies, DevHasNeitherPrefixNorSecure) {
  const std::string line = CookieJar(true).set(CookieKind::browser, "", "abc", std::nullopt);
  EXPECT_EQ(line, "twinlock-browser=abc; Path=/; HttpOnly; SameSite=Lax");
}

TEST(Cookies, OneNamePerAccount) {
  const CookieJar jar(false);
  EXPECT_NE(jar.name(CookieKind::pass, "alice"), jar.name(CookieKind::pass, "bob"));
  EXPECT_NE(jar.name(CookieKind::pass, "alice"), jar.name(CookieKind::known, "alice"));
  EXPECT_EQ(jar.name(CookieKind::browser, "alice"), jar.name(CookieKind::browser, "bob"));
  EXPECT_NE(jar.name(CookieKind::pass, "alice"), jar.name(CookieKind::pass, "Alice"));
}

// Else an upgrade would forget every browser. The end is the beginning of the account's SHA-256.
TEST(Cookies, NamesStayAsTheyAre) {
  EXPECT_EQ(CookieJar(false).name(CookieKind::pass, "alice"), "__Host-twinlock-pass-2bd806c97f0e00af");
}

TEST(Cookies, TheFirstOfANameCounts) {
  const CookieJar jar(false);
  const std::string name = jar.name(CookieKind::pass, "alice");
  const std::vector<fastcgi::Cookie> sent{{"other", "1"}, {name, "2"}, {name, "3"}};
  EXPECT_EQ(jar.get(sent, CookieKind::pass, "alice"), "2");
  EXPECT_EQ(jar.get(sent, CookieKind::pass, "bob"), "");
}

RC_GTEST_PROP(Cookies, NamesAreTokensWhateverTheAccount, (const std::string& account)) {
  const std::string name = CookieJar(false).name(CookieKind::grant, account);
  for (const char c : name)
    RC_ASSERT((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == 'H');
}

RC_GTEST_PROP(Cookies, TokensComeBack, (const std::array<std::uint8_t, token_bytes>& bytes)) {
  Token token{};
  std::copy(bytes.begin(), bytes.end(), token.b);
  const auto back = read_token(token_text(token));
  RC_ASSERT(back && std::equal(bytes.begin(), bytes.end(), back->b));
}

TEST(Cookies, OtherTextIsNoToken) {
  for (const char* bad : {"", "0", "00112233445566778899aabbccddeeff00", "00112233445566778899AABBCCDDEEFF"})
    EXPECT_FALSE(read_token(bad)) << bad;
}

}  // namespace
}  // namespace twinlock::http
