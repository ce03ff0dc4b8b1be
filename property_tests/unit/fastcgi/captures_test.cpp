// SPDX-License-Identifier: Apache-2.0
// Feeds what six real web servers sent, split in every way: the result is always what the index says.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fuzz/fastcgi_stream_trace.hpp"
#include "property_tests/unit/fastcgi/stream.hpp"

namespace twinlock::fastcgi::test {
namespace {

using trace::Settings;
using trace::Tracer;

// A kept connection uses an id again after its request was answered.
bool reuses_ids(std::string stream) {
  std::set<int> begun;
  for (const Record& r : take_records(stream))
    if (r.type == 1 && !begun.insert(r.id).second) return true;
  return false;
}

Settings settings_for(const Capture& capture) {
  return {.requests_max = 16, .answer_at_once = reuses_ids(capture.stream)};
}

Tracer traced(const Settings& settings, Bytes stream, std::size_t cut) {
  Tracer tracer(settings);
  tracer.feed(stream.first(cut));
  tracer.feed(stream.subspan(cut));
  return tracer;
}

// The events again as the index writes records; padding is no event and is left out.
std::string as_index(const Tracer& tracer) {
  std::string out;
  const auto add = [&](const char* type, const RecordEvent& e, std::size_t size) {
    out +=
        std::string(out.empty() ? "" : " ") + type + "#" + std::to_string(e.id) + "/" + std::to_string(size);
  };
  for (const RecordEvent& e : tracer.events()) {
    if (e.kind == RecordEvent::Kind::get_values) add("GETV", e, 32);
    if (e.kind == RecordEvent::Kind::begin) add("BEGIN", e, 8);
    if (e.kind == RecordEvent::Kind::params || e.kind == RecordEvent::Kind::params_end)
      add("PARAMS", e, e.bytes.size());
    if (e.kind == RecordEvent::Kind::input || e.kind == RecordEvent::Kind::input_end)
      add("STDIN", e, e.bytes.size());
    if (e.kind == RecordEvent::Kind::aborted) add("ABORT", e, 0);
  }
  return out;
}

// What an Authorizer gets after its parameters is ignored.
std::string without_discarded(std::string listed, const Tracer& tracer) {
  const std::string last = " STDIN#1/0";
  const bool authorizer = !tracer.events().empty() && tracer.events().back().role == Role::authorizer;
  if (authorizer && listed.ends_with(last)) listed.resize(listed.size() - last.size());
  return listed;
}

std::string without_padding(const std::string& index_line) {
  std::string out;
  for (std::size_t at = 0; at < index_line.size(); ++at) {
    if (index_line[at] == '+')
      while (at + 1 < index_line.size() && index_line[at + 1] != ' ') ++at;
    else
      out += index_line[at];
  }
  return out;
}

TEST(Captures, AreAllThereFromSixServers) {
  std::map<std::string, int> servers;
  for (const Capture& c : captures()) ++servers[c.name.substr(0, c.name.find('_'))];
  EXPECT_EQ(servers.size(), 6U);
  EXPECT_GE(captures().size(), 250U);
}

TEST(Captures, MeanWhatTheirIndexSays) {
  for (const Capture& c : captures()) {
    Tracer tracer(settings_for(c));
    tracer.feed(bytes_of(c.stream));
    const std::string got = as_index(tracer);
    const std::string listed = without_discarded(without_padding(c.index_line), tracer);
    const std::size_t cut = listed.find(" ...");
    if (cut == std::string::npos)
      EXPECT_EQ(got, listed) << c.name;
    else
      EXPECT_EQ(got.substr(0, cut), listed.substr(0, cut)) << c.name;
  }
}

// The records alone at every position; the requests gathered from them too, but of the few long streams
// (which repeat one header a thousand times) at every thirteenth.
TEST(Captures, MeanTheSameSplitAnywhere) {
  for (const Capture& c : captures()) {
    Settings settings = settings_for(c);
    const Bytes stream = bytes_of(c.stream);
    const Tracer gathered = traced(settings, stream, 0);
    const std::size_t stride = c.stream.size() > 5'000 ? 13 : 1;
    for (std::size_t cut = 1; cut <= c.stream.size(); cut += stride)
      ASSERT_TRUE(traced(settings, stream, cut) == gathered) << c.name << " cut at " << cut;
    settings.gather = false;
    const Tracer parsed = traced(settings, stream, 0);
    for (std::size_t cut = 1; cut <= c.stream.size(); ++cut)
      ASSERT_TRUE(traced(settings, stream, cut) == parsed) << c.name << " cut at " << cut;
  }
}

TEST(Captures, MeanTheSameByteByByte) {
  for (const Capture& c : captures()) {
    const Settings settings = settings_for(c);
    Tracer tracer(settings);
    for (std::size_t at = 0; at < c.stream.size(); ++at) tracer.feed(bytes_of(c.stream).subspan(at, 1));
    ASSERT_TRUE(tracer == traced(settings, bytes_of(c.stream), 0)) << c.name;
  }
}

// The request of a capture, with the names that a test wants.
Request request_of(std::string_view name, const Wanted& wanted) {
  const Capture c = capture(name);
  RecordParser parser(16);
  Collector collector(wanted, 65'536, 16'384);
  Bytes in = bytes_of(c.stream);
  for (;;) {
    const RecordEvent event = parser.next(in);
    if (event.kind == RecordEvent::Kind::begin) collector.begin(event.role);
    if (event.kind == RecordEvent::Kind::params) collector.parameters(event.bytes);
    if (event.kind == RecordEvent::Kind::params_end) collector.parameters_end();
    if (event.kind == RecordEvent::Kind::input) collector.body(event.bytes);
    const bool ended = event.kind == RecordEvent::Kind::input_end ||
                       (event.kind == RecordEvent::Kind::params_end && event.role == Role::authorizer);
    if (ended || event.kind == RecordEvent::Kind::more || event.kind == RecordEvent::Kind::broken)
      return collector.take();
  }
}

TEST(Captures, OfARepeatedNameTheLastWinsAndItShows) {
  const Request request = request_of("nginx_gate_appdyn_post_0", {{"CONTENT_LENGTH", "REQUEST_METHOD"}, {}});
  const Parameter* length = request.find("CONTENT_LENGTH");
  ASSERT_NE(length, nullptr);
  EXPECT_TRUE(length->repeated);
  EXPECT_EQ(length->value, "");
  EXPECT_EQ(request.value("REQUEST_METHOD"), "POST");
  EXPECT_FALSE(request.find("REQUEST_METHOD")->repeated);
}

TEST(Captures, APairSplitOverRecordsIsWhole) {
  const Request request =
      request_of("apache_u_hugehdr", {{"REQUEST_METHOD", "SCRIPT_NAME", "GATEWAY_INTERFACE"}, {}});
  EXPECT_EQ(request.fault, RequestFault::none);
  EXPECT_EQ(request.value("REQUEST_METHOD"), "GET");
  EXPECT_EQ(request.value("GATEWAY_INTERFACE"), "CGI/1.1");
  EXPECT_FALSE(request.value("SCRIPT_NAME").empty());
}

TEST(Captures, AChunkedBodyIsWhatStdinDelivered) {
  const Request request = request_of("caddy_u_chunked", {{"CONTENT_LENGTH"}, {}});
  EXPECT_EQ(request.value("CONTENT_LENGTH"), "-1");
  EXPECT_EQ(request.body.size(), 508U);
}

TEST(Captures, AnAuthorizerIsOneAndHasNoBody) {
  for (const char* name : {"apache_gate_app_post_0", "lighttpd_gate_app_post_0"}) {
    const Request request = request_of(name, {{"REQUEST_METHOD"}, {}});
    EXPECT_EQ(request.role, Role::authorizer) << name;
    EXPECT_EQ(request.value("REQUEST_METHOD"), "POST") << name;
    EXPECT_EQ(request.body, "") << name;
  }
}

TEST(Captures, MultiplexedRequestsAndGetValues) {
  const Capture c = capture("haproxy_m_par6");
  Tracer tracer({.requests_max = 16, .answer_at_once = false});
  tracer.feed(bytes_of(c.stream));
  ASSERT_FALSE(tracer.events().empty());
  EXPECT_EQ(tracer.events().front().kind, RecordEvent::Kind::get_values);
  EXPECT_EQ(tracer.events().front().asked, asked_max_reqs | asked_mpxs_conns);
  EXPECT_EQ(tracer.requests().size(), 6U);
}

TEST(Captures, AnAbortIsSeen) {
  const Capture c = capture("haproxy_k_srvtimeout_0");
  Tracer tracer({.requests_max = 16, .answer_at_once = false});
  tracer.feed(bytes_of(c.stream));
  ASSERT_FALSE(tracer.events().empty());
  EXPECT_EQ(tracer.events().back().kind, RecordEvent::Kind::aborted);
}

}  // namespace
}  // namespace twinlock::fastcgi::test
