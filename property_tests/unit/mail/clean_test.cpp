// SPDX-License-Identifier: Apache-2.0
// Text from outside made fit to stand in a mail.
#include "adapters/mail/clean.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "adapters/text/utf8.hpp"

namespace twinlock::mail {
namespace {

RC_GTEST_PROP(Clean, has_no_controls_is_short_and_stays_as_it_is, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::arbitrary<char>(),
                     rc::gen::elementOf(std::string("a \xC3\xA4\xE2\x80\xAE\xF0\x9F\x94\x91\r\n"))));
  const std::string cleaned = clean(text, 20);
  for (const char c : cleaned) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  RC_ASSERT(text::count_characters(cleaned) <= 21U);
  RC_ASSERT(clean(cleaned, 21) == cleaned);
}

TEST(Clean, known_cases) {
  EXPECT_EQ(clean("Zo\xC3\xAB", 9), "Zo\xC3\xAB");
  EXPECT_EQ(clean("a\r\nb", 9), "a  b");
  EXPECT_EQ(clean("a\xC2\x85"
                  "b",
                  9),
            "a b");  // NEXT LINE
  EXPECT_EQ(clean("a\xE2\x80\xAE"
                  "b",
                  9),
            "a b");  // RIGHT-TO-LEFT OVERRIDE
  EXPECT_EQ(clean("a\xE2\x80\xA8"
                  "b",
                  9),
            "a b");  // LINE SEPARATOR
  EXPECT_EQ(clean("a\xFF"
                  "b",
                  9),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(clean("\xC0\xAF", 9), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // an overlong "/"
  EXPECT_EQ(clean("\xED\xA0\x80", 3), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(clean("\xF0\x9F\x94\x91", 1), "\xF0\x9F\x94\x91");
  EXPECT_EQ(clean("abcdef", 3), "abc\xE2\x80\xA6");
}

TEST(Wrap, breaks_at_blanks_alone) {
  EXPECT_EQ(wrap("one two three", 7), "one two\nthree");
  EXPECT_EQ(wrap("one\n\ntwo", 7), "one\n\ntwo");
  EXPECT_EQ(wrap("overlongword x", 4), "overlongword\nx");
  EXPECT_EQ(wrap("", 4), "");
}

RC_GTEST_PROP(Wrap, loses_nothing_and_keeps_to_the_width, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")))));
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word.substr(0, 10);
  std::string wrapped = wrap(text, 10);
  std::size_t column = 0;
  for (const char c : wrapped) {
    column = c == '\n' ? 0 : column + 1;
    RC_ASSERT(column <= 10U);
  }
  std::replace(wrapped.begin(), wrapped.end(), '\n', ' ');
  RC_ASSERT(wrapped == text);
}

}  // namespace
}  // namespace twinlock::mail
