// SPDX-License-Identifier: Apache-2.0
// Passes and known-browser cookies: good for exactly what they are bound to. Their bytes:
// property_tests/formats.
#include "adapters/http/stamp.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

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
  EXPECT_FALSE(check_known(keys, {"alice", epoch}, now, life, pass));
}

// Else a browser that one account knows would guess in the known lane of any other (K6), and one that was
// signed out everywhere would go on being known.
TEST(Known, IsForOneAccountAndEpoch) {
  const auto keys = ring();
  const Token epoch{{1}};
  const Token other{{2}};
  const std::string cookie = make_known(keys, {"alice", epoch}, now, life, Nonce{});
  EXPECT_TRUE(check_known(keys, {"alice", epoch}, now, life, cookie));
  EXPECT_FALSE(check_known(keys, {"alicf", epoch}, now, life, cookie));
  EXPECT_FALSE(check_known(keys, {"", epoch}, now, life, cookie));
  EXPECT_FALSE(check_known(keys, {"alice", other}, now, life, cookie));
  EXPECT_FALSE(check_known(keys, {"alice", epoch}, now + life, life, cookie));
  EXPECT_FALSE(check_pass(keys, {"alice", "", epoch}, now, life, cookie));
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

RC_GTEST_PROP(Stamp, AnyChangedDigitIsRefused, ()) {
  const auto keys = ring();
  MacInput bound;
  bound.add("what it is for");
  std::string stamp = make_stamp(keys, keys::MacPurpose::pass, bound, now + life, Nonce{{7}});
  const auto at = *rc::gen::inRange<std::size_t>(0, stamp.size());
  const char other = *rc::gen::suchThat(rc::gen::elementOf(std::string("0123456789abcdef")),
                                        [&](char c) { return c != stamp[at]; });
  stamp[at] = other;
  RC_ASSERT(!check_stamp(keys, keys::MacPurpose::pass, bound, now, life, stamp));
}

RC_GTEST_PROP(Stamp, NoTextIsOneByChance, (const std::string& text)) {
  RC_ASSERT(!check_stamp(ring(), keys::MacPurpose::form, MacInput(), now, life, text));
}

TEST(MacInput, DifferentPiecesGiveDifferentBytes) {
  MacInput a, b;
  a.add("ab").add("c");
  b.add("a").add("bc");
  EXPECT_NE(a.bytes(), b.bytes());
}

}  // namespace
}  // namespace twinlock::http
