// SPDX-License-Identifier: Apache-2.0
// Accounts on a terminal: what is shown cannot steer it, and two accounts never look the same.
#include "adapters/console/printable.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "adapters/console/output.hpp"

namespace twinlock::console {
namespace {

TEST(Printable, EscapesWhatSteersOrHides) {
  EXPECT_EQ(printable("alice"), "alice");
  EXPECT_EQ(printable("m\xc3\xbcller"), "m\xc3\xbcller");
  EXPECT_EQ(printable("a\x1b[31m"), "a\\u{1b}[31m");
  EXPECT_EQ(printable("a\\b"), "a\\\\b");
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\\u{9b}2J");  // C1 CSI
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "evil"),
            "\\u{202e}evil");                               // right-to-left override
  EXPECT_EQ(printable("\xe2\x80\x8b"), "\\u{200b}");        // zero width
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(printable("\xf0\x9f\x94\x92"), "\xf0\x9f\x94\x92");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                    // cut off
}

TEST(Printable, JsonTextIsOneString) {
  EXPECT_EQ(json_text("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
  EXPECT_EQ(json_text("\xff"), "\"\\ufffd\"");
  EXPECT_EQ(json_text("\xf3\xa0\x80\x81"), "\"\\udb40\\udc01\"");
}

// For random bytes: no control byte comes out, and no two inputs give one output.
TEST(Printable, IsSafeAndInjective) {
  std::mt19937 random(20'261'124);
  const std::string palette("a\\ux{}1b9\x1b\x7f\n\x80\xc2\x9b\xe2\x80\xae\xff\xf0\x9f\x94\x92", 24);
  std::uniform_int_distribution<std::size_t> pick(0, palette.size() - 1);
  std::uniform_int_distribution<std::size_t> length(0, 8);
  std::set<std::string> inputs;
  std::set<std::string> outputs;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes;
    for (std::size_t n = length(random); n > 0; --n) bytes += palette[pick(random)];
    const std::string shown = printable(bytes);
    for (const char c : shown) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    const bool is_new = inputs.insert(bytes).second;
    ASSERT_EQ(outputs.insert(shown).second, is_new) << shown;
  }
}

TEST(Output, TablesAlignByCharacterAndJsonIsAnArray) {
  const std::vector<std::vector<Value>> rows{{words("m\xc3\xbc"), number(7)}, {words("a"), nothing()}};
  EXPECT_EQ(table_text({"name", "n"}, rows, false), "name  n\nm\xc3\xbc    7\na     -\n");
  EXPECT_EQ(table_text({"name", "n"}, rows, true),
            "[\n{\"name\":\"m\xc3\xbc\",\"n\":7},\n{\"name\":\"a\",\"n\":null}\n]\n");
  EXPECT_EQ(table_text({"name"}, {}, true), "[]\n");
}

TEST(Output, TimesForPeopleAndPrograms) {
  EXPECT_EQ(moment(1'795'493'978).text, "2026-11-24 04:19:38 UTC");
  EXPECT_EQ(moment(1'795'493'978).json, "1795493978");
  EXPECT_EQ(moment(0).json, "null");
  EXPECT_EQ(duration(59).text, "59 s");
  EXPECT_EQ(duration(3'900).text, "1 h 5 min");
}

}  // namespace
}  // namespace twinlock::console
