// SPDX-License-Identifier: Apache-2.0
// What twinlock and twinlock-probe say to each other comes back byte for byte, and nothing else is taken.
#include <gtest/gtest.h>

#include "adapters/probe/wire.hpp"

namespace twinlock::probe {
namespace {

std::string every_byte() {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
}

TEST(ProbeWire, RequestsComeBackAsTheyWent) {
  for (const std::string& text : {std::string(), every_byte(), std::string("\"\\/\xc3\xa4")}) {
    const Request sent{text, text, {text, "A: b"}, text, text};
    const auto read = parse_request(to_json(sent));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->method, text);
    EXPECT_EQ(read->url, text);
    EXPECT_EQ(read->headers, sent.headers);
    EXPECT_EQ(read->user, text);
    EXPECT_EQ(read->password, text);
  }
}

TEST(ProbeWire, RepliesComeBackAsTheyWent) {
  for (const Trouble trouble : {Trouble::none, Trouble::certificate, Trouble::connection}) {
    const Reply sent{trouble, every_byte(), 503, {{"set-cookie", every_byte()}, {"x", ""}}, every_byte()};
    const auto read = parse_reply(to_json(sent));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->trouble, trouble);
    EXPECT_EQ(read->detail, every_byte());
    EXPECT_EQ(read->status, 503U);
    ASSERT_EQ(read->headers.size(), 2U);
    EXPECT_EQ(read->headers[0].value, every_byte());
    EXPECT_EQ(read->headers[1].name, "x");
    EXPECT_EQ(read->body, every_byte());
  }
}

TEST(ProbeWire, NothingElseIsTaken) {
  const std::string good = R"({"trouble":"none","detail":"","status":200,"headers":["a","b"],"body":""})";
  ASSERT_TRUE(parse_reply(good));
  const std::pair<const char*, const char*> spoilt[] = {{"none", "some"},
                                                        {"200", "-1"},
                                                        {"200", "1000"},
                                                        {"200", "\"200\""},
                                                        {R"(["a","b"])", R"(["a"])"},
                                                        {"body", "both"},
                                                        {R"(,"body":"")", ""},
                                                        {R"("")", "\"\u0100\""},
                                                        {"[\"a\"", "[1"},
                                                        {"}", R"(,"body":""})"}};
  for (const auto& [part, other] : spoilt) {
    std::string json = good;
    json.replace(json.find(part), std::string_view(part).size(), other);
    EXPECT_FALSE(parse_reply(json)) << json;
  }
  EXPECT_FALSE(parse_request(good));
  EXPECT_FALSE(parse_request(""));
  EXPECT_FALSE(parse_request("[]"));
}

}  // namespace
}  // namespace twinlock::probe
