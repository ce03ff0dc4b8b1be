// SPDX-License-Identifier: Apache-2.0
// What twinlockd and the mailer say to each other.
#include "adapters/mail/wire.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace twinlock::mail::wire {
namespace {

const std::string id = "0123456789abcdef0123456789abcdef";

// ASCII with every control character, and longer sequences.
std::string any_utf8() {
  std::string out;
  for (const int piece : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 131))) {
    constexpr const char* longer[] = {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x94\x91"};
    if (piece < 128) out += static_cast<char>(piece);
    if (piece >= 128) out += longer[piece - 128];
  }
  return out;
}

RC_GTEST_PROP(Wire, a_request_comes_out_as_it_went_in, ()) {
  const Request request{id, any_utf8(), any_utf8(), any_utf8()};
  const std::optional<Request> out = parse_request(to_json(request));
  RC_ASSERT(out.has_value());
  RC_ASSERT(out->id == id && out->to == request.to && out->subject == request.subject &&
            out->text == request.text);
}

RC_GTEST_PROP(Wire, a_reply_comes_out_as_it_went_in, ()) {
  const Reply reply{id, *rc::gen::element(Result::sent, Result::retry, Result::failed), any_utf8()};
  const std::optional<Reply> out = parse_reply(to_json(reply));
  RC_ASSERT(out && out->id == id && out->result == reply.result && out->detail == reply.detail);
}

TEST(Wire, refuses_other_objects) {
  for (const std::string& json :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), std::string("{"),
        R"({"id":"0123","to":"","subject":"","text":""})" + std::string(),
        R"({"id":")" + id + R"(","to":"","subject":""})",
        R"({"id":")" + id + R"(","to":"","subject":"","text":1})",
        R"({"id":")" + id + R"(","to":"","subject":"","text":"","more":""})",
        R"({"id":")" + id + R"(","to":"","to":"","subject":"","text":""})",
        R"({"id":")" + id + "\",\"to\":\"\xFF\",\"subject\":\"\",\"text\":\"\"}"}) {
    EXPECT_FALSE(parse_request(json)) << json;
  }
  EXPECT_FALSE(parse_reply(R"({"id":")" + id + R"(","result":"maybe","detail":""})"));
  EXPECT_TRUE(parse_reply(R"({"id":")" + id + R"(","result":"retry","detail":""})"));
}

}  // namespace
}  // namespace twinlock::mail::wire
