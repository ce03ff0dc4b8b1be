// SPDX-License-Identifier: Apache-2.0
// Which language a browser gets (RFC 9110, 12.5.4).
#include "adapters/text/language.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace twinlock::text {
namespace {

constexpr Language en = Language::english;
constexpr Language de = Language::german;

struct Row {
  const char* header;
  Language fallback;
  Language expected;
};

TEST(Language, negotiation) {
  constexpr Row rows[] = {
      // header                              fallback  expected
      {"", en, en},
      {"", de, de},
      {"de", en, de},
      {"DE", en, de},
      {"en", de, en},
      {"de-AT", en, de},
      {"de-DE,de;q=0.9,en;q=0.8", en, de},
      {"en-US,en;q=0.9,de;q=0.8", de, en},
      {"en;q=0.3, de;q=0.7", en, de},
      {"de;q=0.3 , en ;q=0.7", de, en},
      {"fr, de;q=0.1", en, de},
      {"fr", de, de},
      {"fr, *;q=0.5", de, de},
      {"*", en, en},
      {"*, de;q=0.5", de, en},
      {"de;q=0, *", de, en},
      {"en;q=0", en, en},
      {"de, en", en, de},
      {"en, de", de, en},
      {"de;q=1.000, en;q=0.999", en, de},
      {"de;q=2, en;q=0.1", de, en},
      {"de;q=abc, en;q=0.1", de, en},
      {"de;q=0.1234, en;q=0.1", de, en},
      {"de;Q=0.2, en;q=0.1", en, de},
      {",,;;q=,de", en, de},
      {"deutsch", en, en},
      {"den, enx", de, de},
  };
  for (const Row& row : rows) EXPECT_EQ(negotiate(row.header, row.fallback), row.expected) << row.header;
}

RC_GTEST_PROP(Language, any_header_gives_a_language, ()) {
  const auto header = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("de-n*,;q=.01 "))));
  const Language fallback = *rc::gen::element(en, de);
  const Language language = negotiate(header, fallback);
  RC_ASSERT(language == en || language == de);
}

TEST(Language, tags) {
  EXPECT_EQ(tag(en), "en");
  EXPECT_EQ(tag(de), "de");
}

}  // namespace
}  // namespace twinlock::text
