// SPDX-License-Identifier: Apache-2.0
// The template: a hole stands only where it is escaped for its place.
#include "adapters/pages/template.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "adapters/pages/page.hpp"

namespace twinlock::pages {
namespace {

constexpr TemplateError error(std::string_view html) { return examine(html).error; }

// Decided when this file is compiled: a page with one of these faults does not compile.
static_assert(error("<p>{{v:account}}</p>") == TemplateError::none);
static_assert(error("<p title=\"{{v:account}}\">x</p>") == TemplateError::none);
static_assert(error("<a href=\"{{v:prefix}}/x?y\">x</a>") == TemplateError::none);
static_assert(error("<p {{if:error}}title=\"x\" {{end}}>x</p>") == TemplateError::none);
static_assert(error("<style>{{style}}</style><p>{{v:account}}</p>") == TemplateError::none);

static_assert(error("<p>{{v:nobody}}</p>") == TemplateError::unknown_name);
static_assert(error("<p>{{t:nothing}}</p>") == TemplateError::unknown_name);
static_assert(error("<p>{{account}}</p>") == TemplateError::unknown_name);
static_assert(error("<p>{{if:nobody}}{{end}}</p>") == TemplateError::unknown_name);
static_assert(error("<p>{{v:account</p>") == TemplateError::unclosed);
static_assert(error("<p>{{if:error}}x</p>") == TemplateError::unclosed);
static_assert(error("<p title=\"x") == TemplateError::unclosed);
static_assert(error("<p>{{end}}</p>") == TemplateError::stray_end);
static_assert(error("<p {{if:error}}title=\"x\">{{end}}</p>") == TemplateError::stray_end);
static_assert(error("<{{v:account}}>") == TemplateError::hole_place);
static_assert(error("<p {{v:account}}>") == TemplateError::hole_place);
static_assert(error("<p title={{v:account}}>") == TemplateError::hole_place);
static_assert(error("<p title='{{v:account}}'>") == TemplateError::hole_place);
static_assert(error("<!-- {{v:account}} -->") == TemplateError::hole_place);
static_assert(error("<p onclick=\"{{v:account}}\">") == TemplateError::attribute_name);
static_assert(error("<p style=\"{{v:account}}\">") == TemplateError::attribute_name);
static_assert(error("<iframe srcdoc=\"{{v:account}}\">") == TemplateError::attribute_name);
static_assert(error("<a href=\"https://{{v:account}}\">") == TemplateError::url_start);
static_assert(error("<a href=\"{{v:prefix}}{{v:account}}\">") == TemplateError::url_start);
static_assert(error("<a href=\"{{t:back}}\">") == TemplateError::url_start);
static_assert(error("<script>{{v:account}}</script>") == TemplateError::raw_text);
static_assert(error("<script>alert(1)</script>") == TemplateError::raw_text);
static_assert(error("<style>{{v:account}}</style>") == TemplateError::raw_text);
static_assert(error("<style>p{}</style>") == TemplateError::raw_text);
static_assert(error("<p>{{style}}</p>") == TemplateError::raw_text);

// What the compiler decides above, the same code decides at run time, where coverage and sanitizers can look.
TEST(Template, FaultsAtRunTime) {
  const std::pair<const char*, TemplateError> rows[] = {
      {"<!doctype html><p>{{v:account}}</p><br/>{{t:back}}", TemplateError::none},
      {"<p {{if:error}}title=\"x\" {{end}}>{{unless:error}}x{{end}}</p>", TemplateError::none},
      {"<style nonce=\"a\">{{style}}</style><a href=\"{{v:prefix}}/x\" title=\"{{t:back}}\">x</a>",
       TemplateError::none},
      {"<!-- a -- b --><p id = 'x' hidden>{{v:account}}</p>", TemplateError::none},
      {"<p>{{v:nobody}}</p>", TemplateError::unknown_name},
      {"<p>{{v:account</p>", TemplateError::unclosed},
      {"<p>{{if:error}}x</p>", TemplateError::unclosed},
      {"<p title=\"x", TemplateError::unclosed},
      {"<p>{{end}}</p>", TemplateError::stray_end},
      {"<p {{if:error}}title=\"x\">{{end}}</p>", TemplateError::stray_end},
      {"<{{v:account}}>", TemplateError::hole_place},
      {"<p title={{v:account}}>", TemplateError::hole_place},
      {"<!-- {{v:account}} -->", TemplateError::hole_place},
      {"<p onclick=\"{{v:account}}\">", TemplateError::attribute_name},
      {"<a href=\"{{v:prefix}}{{v:account}}\">", TemplateError::url_start},
      {"<script>{{v:account}}</script>", TemplateError::raw_text},
      {"<p>{{style}}</p>", TemplateError::raw_text}};
  for (const auto& [html, expected] : rows) EXPECT_EQ(error(html), expected) << html;
}

constexpr Template page = sound(
    "<a href=\"{{v:link}}\" "
    "title=\"{{v:account}}\">{{v:account}}</a>{{if:error}}[{{v:error}}]{{end}}{{unless:error}}none{{end}}");

std::string rendered(const std::string& link, const std::string& account, const std::string& error) {
  Values values;
  values[Value::link] = link;
  values[Value::account] = account;
  values[Value::error] = error;
  return render(page, text::english.page, values, "");
}

TEST(Template, EscapesForThePlace) {
  EXPECT_EQ(rendered("/a?b&c", "<b>\"'&", ""),
            "<a href=\"/a?b&amp;c\" title=\"&lt;b&gt;&quot;&#39;&amp;\">&lt;b&gt;&quot;&#39;&amp;</a>none");
  EXPECT_EQ(rendered("/", "a", "e"), "<a href=\"/\" title=\"a\">a</a>[e]");
}

TEST(Template, AUrlIsALocalPathOrNothing) {
  for (const char* bad : {"javascript:alert(1)", "//evil.example", "https://evil.example", "", "/a\nb"})
    EXPECT_TRUE(rendered(bad, "a", "").starts_with("<a href=\"#\"")) << bad;
}

TEST(Template, WhatIsNotTextIsReplaced) {
  std::string out;
  escape_into(out, std::string("a\0b\x1b"
                               "c\xFF\xC0\xAF\xED\xA0\x80z\xC3\xA9",
                               14));
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(out, "a" + r + "b" + r + "c" + r + r + r + r + r + r + "z\xC3\xA9");
}

RC_GTEST_PROP(Template, NothingOfAValueIsMarkup, (const std::string& account, const std::string& link)) {
  const std::string out = rendered(link, account, "");
  RC_ASSERT(std::count(out.begin(), out.end(), '<') == 2);
  RC_ASSERT(std::count(out.begin(), out.end(), '"') == 4);
}

TEST(Pages, WaitsRoundUp) {
  const auto& en = text::english.page;
  EXPECT_EQ(say_wait(en, 1), "1 second");
  EXPECT_EQ(say_wait(en, 59), "59 seconds");
  EXPECT_EQ(say_wait(en, 60), "1 minute");
  EXPECT_EQ(say_wait(en, 61), "2 minutes");
  EXPECT_EQ(say_wait(en, 3540), "59 minutes");
  EXPECT_EQ(say_wait(en, 3541), "1 hour");
  EXPECT_EQ(say_wait(en, 25920), "8 hours");
  EXPECT_EQ(say_wait(text::german.page, 120), "2 Minuten");
}

TEST(Pages, Times) {
  EXPECT_EQ(say_time(1'700'000'010), "2023-11-14 22:13 UTC");
  EXPECT_EQ(iso_time(1'700'000'010), "2023-11-14T22:13:30Z");
}

}  // namespace
}  // namespace twinlock::pages
