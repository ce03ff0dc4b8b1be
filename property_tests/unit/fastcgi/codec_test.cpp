// SPDX-License-Identifier: Apache-2.0
// The record parser and the encoder, case by case.
#include "adapters/fastcgi/codec.hpp"

#include <gtest/gtest.h>

#include <string>

#include "fuzz/fastcgi_stream_trace.hpp"
#include "property_tests/unit/fastcgi/stream.hpp"

namespace twinlock::fastcgi::test {
namespace {

using Kind = RecordEvent::Kind;

std::vector<RecordEvent> events_of(std::string_view stream, std::size_t requests_max = 4) {
  RecordParser parser(requests_max);
  std::vector<RecordEvent> out;
  for (Bytes in = bytes_of(stream);;) {
    const RecordEvent event = parser.next(in);
    if (event.kind == Kind::more) return out;
    out.push_back(event);
    if (event.kind == Kind::broken) return out;
  }
}

std::vector<Kind> kinds_of(std::string_view stream, std::size_t requests_max = 4) {
  std::vector<Kind> out;
  for (const RecordEvent& event : events_of(stream, requests_max)) out.push_back(event.kind);
  return out;
}

using Kinds = std::vector<Kind>;

TEST(RecordParser, ReadsAResponder) {
  const std::string stream = request(7, {{"A", "b"}}, "body");
  const auto events = events_of(stream);
  ASSERT_EQ(kinds_of(stream),
            (Kinds{Kind::begin, Kind::params, Kind::params_end, Kind::input, Kind::input_end}));
  EXPECT_EQ(events[0].id, 7);
  EXPECT_TRUE(events[0].keep);
  EXPECT_EQ(text(events[3].bytes), "body");
}

TEST(RecordParser, DiscardsWhatFollowsAnAuthorizersParams) {
  const std::string stream = request(1, {}, {}, 2) + record(5, 1, "x") + record(5, 1);
  EXPECT_EQ(kinds_of(stream), (Kinds{Kind::begin, Kind::params_end}));
}

TEST(RecordParser, RefusesFilterAndUnknownRoles) {
  for (const int role : {0, 3, 4, 256, 513, 65'535})
    EXPECT_EQ(kinds_of(begin(1, role) + record(4, 1, "x") + record(5, 1)), (Kinds{Kind::unknown_role}))
        << role;
}

TEST(RecordParser, IgnoresRecordsForAFreeId) {
  EXPECT_EQ(kinds_of(record(4, 9, "zz", 3) + record(5, 9) + record(2, 9) + record(8, 9) + begin(9)),
            (Kinds{Kind::begin}));
}

TEST(RecordParser, IgnoresOtherRecordsOfAnOpenRequest) {
  EXPECT_EQ(kinds_of(begin(1) + record(8, 1, "data") + record(77, 1, "?") + record(4, 1)),
            (Kinds{Kind::begin, Kind::params_end}));
}

TEST(RecordParser, IgnoresStreamsAfterTheirEnd) {
  EXPECT_EQ(
      kinds_of(request(1, {}) + record(4, 1, "late") + record(4, 1) + record(5, 1, "late") + record(5, 1)),
      (Kinds{Kind::begin, Kind::params_end, Kind::input_end}));
}

TEST(RecordParser, NamesUnknownManagementRecords) {
  const auto events = events_of(record(23, 0, "abc", 5) + begin(0) + record(9, 0));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, Kind::unknown_type);
  EXPECT_EQ(events[0].type, 23);
  EXPECT_EQ(events[1].type, 1);
  EXPECT_EQ(events[2].kind, Kind::get_values);
  EXPECT_EQ(events[2].asked, 0);
}

TEST(RecordParser, AsksEachValueOnce) {
  const std::string twice = pair("FCGI_MAX_CONNS", "") + pair("FCGI_MAX_CONNS", "7") + pair("FCGI_OTHER", "");
  const auto events =
      events_of(record(9, 0, twice, 1) + record(9, 0, pair("FCGI_MAX_REQS", "").substr(0, 6)));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].asked, asked_max_conns);
  EXPECT_EQ(events[1].asked, 0);
}

TEST(RecordParser, BreaksOnWhatIsNoFastCgi) {
  EXPECT_EQ(kinds_of("GET / HTTP/1.1\r\n\r\n"), (Kinds{Kind::broken}));
  EXPECT_EQ(kinds_of(record(1, 1, "short")), (Kinds{Kind::broken}));
  EXPECT_EQ(kinds_of(record(1, 1, "far too long")), (Kinds{Kind::broken}));
  EXPECT_EQ(kinds_of(begin(1) + begin(1)), (Kinds{Kind::begin, Kind::broken}));
  EXPECT_EQ(kinds_of(begin(1) + record(5, 1, "x")), (Kinds{Kind::begin, Kind::broken}));
}

TEST(RecordParser, StaysBroken) {
  RecordParser parser(1);
  const std::string bad = "no";
  const std::string padded = bad + std::string(6, 'x');
  Bytes in = bytes_of(padded);
  EXPECT_EQ(parser.next(in).kind, Kind::broken);
  const std::string good = begin(1);
  in = bytes_of(good);
  EXPECT_EQ(parser.next(in).kind, Kind::broken);
}

TEST(RecordParser, RefusesMoreThanItsNumberAndTakesThemAgainAfterRelease) {
  RecordParser parser(2);
  const std::string first = begin(1) + begin(2) + begin(3, 2, false);
  Bytes in = bytes_of(first);
  const std::uint8_t index = parser.next(in).index;
  EXPECT_EQ(parser.next(in).kind, Kind::begin);
  const RecordEvent third = parser.next(in);
  EXPECT_EQ(third.kind, Kind::overloaded);
  EXPECT_EQ(third.role, Role::authorizer);
  EXPECT_FALSE(third.keep);
  parser.release(index);
  const std::string again = begin(3);
  in = bytes_of(again);
  EXPECT_EQ(parser.next(in).kind, Kind::begin);
}

TEST(RecordParser, AbortsOnce) {
  EXPECT_EQ(kinds_of(begin(1) + record(2, 1) + record(2, 1) + record(4, 1) + record(5, 1)),
            (Kinds{Kind::begin, Kind::aborted}));
}

TEST(RecordParser, KnowsWhetherItStandsBetweenRecords) {
  RecordParser parser(1);
  const std::string stream = record(9, 0, "", 3);
  for (std::size_t i = 0; i < stream.size(); ++i) {
    EXPECT_EQ(parser.between_records(), i == 0) << i;
    Bytes in = bytes_of(stream).subspan(i, 1);
    while (parser.next(in).kind != Kind::more) {
    }
  }
  EXPECT_TRUE(parser.between_records());
}

std::string text_of(std::span<const std::uint8_t> bytes) { return std::string(text(bytes)); }

TEST(Encoder, EndsRequests) {
  std::string stream = text_of(encode_end_request(0x1234, ProtocolStatus::overloaded));
  const auto records = take_records(stream);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, 3);
  EXPECT_EQ(records[0].id, 0x1234);
  EXPECT_EQ(records[0].content, std::string("\0\0\0\0\2\0\0\0", 8));
}

TEST(Encoder, NamesTheUnknownType) {
  std::string stream = text_of(encode_unknown_type(99));
  const auto records = take_records(stream);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, 11);
  EXPECT_EQ(records[0].id, 0);
  EXPECT_EQ(records[0].content, std::string("\x63\0\0\0\0\0\0\0", 8));
}

TEST(Encoder, TellsTheAskedValues) {
  std::array<std::uint8_t, get_values_result_bytes_max> buffer{};
  const std::size_t most = encode_get_values_result(buffer, 7, SIZE_MAX, SIZE_MAX);
  EXPECT_LE(most, buffer.size());
  const std::size_t bytes = encode_get_values_result(buffer, asked_max_reqs | asked_mpxs_conns, 10, 2'000);
  std::string stream = text_of(Bytes(buffer).first(bytes));
  const auto records = take_records(stream);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, 10);
  EXPECT_EQ(records[0].content, pair("FCGI_MAX_REQS", "2000") + pair("FCGI_MPXS_CONNS", "1"));
}

// Encodes an answer from each byte on and checks that the pieces are the rest of the whole.
TEST(Encoder, FramesAnAnswerFromAnyByteOn) {
  const std::string head = "Status: 200 OK\r\n\r\n";
  for (const std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 700'000UL}) {
    const std::string body(size, 'b');
    const std::uint64_t total = ResponseRecords::total_bytes(head.size(), size);
    std::string whole;
    while (whole.size() < total) {
      const ResponseRecords records(5, head, body, whole.size());
      ASSERT_FALSE(records.pieces().empty());
      std::string got;
      for (const Bytes piece : records.pieces()) got += text(piece);
      whole += got.substr(0, std::max<std::size_t>(1, got.size() / 2));
    }
    EXPECT_TRUE(ResponseRecords(5, head, body, total).pieces().empty());
    const auto records = take_records(whole);
    EXPECT_TRUE(whole.empty());
    std::string joined;
    for (const Record& r : records)
      if (r.type == 6) joined += r.content;
    EXPECT_EQ(records.front().content, head);
    EXPECT_TRUE(joined == head + body);
    EXPECT_EQ(records[records.size() - 2].content, "");
    EXPECT_EQ(records.back().type, 3);
  }
}

}  // namespace
}  // namespace twinlock::fastcgi::test
