// SPDX-License-Identifier: Apache-2.0
// The mailed link's token has one spelling for each account and link, and nothing else is accepted.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

Token token_of(std::uint8_t first) {
  Token token;
  for (auto& b : token.b) b = first++;
  return token;
}

TEST(LinkToken, comes_back_for_every_length_of_account) {
  for (std::size_t size = 1; size <= store::account_bytes_max; ++size) {
    std::string name;
    for (std::size_t i = 0; i < size; ++i) name += static_cast<char>(0x80 + (i * 7) % 0x80);
    const auto link = token_of(static_cast<std::uint8_t>(size));
    const auto text = link_token(account_of(name), link);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto parsed = parse_link_token(text);
    ASSERT_TRUE(parsed) << size;
    EXPECT_EQ(parsed->account.bytes(), name);
    EXPECT_TRUE(same(parsed->link, link));
  }
}

TEST(LinkToken, garbage_is_none) {
  const auto good = link_token(account_of("alice"), token_of(200));
  const std::string bad[] = {"",
                             "A",
                             good.substr(0, 21),
                             link_token(account_of("a"), Token{}).substr(0, 22),  // no account
                             good + "=",
                             good + "==",
                             good + "\n",
                             " " + good,
                             good + "A",
                             good.substr(1),
                             std::string(193, 'A'),
                             std::string(100'000, 'A'),
                             std::string("AAAA\0AAAA", 9),
                             good.substr(0, 10) + "+" + good.substr(11),
                             good.substr(0, 10) + "/" + good.substr(11),
                             good.substr(0, 10) + "%" + good.substr(11)};
  for (const auto& text : bad) {
    const auto parsed = parse_link_token(text);
    // Some of these are another token; none of them is this one.
    if (parsed) {
      EXPECT_EQ(link_token(parsed->account, parsed->link), text);
    }
    EXPECT_FALSE(parsed && parsed->account == account_of("alice") && same(parsed->link, token_of(200)));
  }
  EXPECT_FALSE(parse_link_token(std::string(193, 'A')));
  EXPECT_FALSE(parse_link_token(good + "="));
  EXPECT_FALSE(parse_link_token(good.substr(0, 22)));
}

TEST(LinkToken, what_parses_is_spelled_canonically) {
  // Every last character: those with spare bits set are another spelling of the same bytes and are refused.
  const auto good = link_token(account_of("alice"), token_of(3));  // 21 bytes, 28 characters
  const auto tail = link_token(account_of("al"), token_of(3));     // 18 bytes, 24
  const auto spare = link_token(account_of("alic"), token_of(3));  // 20 bytes, 27 characters, two spare bits
  EXPECT_EQ(good.size() + tail.size() + spare.size(), 79U);
  int accepted = 0;
  for (const char c : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    accepted += parse_link_token(spare.substr(0, 26) + c) ? 1 : 0;
  EXPECT_LE(accepted, 16);
  EXPECT_GE(accepted, 1);
}

TEST(LinkToken, an_account_with_control_bytes_is_none) {
  EXPECT_FALSE(parse_link_token("eHh4eHh4eHh4eHh4eHh4eGEKYg"));  // 16 x, then "a\nb"
  EXPECT_TRUE(parse_link_token("eHh4eHh4eHh4eHh4eHh4eGEuYg"));   // 16 x, then "a.b"
}

}  // namespace

}  // namespace twinlock::service::test
