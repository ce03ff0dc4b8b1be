// SPDX-License-Identifier: Apache-2.0
// Codes as people write them: what is written is read back, and what is mistyped is noticed.
#include "adapters/text/crockford.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace twinlock::text {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view checks = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

Token arbitrary_token() {
  Token token{};
  for (std::uint8_t& byte : token.b) byte = *rc::gen::arbitrary<std::uint8_t>();
  return token;
}

bool same(const std::optional<Token>& a, const Token& b) {
  return a && std::memcmp(a->b, b.b, sizeof b.b) == 0;
}

std::string without_hyphens(std::string text) {
  std::erase(text, '-');
  return text;
}

RC_GTEST_PROP(Crockford, reads_back_what_it_writes, ()) {
  const Token token = arbitrary_token();
  const std::string code = format(token);
  RC_ASSERT(code.size() == 27 + 6);
  RC_ASSERT(same(parse(code), token));
}

RC_GTEST_PROP(Crockford, reads_blanks_hyphens_case_and_look_alikes, ()) {
  const Token token = arbitrary_token();
  std::string typed;
  for (const char c : format(token)) {
    if (*rc::gen::arbitrary<bool>()) typed += *rc::gen::element(' ', '-');
    char written = c;
    if (c == '0') written = *rc::gen::element('0', 'O', 'o');
    if (c == '1') written = *rc::gen::element('1', 'I', 'i', 'L', 'l');
    if (*rc::gen::arbitrary<bool>() && c >= 'A' && c <= 'Z') written = static_cast<char>(c - 'A' + 'a');
    typed += written;
  }
  RC_ASSERT(same(parse(typed), token));
}

RC_GTEST_PROP(Crockford, notices_every_single_wrong_symbol, ()) {
  const std::string code = without_hyphens(format(arbitrary_token()));
  for (std::size_t i = 0; i < code.size(); ++i) {
    for (const char wrong : i + 1 == code.size() ? checks : digits) {
      if (wrong == code[i]) continue;
      std::string typed = code;
      typed[i] = wrong;
      RC_ASSERT(!parse(typed));
    }
  }
}

RC_GTEST_PROP(Crockford, notices_every_swap_of_neighbours, ()) {
  const std::string code = without_hyphens(format(arbitrary_token()));
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    if (code[i] == code[i + 1]) continue;
    std::string typed = code;
    std::swap(typed[i], typed[i + 1]);
    RC_ASSERT(!parse(typed));
  }
}

RC_GTEST_PROP(Crockford, notices_a_missing_or_an_extra_symbol, ()) {
  const std::string code = without_hyphens(format(arbitrary_token()));
  const auto at = *rc::gen::inRange<std::size_t>(0, code.size());
  RC_ASSERT(!parse(std::string(code).erase(at, 1)));
  RC_ASSERT(!parse(std::string(code).insert(at, 1, *rc::gen::elementOf(std::string(digits)))));
}

RC_GTEST_PROP(Crockford, gives_nothing_for_other_bytes, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const std::optional<Token> token = parse(bytes);
  if (token) RC_ASSERT(without_hyphens(format(*token)).size() == 27U);
}

TEST(Crockford, known_codes) {
  EXPECT_EQ(format(Token{}), "0000-0000-0000-0000-0000-0000-000");
  Token one{};
  one.b[15] = 1;
  EXPECT_EQ(format(one), "0000-0000-0000-0000-0000-0000-011");
  Token all{};
  std::fill(std::begin(all.b), std::end(all.b), std::uint8_t{0xFF});
  // 2^128 - 1 is 32 modulo 37: "*".
  EXPECT_EQ(format(all), "7ZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ*");
}

TEST(Crockford, the_two_excess_bits_must_be_zero) {
  // A number of 2^128 and more with a right check symbol is no code.
  int refused = 0;
  for (const char check : checks) {
    std::string typed = "8";
    typed += std::string(25, '0');
    typed += check;
    refused += parse(typed) ? 0 : 1;
  }
  EXPECT_EQ(refused, 37);
}

TEST(Crockford, four_in_37_do_not_read_plainly) {
  std::mt19937_64 random(37);
  unsigned strange = 0;
  for (int i = 0; i < 37000; ++i) {
    Token token{};
    for (auto& byte : token.b) byte = static_cast<std::uint8_t>(random());
    const char check = format(token).back();
    const bool plain = (check >= '0' && check <= '9') || (check >= 'A' && check <= 'Z');
    ASSERT_EQ(reads_plainly(token), plain) << check;
    strange += plain ? 0U : 1U;
  }
  EXPECT_NEAR(strange, 4000, 300);
}

TEST(Crockford, a_check_symbol_stands_only_at_the_end) {
  EXPECT_FALSE(parse("U000-0000-0000-0000-0000-0000-000"));
  EXPECT_FALSE(parse("*000-0000-0000-0000-0000-0000-000"));
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse(std::string_view("0000000000000000000000000\0000", 27)));
  EXPECT_FALSE(
      parse("\xEF\xBC\x90"
            "00000000000000000000000000"));  // a full-width zero
}

}  // namespace
}  // namespace twinlock::text
