// SPDX-License-Identifier: Apache-2.0
// Name-value pairs, cookies and the gathering of a request, case by case.
#include "adapters/fastcgi/collector.hpp"

#include <gtest/gtest.h>

#include <string>

#include "property_tests/unit/fastcgi/stream.hpp"

namespace twinlock::fastcgi::test {
namespace {

const Wanted& wanted() {
  static const Wanted names{{"A", "TWINLOCK_ACCOUNT", std::string(name_bytes_max, 'L')},
                            {"__Host-twinlock", "pass"}};
  return names;
}

Request gather(std::string_view parameters, std::string_view body = {}, std::size_t parameters_max = 65'536) {
  Collector collector(wanted(), parameters_max, 1'000);
  collector.begin(Role::responder);
  collector.parameters(bytes_of(parameters));
  collector.parameters_end();
  collector.body(bytes_of(body));
  return collector.take();
}

TEST(Collector, KeepsWhatIsWantedAndNothingElse) {
  const Request request = gather(pair("B", "1") + pair("A", "two") + pair("AA", "3") + pair("a", "4"));
  ASSERT_EQ(request.parameters.size(), 1U);
  EXPECT_EQ(request.value("A"), "two");
  EXPECT_EQ(request.find("B"), nullptr);
  EXPECT_EQ(request.value("B"), "");
}

TEST(Collector, TakesEveryLengthEncoding) {
  const std::string long_value(3'000, 'v');
  const std::string four_bytes{'\x80', 0, 0, 1, '\x80', 0, 0, 2, 'A', 'x', 'y'};
  EXPECT_EQ(gather(four_bytes).value("A"), "xy");
  EXPECT_EQ(gather(pair("A", long_value)).value("A"), long_value);
  EXPECT_EQ(gather(pair(std::string(name_bytes_max, 'L'), "x")).value(std::string(name_bytes_max, 'L')), "x");
  EXPECT_TRUE(gather(pair(std::string(name_bytes_max + 1, 'L'), "x") + pair("", "x")).parameters.empty());
}

TEST(Collector, OfARepeatedNameTheLastWins) {
  const Request request =
      gather(pair("A", "first, and longer") + pair("A", "") + pair("TWINLOCK_ACCOUNT", "bob"));
  EXPECT_EQ(request.value("A"), "");
  EXPECT_TRUE(request.find("A")->repeated);
  EXPECT_FALSE(request.find("TWINLOCK_ACCOUNT")->repeated);
}

TEST(Collector, APairBeyondItsStreamIsMalformed) {
  const std::string good = pair("A", "value");
  for (std::size_t size = 1; size < good.size(); ++size) {
    const Request request = gather(good.substr(0, size), "body");
    EXPECT_EQ(request.fault, RequestFault::malformed) << size;
    EXPECT_TRUE(request.parameters.empty());
    EXPECT_EQ(request.body, "");
  }
  EXPECT_EQ(gather("\xff\xff\xff\xff\xff\xff\xff\xff").fault, RequestFault::malformed);
}

TEST(Collector, CountsAllParametersAgainstTheirBound) {
  const std::string bulk = pair("UNWANTED", std::string(1'000, 'x'));
  EXPECT_EQ(gather(bulk, {}, bulk.size()).fault, RequestFault::none);
  EXPECT_EQ(gather(bulk, {}, bulk.size() - 1).fault, RequestFault::parameters_too_large);
  const Request request = gather(pair("A", "1") + bulk, {}, 100);
  EXPECT_TRUE(request.parameters.empty());
}

TEST(Collector, BoundsWhatItKeeps) {
  EXPECT_EQ(gather(pair("A", std::string(kept_bytes_max, 'x'))).fault, RequestFault::none);
  EXPECT_EQ(gather(pair("A", std::string(kept_bytes_max + 1, 'x'))).fault,
            RequestFault::parameters_too_large);
}

// A value of a short name that is too long reads as "" and takes no memory, however the stream is split.
TEST(Collector, AShortNamesLongValueTakesNoRoom) {
  const Wanted short_ones{{"A", "S"}, {}, {"S"}};
  for (const std::size_t length : {short_value_bytes_max, short_value_bytes_max + 1, kept_bytes_max + 1}) {
    for (const std::size_t other : {std::size_t{1}, kept_bytes_max - short_value_bytes_max, kept_bytes_max}) {
      const std::string stream =
          pair("A", std::string(other, 'a')) + pair("S", std::string(length, 's')) + pair("A", "z");
      const bool room = kept_bytes_max - other >= short_value_bytes_max;
      for (const std::size_t piece : {std::size_t{1}, std::size_t{700}, stream.size()}) {
        Collector collector(short_ones, 65'536, 1'000);
        collector.begin(Role::responder);
        for (std::size_t at = 0; at < stream.size(); at += piece)
          collector.parameters(bytes_of(std::string_view(stream).substr(at, piece)));
        collector.parameters_end();
        const Request request = collector.take();
        const bool kept = room && length <= short_value_bytes_max;
        const bool full = other + (kept ? length : 0) + 1 > kept_bytes_max;
        EXPECT_EQ(request.fault, full ? RequestFault::parameters_too_large : RequestFault::none)
            << length << " " << other << " " << piece;
        if (full) continue;
        EXPECT_EQ(request.value("S").size(), kept ? length : 0) << length << " " << other << " " << piece;
        EXPECT_EQ(request.value("A"), "z");
      }
    }
  }
}

TEST(Collector, BoundsTheBodyAndKeepsTheParameters) {
  EXPECT_EQ(gather(pair("A", "1"), std::string(1'000, 'b')).body.size(), 1'000U);
  const Request request = gather(pair("A", "1"), std::string(1'001, 'b'));
  EXPECT_EQ(request.fault, RequestFault::body_too_large);
  EXPECT_EQ(request.value("A"), "1");
  EXPECT_EQ(request.body, "");
}

TEST(Collector, FindsTheCookieBehindThirtyKibibytesOfOthers) {
  std::string header;
  while (header.size() < 30 * 1'024) header += "other" + std::to_string(header.size()) + "=0123456789; ";
  const Request request = gather(pair("HTTP_COOKIE", header + "__Host-twinlock=the-pass; more=1"));
  ASSERT_EQ(request.cookies.size(), 1U);
  EXPECT_EQ(request.cookies[0].name, "__Host-twinlock");
  EXPECT_EQ(request.cookies[0].value, "the-pass");
}

std::string cookies_of(std::string_view header) {
  std::string out;
  for (const Cookie& c : gather(pair("HTTP_COOKIE", header)).cookies)
    out += "[" + c.name + "|" + c.value + "]";
  return out;
}

TEST(Collector, ReadsCookies) {
  EXPECT_EQ(cookies_of("pass=a"), "[pass|a]");
  EXPECT_EQ(cookies_of("pass=a; pass=b;pass2=c"), "[pass|a][pass|b][pass2|c]");
  EXPECT_EQ(cookies_of("pass="), "[pass|]");
  EXPECT_EQ(cookies_of("pass=a=b"), "[pass|a=b]");
  EXPECT_EQ(cookies_of("pass=\"q\""), "[pass|\"q\"]");
  EXPECT_EQ(cookies_of("  ;; pass=a  \t; x=y"), "[pass|a]");
  EXPECT_EQ(cookies_of("pass; =; ;x"), "");
  EXPECT_EQ(cookies_of("xpass=a; Pass=b; pas=c"), "");
  EXPECT_EQ(cookies_of("pass" + std::string(name_bytes_max, 'n') + "=x; pass=y"), "[pass|y]");
  EXPECT_EQ(cookies_of(""), "");
}

TEST(Collector, JoinsTwoCookieHeaders) {
  const Request request = gather(pair("HTTP_COOKIE", "pass=a") + pair("HTTP_COOKIE", "=x; pass=b"));
  ASSERT_EQ(request.cookies.size(), 2U);
  EXPECT_EQ(request.cookies[0].value, "a");
  EXPECT_EQ(request.cookies[1].value, "b");
}

TEST(Collector, LeavesOutWhatIsAboveTheNumberOfWantedCookies) {
  std::string header;
  for (std::size_t i = 0; i < cookies_max; ++i) header += "pass=x;";
  EXPECT_EQ(gather(pair("HTTP_COOKIE", header)).cookies.size(), cookies_max);
  const Request more = gather(pair("HTTP_COOKIE", header + "pass=y; pass=z") + pair("A", "1"));
  EXPECT_EQ(more.fault, RequestFault::none);
  EXPECT_EQ(more.cookies.size(), cookies_max);
  EXPECT_EQ(more.cookies.back().value, "x");
  EXPECT_EQ(gather(pair("HTTP_COOKIE", header + "other=y")).fault, RequestFault::none);
}

TEST(Collector, StartsAnew) {
  Collector collector(wanted(), 100, 10);
  collector.begin(Role::responder);
  collector.parameters(bytes_of(pair("A", "old")));
  collector.body(bytes_of("a body that is too long"));
  EXPECT_GT(collector.discarded_bytes(), 0U);
  collector.begin(Role::authorizer);
  EXPECT_EQ(collector.discarded_bytes(), 0U);
  const Request request = collector.take();
  EXPECT_EQ(request.role, Role::authorizer);
  EXPECT_EQ(request.fault, RequestFault::none);
  EXPECT_TRUE(request.parameters.empty());
}

}  // namespace
}  // namespace twinlock::fastcgi::test
