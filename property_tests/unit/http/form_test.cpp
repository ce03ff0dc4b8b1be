// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/form.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "adapters/http/code.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::http {
namespace {

constexpr FieldNames known{"form", "code", "next"};

std::string fault(std::string_view body) {
  const auto form = parse_form(body, known);
  return form ? "(none)" : form.error();
}

TEST(Form, ReadsKnownFields) {
  const auto form = parse_form("form=a%2Bb&code=123+456&next=%2Fapp%3Fx%3D1%26y", known);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("form"), "a+b");
  EXPECT_EQ(form->get("code"), "123 456");
  EXPECT_EQ(form->get("next"), "/app?x=1&y");
  EXPECT_FALSE(parse_form("", known)->has("code"));
}

TEST(Form, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(fault("form=1&admin=1"), "admin");
  EXPECT_EQ(fault("code=1&code=2"), "code");
  EXPECT_EQ(fault("code=1&c%6Fde=2"), "c%6Fde");
  EXPECT_EQ(fault("code=%4"), "code");
  EXPECT_EQ(fault("code=%zz"), "code");
  EXPECT_EQ(fault("co%de=1"), "co%de");
  EXPECT_EQ(fault("code"), "code");
  EXPECT_EQ(fault("=1"), "");
  EXPECT_EQ(fault("code=1&"), "");
  EXPECT_EQ(fault("code=1&&next=2"), "");
  EXPECT_EQ(fault(std::string(100, 'x') + "=1"), std::string(40, 'x'));
}

RC_GTEST_PROP(Form, EveryValueComesThrough, (const std::string& a, const std::string& b)) {
  const auto form = parse_form(test::form_encoded({{"code", a}, {"next", b}}), known);
  RC_ASSERT(form.has_value());
  RC_ASSERT(form->get("code") == a);
  RC_ASSERT(form->get("next") == b);
}

RC_GTEST_PROP(Form, NeverKnowsMoreThanWasSent, (const std::string& body)) {
  const auto form = parse_form(body, known);
  if (form)
    RC_ASSERT(form->get("form").size() + form->get("code").size() + form->get("next").size() <= body.size());
}

TEST(Form, ContentType) {
  EXPECT_TRUE(is_form_type("application/x-www-form-urlencoded"));
  EXPECT_TRUE(is_form_type("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
  EXPECT_TRUE(is_form_type("application/x-www-form-urlencoded ;charset=utf-8"));
  for (const char* other :
       {"", "text/plain", "multipart/form-data", "application/json", "application/x-www-form-urlencodedx"})
    EXPECT_FALSE(is_form_type(other)) << other;
}

TEST(Code, NormalisesBlanksAndHyphensOnly) {
  for (const char* good : {"123456", "123 456", "123-456", " 1 2 3 4 5 6 ", "1-2-3-456"}) {
    const auto code = read_code(good);
    ASSERT_TRUE(code) << good;
    EXPECT_EQ(std::string(std::begin(code->digit), std::end(code->digit)), "123456");
  }
  using namespace std::string_view_literals;
  for (const auto bad : {""sv, "12345"sv, "1234567"sv, "12345a"sv, "12345\0"sv, "123\0456"sv,
                         "\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x95\xEF\xBC\x96"sv,
                         "123456\n"sv, "+12345"sv, "123.456"sv, "123456 7"sv})
    EXPECT_FALSE(read_code(bad)) << bad;
}

RC_GTEST_PROP(Code, OnlyAsciiDigitsReachTheKernel, (const std::string& typed)) {
  const auto code = read_code(typed);
  if (!code) return;
  for (const std::uint8_t digit : code->digit) RC_ASSERT(digit >= 0x30 && digit <= 0x39);
}

}  // namespace
}  // namespace twinlock::http
