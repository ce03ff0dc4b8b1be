// SPDX-License-Identifier: Apache-2.0
// Every page, in both languages: balanced tags, labels for fields, errors tied to them, hostile labels
// escaped, no secret in a URL.
#include <gtest/gtest.h>

#include <set>

#include "adapters/pages/page.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

constexpr std::string_view hostile = "\"><script>alert(1)</script>'&\xFF";

// What an attribute of a tag says; "" where it is not there.
std::string attribute(const std::string& tag, const std::string& name) {
  const std::string start = " " + name + "=\"";
  const auto at = tag.find(start);
  if (at == std::string::npos) return {};
  return tag.substr(at + start.size(), tag.find('"', at + start.size()) - at - start.size());
}

// All tags of a page; tests fail where one is not closed, or closed in the wrong order.
std::vector<std::string> tags_of(const std::string& html) {
  static const std::set<std::string> empty{"meta", "link", "input", "img", "path", "rect", "!doctype", "br"};
  std::vector<std::string> tags;
  std::vector<std::string> open;
  for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::string tag = html.substr(at + 1, html.find('>', at) - at - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" /\n", 1));
    tags.push_back(tag);
    if (tag.starts_with('/')) {
      EXPECT_FALSE(open.empty());
      if (open.empty()) return tags;
      EXPECT_EQ("/" + open.back(), name);
      open.pop_back();
    } else if (!empty.contains(name)) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
  return tags;
}

void expect_sound(const std::string& html) {
  const auto tags = tags_of(html);
  std::set<std::string> ids;
  std::set<std::string> labelled;
  int headings = 0;
  for (const auto& tag : tags) {
    if (const auto id = attribute(tag, "id"); !id.empty()) {
      EXPECT_TRUE(ids.insert(id).second) << "twice: " << id;
    }
    if (tag.starts_with("label ")) labelled.insert(attribute(tag, "for"));
    if (tag == "h1") ++headings;
    for (const char* handler : {" onclick=", " onload=", " onerror=", " onsubmit=", " onfocus="}) {
      EXPECT_EQ(tag.find(handler), std::string::npos) << tag;
    }
    EXPECT_EQ(attribute(tag, "style"), "") << tag;
  }
  EXPECT_EQ(headings, 1);
  for (const auto& tag : tags) {
    for (const char* name : {"aria-describedby", "aria-labelledby"}) {
      std::string list = attribute(tag, name);
      while (!list.empty()) {
        const auto blank = list.find(' ');
        EXPECT_TRUE(ids.contains(list.substr(0, blank))) << tag;
        list = blank == std::string::npos ? std::string() : list.substr(blank + 1);
      }
    }
    if (tag.starts_with("input ") && attribute(tag, "type") != "hidden") {
      EXPECT_TRUE(labelled.contains(attribute(tag, "id"))) << tag;
    }
    if (attribute(tag, "name") == "code") {
      EXPECT_EQ(attribute(tag, "autocomplete"), "one-time-code");
      EXPECT_EQ(attribute(tag, "inputmode"), "numeric");
    }
  }
  EXPECT_EQ(html.find("{{"), std::string::npos);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
}

class EveryPage : public testing::TestWithParam<text::Language> {};

// Each page with everything shown and nothing shown, every value hostile.
TEST_P(EveryPage, IsSoundWithHostileValues) {
  for (std::size_t page = 0; page < pages_max; ++page) {
    for (const bool filled : {true, false}) {
      Values values;
      values[Value::lang] = text::tag(GetParam());
      values[Value::prefix] = "/2fa";
      for (std::size_t v = 0; filled && v < value_names.size(); ++v) {
        if (!value_names[v].ends_with("bare") && value_names[v] != "prefix" && value_names[v] != "lang")
          values[static_cast<Value>(v)] = hostile;
      }
      SCOPED_TRACE("page " + std::to_string(page) + (filled ? " filled" : " bare"));
      expect_sound(render_page(static_cast<Page>(page), text::texts(GetParam()).page, values));
    }
  }
}

TEST_P(EveryPage, SaysItsLanguage) {
  Site site;
  Browser alice(site, "alice");
  alice.parameters["HTTP_ACCEPT_LANGUAGE"] = std::string(text::tag(GetParam())) + ",fr;q=0.5";
  EXPECT_TRUE(alice.get("/2fa/").says("<html lang=\"" + std::string(text::tag(GetParam())) + "\">"));
}

INSTANTIATE_TEST_SUITE_P(Languages, EveryPage,
                         testing::Values(text::Language::english, text::Language::german));

TEST(Html, AHostileLabelIsOnlyText) {
  Site site;
  Browser alice(site, std::string(hostile));
  alice.parameters["TWINLOCK_LABEL"] = hostile;
  alice.get("/2fa/");
  expect_sound(alice.page.body);
  EXPECT_TRUE(alice.page.says("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;\xEF\xBF\xBD"));
  alice.enroll();
  expect_sound(alice.page.body);
}

TEST(Html, TheWholeStoryIsSoundAndSaysNoSecretInAUrl) {
  Site site;
  Browser alice(site, "alice");
  std::vector<Seen> seen;
  seen.push_back(alice.get("/2fa/"));
  seen.push_back(alice.post("/2fa/enroll"));
  seen.push_back(alice.get("/2fa/enroll"));
  const std::string key = text_of(alice.page.body, "key");
  seen.push_back(alice.post("/2fa/enroll/confirm", {{"code", site.wrong_code(key)}}));
  const std::string code = site.code(key);
  seen.push_back(alice.post("/2fa/enroll/confirm", {{"code", code}}));
  const std::string recovery = text_of(alice.page.body, "recovery");
  for (const char* path : {"/2fa/", "/2fa/disable", "/2fa/recovery-code", "/2fa/recover", "/2fa/nothing"})
    seen.push_back(alice.get(path));
  Browser other(site, "alice");
  seen.push_back(other.get("/2fa/challenge", "next=/club/?a=%22%3E"));
  seen.push_back(other.post("/2fa/challenge", {{"code", "000000"}}));
  seen.push_back(other.get("/2fa/recover"));
  seen.push_back(other.post("/2fa/recover", {{"recovery_code", recovery}}));
  for (const Seen& each : seen) {
    SCOPED_TRACE(each.head);
    if (!each.body.empty()) expect_sound(each.body);
    EXPECT_EQ(each.header("Content-Length"), std::to_string(each.body.size()));
    for (const std::string& secret : {key, code, recovery})
      EXPECT_EQ(each.header("Location").find(secret), std::string::npos);
    for (const std::string& line : each.all("Set-Cookie")) {
      EXPECT_TRUE(line.starts_with("__Host-")) << line;
      EXPECT_NE(line.find("; Secure"), std::string::npos) << line;
      EXPECT_NE(line.find("; HttpOnly"), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace twinlock::pages
