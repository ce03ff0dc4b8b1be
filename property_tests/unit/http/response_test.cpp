// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/response.hpp"

#include <gtest/gtest.h>

#include "property_tests/support/armour.hpp"

namespace twinlock::http {
namespace {

TEST(Response, StatusFirstThenWhatEveryAnswerHas) {
  Response response;
  response.status = 200;
  response.body = "hello";
  const auto answer = finish(response, false);
  EXPECT_TRUE(answer.head.starts_with("Status: 200 OK\r\n"));
  EXPECT_TRUE(answer.head.ends_with("\r\n\r\n"));
  EXPECT_EQ(answer.body, "hello");
  EXPECT_NE(answer.head.find("\r\nContent-Length: 5\r\n"), std::string::npos);
  test::expect_armour(answer.head);
}

TEST(Response, AnErrorAHeadAndAnEmptyAnswerHaveItToo) {
  for (const int status : {204, 302, 303, 404, 405, 431, 500, 503}) {
    Response response;
    response.status = status;
    for (const bool head_only : {false, true}) test::expect_armour(finish(response, head_only).head);
  }
}

TEST(Response, HeadHasTheSameHeadAndNoBody) {
  Response response;
  response.status = 200;
  response.body = "hello";
  const auto whole = finish(response, false);
  const auto head = finish(response, true);
  EXPECT_EQ(head.head, whole.head);
  EXPECT_EQ(head.body, "");
}

TEST(Response, AHeaderCannotBeSplit) {
  Response response;
  response.status = 303;
  response.add("Location", "/a\r\nSet-Cookie: x=1");
  const auto answer = finish(response, false);
  EXPECT_TRUE(answer.head.starts_with("Status: 500 "));
  EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
}

TEST(Response, AHeadOfFourKibibytesIsNotSent) {
  Response response;
  response.status = 303;
  response.add("Location", "/" + std::string(4096, 'a'));
  const auto answer = finish(response, false);
  EXPECT_TRUE(answer.head.starts_with("Status: 500 "));
  EXPECT_LT(answer.head.size(), head_bytes_limit);
}

TEST(Response, EveryStatusOfOursHasAReason) {
  for (const int status : {200, 302, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 431, 503})
    EXPECT_NE(reason_phrase(status), reason_phrase(500)) << status;
}

}  // namespace
}  // namespace twinlock::http
