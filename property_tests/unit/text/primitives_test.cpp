// SPDX-License-Identifier: Apache-2.0
// The one copy of each: UTF-8, JSON strings, letter case.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "adapters/text/ascii.hpp"
#include "adapters/text/json.hpp"
#include "adapters/text/utf8.hpp"
#include "property_tests/unit/text/encoded.hpp"

namespace twinlock::text {
namespace {

TEST(Utf8, EveryCharacterIsReadAndEverySurrogateRefused) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    const std::string text = encoded(code);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const Character c = first_character(text);
    ASSERT_EQ(c.bytes, surrogate ? 0 : text.size()) << static_cast<std::uint32_t>(code);
    ASSERT_EQ(c.code, surrogate ? 0 : code);
    for (std::size_t cut = 1; cut < text.size(); ++cut)
      ASSERT_EQ(first_character(text.substr(0, cut)).bytes, 0U) << static_cast<std::uint32_t>(code);
  }
}

TEST(Utf8, WhatIsNotWellFormedIsRefused) {
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3(", "\xE2\x82("})
    EXPECT_EQ(first_character(bad).bytes, 0U) << bad;
}

TEST(Utf8, CharactersAreCounted) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x91"), 4U);
  EXPECT_EQ(utf8_of_bytes("a\xE4\xFF\x80"), "a\xC3\xA4\xC3\xBF\xC2\x80");
}

TEST(JsonString, IsEscapedWhereItMustBe) {
  EXPECT_EQ(json_string("a\"b\\c/"), R"("a\"b\\c/")");
  EXPECT_EQ(json_string(std::string_view("\0\n\x1F\x7F", 4)), "\"\\u0000\\u000a\\u001f\x7F\"");
  EXPECT_EQ(json_string("\xC3\xA4\xE4!"), "\"\xC3\xA4\\ufffd!\"");
  const auto all = [](char32_t) { return true; };
  EXPECT_EQ(json_string("a\xF0\x9F\x94\x91", all), R"("\u0061\ud83d\udd11")");
}

TEST(Ascii, LetterCaseIsAsciisAlone) {
  EXPECT_EQ(lowered("AZaz[@\xC3\x84"), "azaz[@\xC3\x84");
  EXPECT_EQ(upper('a'), 'A');
  EXPECT_EQ(upper('z'), 'Z');
  for (const char other : {'A', '[', '`', '{', '\xE4'}) EXPECT_EQ(upper(other), other);
  EXPECT_TRUE(equal_ignoring_case("Bearer", "bEARER"));
  EXPECT_FALSE(equal_ignoring_case("bearer", "bearer "));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xC3\x84", "\xC3\xA4"));
}

}  // namespace
}  // namespace twinlock::text
