// SPDX-License-Identifier: Apache-2.0
// Which names are spellings of one another.
#include "adapters/text/fold.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "property_tests/unit/text/encoded.hpp"

namespace twinlock::text {
namespace {

TEST(Fold, SpellingsThatDirectoriesTakeForOne) {
  for (const char* spelling : {"Demo",
                               "DEMO",
                               "demo ",
                               " demo",
                               "  demo  ",
                               "d\u00E9mo",
                               "de\u0301mo",
                               "D\u00C9MO",
                               "\uFF44\uFF45\uFF4D\uFF4F",
                               "de\u200Dmo",
                               "de\u00ADmo",
                               "\u00A0demo\u00A0",
                               "\u3000demo",
                               "de\uFE0Fmo",
                               "\u200Edemo",
                               "demo\u200B",
                               "\uFEFFdemo",
                               "de\u2060mo",
                               "\u24D3\u24D4\u24DC\u24DE",
                               "\U0001D41D\U0001D41E\U0001D426\U0001D428",
                               "de\u180Emo",
                               "demo\u2028"})
    EXPECT_EQ(fold(spelling), "demo") << spelling;
  EXPECT_EQ(fold("an  na"), "an na");
  EXPECT_EQ(fold("an\u00A0\u2003na"), "an na");
  EXPECT_EQ(fold("an\xC2\x85na"), "an na");
  for (const char* nothing : {" ", "   ", "\u3000", "\u200B", "\u0301", "\u00AD \u200D"})
    EXPECT_EQ(fold(nothing), " ") << nothing;
  EXPECT_EQ(fold("\uFB01nn"), "finn");
  EXPECT_EQ(fold("Stra\u00DFe"), fold("STRASSE"));
  EXPECT_EQ(fold("STRA\u1E9EE"), "strasse");
  EXPECT_EQ(fold("\u0130pek"), "ipek");
  EXPECT_EQ(fold("\u1FB3"), fold("\u03B1\u0345"));
  EXPECT_EQ(fold("\u03A3"), fold("\u03C2"));
  EXPECT_EQ(fold("\uAC00"), fold("\u1100\u1161"));
}

// What the rules do not say is left apart: docs/threat_model.md names them.
TEST(Fold, OtherNamesStayApart) {
  EXPECT_NE(fold("demo"), fold("demo1"));
  EXPECT_NE(fold("an na"), fold("anna"));
  EXPECT_NE(fold("\u0131pek"), fold("ipek"));
  EXPECT_NE(fold("S\u00F8ren"), fold("Soren"));
  EXPECT_NE(fold("\u0430nn"), fold("ann"));
  EXPECT_NE(fold("EXAMPLE\\demo"), fold("demo"));
}

TEST(Fold, BytesThatAreNotUtf8AreFoldedAsAscii) {
  EXPECT_EQ(fold(" D\xE9MO "), "d\xE9mo");
  EXPECT_EQ(fold("D\xC9MO"), "d\xC9mo");
  EXPECT_NE(fold("D\xC9MO"), fold("d\xE9mo"));
  EXPECT_EQ(fold("A  \xFF"), "a \xFF");
}

TEST(Fold, EachCharacterFoldsToItsOwnFold) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const std::string name = encoded(code);
    const std::string once = fold(name);
    ASSERT_EQ(fold(once), once) << static_cast<std::uint32_t>(code);
    ASSERT_LE(once.size(), 20 * name.size()) << static_cast<std::uint32_t>(code);
  }
}

RC_GTEST_PROP(FoldProperty, IsItsOwnFoldAndBlindToBlanksAround, ()) {
  std::string name;
  const bool utf8 = *rc::gen::arbitrary<bool>();
  const auto size = *rc::gen::inRange(0, 40);
  for (int i = 0; i < size; ++i) {
    auto code = *rc::gen::weightedOneOf<char32_t>({{3, rc::gen::inRange<char32_t>(0x20, 0x7F)},
                                                   {3, rc::gen::inRange<char32_t>(0x80, 0xD800)},
                                                   {1, rc::gen::inRange<char32_t>(0xE000, 0x110000)}});
    name += utf8 ? encoded(code) : std::string(1, static_cast<char>(code));
  }
  const std::string once = fold(name);
  RC_ASSERT(fold(once) == once);
  RC_ASSERT(fold("  " + name + " ") == once);
  RC_ASSERT(once.size() <= 20 * name.size() + 1);
}

TEST(Fold, EditionsAreOrderedByTheirNumbers) {
  EXPECT_EQ(compare_editions(fold_edition(), fold_edition()), std::strong_ordering::equal);
  EXPECT_EQ(compare_editions("1 9.0.0 2.8.0", "1 15.0.0 2.8.0"), std::strong_ordering::less);
  EXPECT_EQ(compare_editions("2 9.0.0 2.8.0", "1 15.0.0 2.8.0"), std::strong_ordering::greater);
  EXPECT_EQ(compare_editions("", "1"), std::nullopt);
  EXPECT_EQ(compare_editions("1 15.0.0 2.8.0-dev", "1"), std::nullopt);
}

}  // namespace
}  // namespace twinlock::text
