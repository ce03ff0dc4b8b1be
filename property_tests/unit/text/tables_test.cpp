// SPDX-License-Identifier: Apache-2.0
// The tables of texts: both are whole (or they would not compile) and differ where languages differ.
#include <gtest/gtest.h>

#include <type_traits>

#include "adapters/text/texts.hpp"

namespace twinlock::text {
namespace {

static_assert(!std::is_default_constructible_v<Text>, "else a missing text would compile");

TEST(Tables, each_language_has_its_own) {
  EXPECT_EQ(&texts(Language::english), &english);
  EXPECT_EQ(&texts(Language::german), &german);
  EXPECT_EQ(english.page.language_name.view(), "English");
  EXPECT_EQ(german.page.language_name.view(), "Deutsch");
  EXPECT_NE(english.mail.greeting.view(), german.mail.greeting.view());
}

}  // namespace
}  // namespace twinlock::text
