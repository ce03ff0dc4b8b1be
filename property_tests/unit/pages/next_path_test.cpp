// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/next_path.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

TEST(NextPath, LocalPaths) {
  for (const char* good : {"/", "/app", "/app?x=1&y=2", "/a//b", "/%2f%2fevil.example",
                           "/?next=//evil.example", "/a:b@c", "/a?u=https://evil.example/", "/a[1]{2}|3"})
    EXPECT_TRUE(is_local_path(good)) << good;
}

TEST(NextPath, NoPathThatABrowserCouldReadAsAnotherSite) {
  for (const char* bad :
       {"", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "evil",
        "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
        "/a b", "/a\\b", "/a#b", "/a\x7f", "/\xC3\xA9", "/a\"b", "/a<b"})
    EXPECT_FALSE(is_local_path(bad)) << bad;
  EXPECT_FALSE(is_local_path(std::string_view("/a\0b", 4)));
  EXPECT_TRUE(is_local_path("/" + std::string(next_bytes_max - 1, 'a')));
  EXPECT_FALSE(is_local_path("/" + std::string(next_bytes_max, 'a')));
}

RC_GTEST_PROP(NextPath, WhatIsAcceptedStartsWithOneSlashAndIsPlain, (const std::string& tail)) {
  const std::string path = "/" + tail;
  if (!is_local_path(path)) return;
  RC_ASSERT(path.size() == 1 || (path[1] != '/' && path[1] != '\\'));
  for (const char c : path) RC_ASSERT(c > 0x20 && c < 0x7F);
}

TEST(NextPath, RawToTheEndOfTheQuery) {
  std::string next;
  EXPECT_TRUE(read_next("next=/app?a=b&c=%20d&next=2", next));
  EXPECT_EQ(next, "/app?a=b&c=%20d&next=2");
  EXPECT_TRUE(read_next("", next));
  EXPECT_EQ(next, "");
  EXPECT_TRUE(read_next("next=//evil.example", next));
  EXPECT_EQ(next, "");
  EXPECT_FALSE(read_next("x=1&next=/app", next));
  EXPECT_FALSE(read_next("Next=/app", next));
}

TEST(NextPath, OfApache) {
  EXPECT_EQ(to_local_path("/caf\xC3\xA9 menu", "day=1"), "/caf%C3%A9%20menu?day=1");
  EXPECT_EQ(to_local_path("//evil.example", ""), "");
  EXPECT_EQ(to_local_path("/a", "x=\r\nSet-Cookie: a"), "");
  EXPECT_EQ(to_local_path("/a\r\nb", ""), "/a%0D%0Ab");
  EXPECT_EQ(to_local_path("", "a"), "");
}

}  // namespace
}  // namespace twinlock::pages
