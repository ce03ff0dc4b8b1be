// SPDX-License-Identifier: Apache-2.0
// The one rule for mail addresses: the configuration, the host's word, the API, the service and the mailer
// ask it.
#include "adapters/text/mail_address.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace twinlock::text {
namespace {

TEST(MailAddress, plain_ones_are_taken) {
  for (const char* address : {"a@b", "alice@example.org", "alice+2fa@mail.example.org", "o'neil@example.org",
                              "twinlock@localhost", "a.b.c@d-e.f"}) {
    EXPECT_TRUE(valid_mail_address(address)) << address;
  }
}

TEST(MailAddress, everything_else_is_refused) {
  for (const char* address : {"",           "@",           "a@",
                              "@b",         "alice",       "a@b@c",
                              "a b@c",      "a@b c",       "a@b\r\nBcc: x@y",
                              "a@b\n",      "<a@b>",       "a@b,c@d",
                              "a@b;c@d",    "\"a\"@b",     "a@[127.0.0.1]",
                              "a(x)@b",     ".a@b",        "a.@b",
                              "a..b@c",     "a@b.",        "a@.b",
                              "a@b..c",     "-f@b",        "\xC3\xA4@b",
                              "a@\xC3\xA4", "Alice <a@b>", "a@b\t"}) {
    EXPECT_FALSE(valid_mail_address(address)) << address;
  }
  EXPECT_FALSE(valid_mail_address(std::string_view("a\0@b", 4)));
  EXPECT_TRUE(valid_mail_address(std::string(64, 'a') + "@b"));
  EXPECT_FALSE(valid_mail_address(std::string(65, 'a') + "@b"));
  EXPECT_TRUE(valid_mail_address("a@" + std::string(252, 'b')));
  EXPECT_FALSE(valid_mail_address("a@" + std::string(253, 'b')));
}

RC_GTEST_PROP(MailAddress, what_is_taken_cannot_inject, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::elementOf(std::string("ab.@-")), rc::gen::arbitrary<char>()));
  if (!valid_mail_address(text)) return;
  for (const char c : text)
    RC_ASSERT(c > 0x20 && c < 0x7F && std::string_view("<>,;:\"()[]\\").find(c) == std::string::npos);
  RC_ASSERT(std::count(text.begin(), text.end(), '@') == 1);
}

}  // namespace
}  // namespace twinlock::text
