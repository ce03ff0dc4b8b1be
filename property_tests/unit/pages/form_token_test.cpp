// SPDX-License-Identifier: Apache-2.0
// Which forms are ours: by the token in them, and by what the browser says of where they came from.
#include "adapters/pages/form_token.hpp"

#include <gtest/gtest.h>

#include "adapters/pages/origin.hpp"

namespace twinlock::pages {
namespace {

constexpr const char* one_key =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";
constexpr Seconds shown_at = 1'700'000'000;

TEST(FormToken, IsForOneBrowserSubjectAndAction) {
  const auto keys = std::move(*keys::KeyRing::parse(one_key));
  const http::Nonce browser{{1}};
  const http::Nonce other{{2}};
  const std::string token =
      make_form_token(keys, {browser, "account:alice", "/disable"}, shown_at, http::Nonce{{9}});
  EXPECT_EQ(check_form_token(keys, {browser, "account:alice", "/disable"}, shown_at, token),
            http::Nonce{{9}});
  EXPECT_FALSE(check_form_token(keys, {other, "account:alice", "/disable"}, shown_at, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:bob", "/disable"}, shown_at, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "link:alice", "/disable"}, shown_at, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:alice", "/challenge"}, shown_at, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:alice", "/disable"}, shown_at + form_s_max, token));
}

TEST(Origin, SecFetchSiteDecidesWhereItIsThere) {
  constexpr std::string_view base = "https://login.example.org";
  EXPECT_TRUE(same_origin("same-origin", std::nullopt, base));
  EXPECT_TRUE(same_origin("same-origin", "null", base));
  for (const char* other : {"same-site", "cross-site", "none", "", "Same-Origin"})
    EXPECT_FALSE(same_origin(other, base, base)) << other;
}

TEST(Origin, OtherwiseTheOriginMustBeOurs) {
  constexpr std::string_view base = "https://Login.example.org:443";
  EXPECT_TRUE(same_origin(std::nullopt, "https://login.example.org", base));
  for (const char* other : {"https://login.example.org.evil.example", "http://login.example.org", "null", "",
                            "https://login.example.org:8443"})
    EXPECT_FALSE(same_origin(std::nullopt, other, base)) << other;
  EXPECT_FALSE(same_origin(std::nullopt, std::nullopt, base));
  EXPECT_TRUE(same_origin(std::nullopt, "http://localhost:8080", "http://localhost:8080"));
}

}  // namespace
}  // namespace twinlock::pages
