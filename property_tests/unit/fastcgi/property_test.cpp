// SPDX-License-Identifier: Apache-2.0
// Random streams, randomly split.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/fastcgi_stream_trace.hpp"
#include "property_tests/unit/fastcgi/stream.hpp"

namespace twinlock::fastcgi::test {
namespace {

std::string random_pairs() {
  const auto names = rc::gen::element<std::string>("A", "REQUEST_METHOD", "TWINLOCK_ACCOUNT", "HTTP_COOKIE",
                                                   "FCGI_MAX_REQS", "");
  std::string out;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    const std::string name = *names;
    const auto cookies = rc::gen::container<std::string>(rc::gen::elementOf(std::string("pas=; _x\t")));
    const auto value = rc::gen::oneOf(cookies, rc::gen::just(std::string("pass=1; __Host-p=2 ;")),
                                      rc::gen::map(rc::gen::inRange<std::size_t>(0, 400),
                                                   [](std::size_t n) { return std::string(n, 'v'); }));
    out += pair(name, *value);
  }
  return out;
}

// Generates one record, or a few that belong together; most are valid.
std::string random_records() {
  const int id = *rc::gen::inRange(0, 5);
  const auto padding = *rc::gen::element<std::size_t>(0, 0, 1, 7, 255);
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return begin(id, *rc::gen::element(1, 1, 1, 2, 3, 300), *rc::gen::arbitrary<bool>());
    case 1: {
      const std::string pairs = random_pairs();
      const auto cut = *rc::gen::inRange<std::size_t>(0, pairs.size() + 1);
      return record(4, id, pairs.substr(0, cut), padding) + record(4, id, pairs.substr(cut));
    }
    case 2:
      return record(4, id);
    case 3:
      return record(5, id, std::string(*rc::gen::inRange<std::size_t>(0, 300), 'b'), padding);
    case 4:
      return record(5, id, "", padding);
    case 5:
      return record(2, id);
    case 6:
      return record(9, 0, random_pairs(), padding);
    case 7:
      return record(*rc::gen::inRange(0, 256), id, *rc::gen::arbitrary<std::string>());
    default:  // undisturbed by the others
      return request(*rc::gen::inRange(6, 60), {{"REQUEST_METHOD", "POST"}}, "code=1",
                     *rc::gen::inRange(1, 3));
  }
}

std::string random_stream() {
  std::string stream;
  for (int i = *rc::gen::inRange(0, 20); i > 0; --i) stream += random_records();
  if (*rc::gen::inRange(0, 4) == 0 && !stream.empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    stream[at] = *rc::gen::arbitrary<char>();
  }
  return stream;
}

RC_GTEST_PROP(Property, AnySplitOfAnyStreamMeansTheSame, ()) {
  const std::string stream = random_stream();
  const trace::Settings settings{.requests_max = *rc::gen::inRange<std::size_t>(1, 9),
                                 .parameters_bytes_max = *rc::gen::inRange<std::size_t>(1, 900),
                                 .body_bytes_max = *rc::gen::inRange<std::size_t>(1, 400),
                                 .answer_at_once = *rc::gen::arbitrary<bool>(),
                                 .gather = true};
  trace::Tracer whole(settings);
  whole.feed(bytes_of(stream));
  trace::Tracer pieces(settings);
  const auto longest = *rc::gen::element<std::size_t>(2, 9, 100);
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = std::min(*rc::gen::inRange<std::size_t>(1, longest), stream.size() - at);
    pieces.feed(bytes_of(stream).subspan(at, size));
    at += size;
  }
  RC_TAG(whole.requests().size() > 2 ? "more than two requests" : "two requests or fewer");
  RC_ASSERT(pieces == whole);
}

// What was encoded is what is gathered, for every well-formed request.
RC_GTEST_PROP(Property, AWellFormedRequestArrives, ()) {
  const auto method = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto account = std::string(*rc::gen::inRange<std::size_t>(0, 300), 'a');
  const auto body = *rc::gen::arbitrary<std::string>();
  const Parameters parameters{{"REQUEST_METHOD", method}, {"OTHER", body}, {"TWINLOCK_ACCOUNT", account}};
  trace::Tracer tracer({});
  const std::string stream = request(*rc::gen::inRange(1, 65'536), parameters, body);
  tracer.feed(bytes_of(stream));
  RC_ASSERT(tracer.requests().size() == 1U);
  RC_ASSERT(tracer.requests()[0] ==
            "role 1 fault 0\nREQUEST_METHOD=" + method + "\nTWINLOCK_ACCOUNT=" + account + "\nbody " + body);
}

}  // namespace
}  // namespace twinlock::fastcgi::test
