// Passes, known-browser cookies and form tokens: good for exactly what they are bound to.
#include "adapters/http/stamp.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "adapters/http/form_token.hpp"
#include "adapters/http/origin.hpp"
#include "adapters/http/pass.hpp"

namespace twinlock::http {
namespace {

constexpr const char* one_key =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n";
constexpr const char* rotated =
    "twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\nkey 2 "
    "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI= current\n";
constexpr const char* other_key =
    "twinlock-keys 1\nkey 2 AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI= current\n";

constexpr Seconds now = 1'700'000'000;
constexpr Seconds life = 600;

keys::KeyRing ring(const char* text = one_key) { return std::move(*keys::KeyRing::parse(text)); }

TEST(Pass, IsForOneAccountSessionAndEpoch) {
  const auto keys = ring();
  const Token epoch{{1}};
  const Token other{{2}};
  const std::string pass = make_pass(keys, {"alice", "s1", epoch}, now, life, Nonce{});
  EXPECT_TRUE(check_pass(keys, {"alice", "s1", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alicf", "s1", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alice", "s2", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alice", "", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alices", "1", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alice", "s1", other}, now, life, pass));
  EXPECT_FALSE(check_known(keys, "alice", now, life, pass));
}

// Else a browser that one account knows would guess in the known lane of any other (K6).
TEST(Known, IsForOneAccount) {
  const auto keys = ring();
  const std::string known = make_known(keys, "alice", now, life, Nonce{});
  EXPECT_TRUE(check_known(keys, "alice", now, life, known));
  EXPECT_FALSE(check_known(keys, "alicf", now, life, known));
  EXPECT_FALSE(check_known(keys, "", now, life, known));
  EXPECT_FALSE(check_known(keys, "alice", now + life, life, known));
  EXPECT_FALSE(check_pass(keys, {"alice", "", Token{}}, now, life, known));
}

TEST(Pass, LivesItsTimeAndNoLonger) {
  const auto keys = ring();
  const Token epoch{{1}};
  const std::string pass = make_pass(keys, {"alice", "", epoch}, now, life, Nonce{});
  EXPECT_TRUE(check_pass(keys, {"alice", "", epoch}, now + life - 1, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alice", "", epoch}, now + life, life, pass));
  EXPECT_FALSE(check_pass(keys, {"alice", "", epoch}, now - 1, life, pass)) << "the clock went back";
}

TEST(Pass, SurvivesRotationButNotItsKey) {
  const Token epoch{{1}};
  const std::string pass = make_pass(ring(), {"alice", "", epoch}, now, life, Nonce{});
  EXPECT_TRUE(check_pass(ring(rotated), {"alice", "", epoch}, now, life, pass));
  EXPECT_FALSE(check_pass(ring(other_key), {"alice", "", epoch}, now, life, pass));
}

TEST(Pass, EveryOneIsNew) {
  const Token epoch{{1}};
  EXPECT_NE(make_pass(ring(), {"alice", "", epoch}, now, life, Nonce{{1}}),
            make_pass(ring(), {"alice", "", epoch}, now, life, Nonce{{2}}));
}

RC_GTEST_PROP(Stamp, AnyChangedDigitKillsIt, ()) {
  const auto keys = ring();
  Message bound;
  bound.add("what it is for");
  std::string stamp = make_stamp(keys, keys::MacPurpose::pass, bound, now + life, Nonce{{7}});
  const auto at = *rc::gen::inRange<std::size_t>(0, stamp.size());
  const char other = *rc::gen::suchThat(rc::gen::elementOf(std::string("0123456789abcdef")),
                                        [&](char c) { return c != stamp[at]; });
  stamp[at] = other;
  RC_ASSERT(!check_stamp(keys, keys::MacPurpose::pass, bound, now, life, stamp));
}

RC_GTEST_PROP(Stamp, NoTextIsOneByChance, (const std::string& text)) {
  RC_ASSERT(!check_stamp(ring(), keys::MacPurpose::form, Message(), now, life, text));
}

TEST(Message, PiecesDoNotRunTogether) {
  Message a, b;
  a.add("ab").add("c");
  b.add("a").add("bc");
  EXPECT_NE(a.bytes(), b.bytes());
}

TEST(FormToken, IsForOneBrowserSubjectAndAction) {
  const auto keys = ring();
  const Nonce browser{{1}};
  const Nonce other{{2}};
  const std::string token = make_form_token(keys, {browser, "account:alice", "/disable"}, now, Nonce{{9}});
  EXPECT_EQ(check_form_token(keys, {browser, "account:alice", "/disable"}, now, token), Nonce{{9}});
  EXPECT_FALSE(check_form_token(keys, {other, "account:alice", "/disable"}, now, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:bob", "/disable"}, now, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "link:alice", "/disable"}, now, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:alice", "/challenge"}, now, token));
  EXPECT_FALSE(check_form_token(keys, {browser, "account:alice", "/disable"}, now + form_s_max, token));
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
}  // namespace twinlock::http
