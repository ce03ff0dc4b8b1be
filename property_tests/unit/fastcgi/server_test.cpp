// SPDX-License-Identifier: Apache-2.0
// The server over real sockets: what it answers, in which order, on which connection.
#include <gtest/gtest.h>

#include <thread>

#include "adapters/fastcgi/codec.hpp"
#include "property_tests/support/armour.hpp"
#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

const Parameters get{{"REQUEST_METHOD", "GET"}, {"TWINLOCK_ACCOUNT", "bob"}};

std::string status_of(const Ended& ended) { return ended.all().substr(0, ended.all().find("\r\n")); }

std::string body_of(const Ended& ended) { return ended.all().substr(ended.all().find("\r\n\r\n") + 4); }

TEST(Server, AnswersWithTheHeadInOneRecordAndAnEndedStream) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get, "code=1")));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  ASSERT_EQ(ended->records.size(), 3U);
  EXPECT_TRUE(ended->records[0].starts_with("Status: 200 OK\r\n"));
  EXPECT_TRUE(ended->records[0].ends_with("\r\n\r\n"));
  EXPECT_EQ(ended->records[1], "GET bob responder fault=0 code=1");
  EXPECT_EQ(ended->records[2], "");
  EXPECT_EQ(ended->protocol_status, 0);
}

TEST(Server, KeepsTheConnectionWhenAskedTo) {
  TestServer server;
  Client client = server.client();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.send(request(1, get, std::to_string(i))));
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    EXPECT_EQ(body_of(*ended), "GET bob responder fault=0 " + std::to_string(i));
  }
  EXPECT_EQ(server.server.metrics().connections_accepted, 1U);
  EXPECT_TRUE(eventually([&] { return server.server.metrics().requests_answered == 100; }));
}

TEST(Server, ClosesAfterTheAnswerWhenNotAskedToKeep) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get, "x", 1, false)));
  ASSERT_TRUE(client.next_end());
  EXPECT_TRUE(client.ends_without_a_word());
}

// An Authorizer is answered, and an unknown role refused, while input still comes: closing over TCP with
// unread bytes would reset the connection and lose the answer.
TEST(Server, ReadsPastWhatFollowsBeforeItCloses) {
  Server server(TestServer::quick_limits(), {{"REQUEST_METHOD"}, {}}, echo);
  ASSERT_TRUE(server.listen(TcpListener{.host = "127.0.0.1", .port = 0}));
  ASSERT_TRUE(server.start());
  for (const int role : {2, 3}) {
    Client client(server.port());
    ASSERT_TRUE(client.send(request(1, get, "", role, false)));
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(client.send(record(5, 1, std::string(60'000, 'x'))));
    EXPECT_TRUE(client.next_end()) << role;
    EXPECT_TRUE(client.ends_without_a_word());
  }
}

TEST(Server, TakesPipelinedRequests) {
  TestServer server;
  Client client = server.client();
  std::string all;
  for (int id = 1; id <= 10; ++id) all += request(id, get, std::to_string(id));
  ASSERT_TRUE(client.send(all));
  for (int id = 1; id <= 10; ++id) {
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    EXPECT_EQ(body_of(*ended), "GET bob responder fault=0 " + std::to_string(ended->id));
  }
}

TEST(Server, TakesInterleavedRequestsByteByByte) {
  TestServer server;
  Client client = server.client();
  const std::string stream = begin(1) + begin(2, 2) + record(4, 2, pair("TWINLOCK_ACCOUNT", "two"), 3) +
                             record(4, 1, pair("TWINLOCK_ACCOUNT", "one")) + record(4, 2) + record(4, 1) +
                             record(5, 1, "bo") + record(5, 2) + record(5, 1, "dy", 5) + record(5, 1);
  for (const char byte : stream) ASSERT_TRUE(client.send({&byte, 1}));
  const auto first = client.next_end();
  const auto second = client.next_end();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(body_of(*first), " two authorizer fault=0 ");
  EXPECT_EQ(body_of(*second), " one responder fault=0 body");
}

TEST(Server, AnswersOutOfOrderFromAnotherThread) {
  Held held;
  TestServer server(held.handler());
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get, "first") + request(2, get, "second")));
  auto first = held.take();
  auto second = held.take();
  std::thread([&] { second.second(answer_text("2")); }).join();
  auto ended = client.next_end();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->id, 2);
  EXPECT_EQ(body_of(*ended), "2");
  std::thread([&] { first.second(answer_text("1")); }).join();
  ended = client.next_end();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->id, 1);
  EXPECT_EQ(body_of(*ended), "1");
}

TEST(Server, DoesNotEndARespondersRequestBeforeItsStdin) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(4, 1) + record(5, 1, "half")));
  EXPECT_TRUE(client.nothing_for(100));
  ASSERT_TRUE(client.send(record(5, 1)));
  EXPECT_TRUE(client.next_end());
}

TEST(Server, AnswersAnAuthorizerAtTheEndOfItsParams) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1, 2) + record(4, 1, pair("TWINLOCK_ACCOUNT", "bob")) + record(4, 1)));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  EXPECT_EQ(status_of(*ended), "Status: 200 OK");
  ASSERT_TRUE(client.send(record(5, 1, "ignored") + record(5, 1) + request(1, get)));
  EXPECT_TRUE(client.next_end());
}

void expect_full_503(const Ended& ended) {
  EXPECT_EQ(status_of(ended), "Status: 503 Service Unavailable");
  twinlock::test::expect_armour(ended.records[0]);
  EXPECT_NE(ended.records[0].find("\r\nContent-Length: 0\r\n"), std::string::npos);
  EXPECT_NE(ended.records[0].find("\r\nRetry-After: "), std::string::npos);
  EXPECT_EQ(body_of(ended), "");
  EXPECT_EQ(ended.protocol_status, 0);
}

TEST(Server, ADroppedReplyIsAFull503) {
  TestServer server([](const Request&, const Reply&) {});
  for (const int role : {1, 2}) {
    Client client = server.client();
    ASSERT_TRUE(client.send(request(1, get, "x", role)));
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    expect_full_503(*ended);
  }
}

TEST(Server, AThrowingHandlerIsAFull503) {
  TestServer server([](const Request&, const Reply&) { throw std::runtime_error("no"); });
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  expect_full_503(*ended);
}

TEST(Server, AMisformedHeadIsAFull503) {
  const std::string bulk(head_bytes_max, 'h');
  for (const std::string& head :
       {std::string(), std::string("Status: 200 OK\r\n"), std::string("Content-Length: 0\r\n\r\n"),
        std::string("Status: 200 OK\r\n\r\nX: y\r\n\r\n"), "Status: " + bulk + "\r\n\r\n"}) {
    TestServer server([&](const Request&, Reply reply) { reply({head, "body"}); });
    Client client = server.client();
    ASSERT_TRUE(client.send(request(1, get, "", 2)));
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    expect_full_503(*ended);
  }
}

TEST(Server, AnswersWithoutABodyLikeHead) {
  TestServer server([](const Request&, Reply reply) {
    reply({"Status: 200 OK\r\nContent-Length: 42\r\n\r\n", ""});
  });
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  ASSERT_EQ(ended->records.size(), 2U);
  EXPECT_TRUE(ended->records[0].ends_with("Content-Length: 42\r\n\r\n"));
}

TEST(Server, SendsALargeAnswerWhole) {
  std::string body(3'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1'000) body[i] = static_cast<char>('a' + i / 1'000 % 26);
  TestServer server([&](const Request&, Reply reply) { reply(answer_text(body)); });
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get) + request(2, get)));
  for (int i = 0; i < 2; ++i) {
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    EXPECT_TRUE(body_of(*ended) == body);
  }
}

TEST(Server, AnswersManagementRecordsBetweenRequests) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(9, 0, pair("FCGI_MPXS_CONNS", "")) + record(42, 0, "?")));
  const auto values = client.next_record();
  ASSERT_TRUE(values);
  EXPECT_EQ(values->type, 10);
  EXPECT_EQ(values->content, pair("FCGI_MPXS_CONNS", "1"));
  const auto unknown = client.next_record();
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->type, 11);
  EXPECT_EQ(unknown->content[0], 42);
}

TEST(Server, RefusesFilterAndUnknownRoles) {
  TestServer server;
  for (const int role : {3, 9}) {
    Client client = server.client();
    ASSERT_TRUE(client.send(request(1, {}, "", role, false)));
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->records.empty());
    EXPECT_EQ(ended->protocol_status, 3);
    EXPECT_TRUE(client.ends_without_a_word());
  }
}

TEST(Server, AnAbortedRequestEndsAndItsLateAnswerGoesNowhere) {
  Held held;
  TestServer server(held.handler());
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  auto first = held.take();
  ASSERT_TRUE(client.send(record(2, 1)));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->records.empty());
  first.second(answer_text("late"));
  ASSERT_TRUE(client.send(request(1, get)));
  held.take().second(answer_text("in time"));
  const auto next = client.next_end();
  ASSERT_TRUE(next);
  EXPECT_EQ(body_of(*next), "in time");
}

TEST(Server, AnAbortBeforeTheInputsEndEndsToo) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(4, 1, "\x05") + record(2, 1) + request(1, get)));
  EXPECT_TRUE(client.next_end()->records.empty());
  EXPECT_FALSE(client.next_end()->records.empty());
}

// lighttpd takes an END_REQUEST without a Status line as permission.
TEST(Server, AnAbortedAuthorizerIsStillRefused) {
  Held held;
  TestServer server(held.handler());
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1, 2) + record(2, 1) + request(2, get, "", 2)));
  expect_full_503(*client.next_end());
  ASSERT_TRUE(held.wait_for(1));
  ASSERT_TRUE(client.send(record(2, 2)));
  expect_full_503(*client.next_end());
}

TEST(Server, APeerThatHalfClosesStillGetsItsAnswer) {
  Held held;
  TestServer server(held.handler());
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get) + begin(2)));
  client.half_close();
  ASSERT_TRUE(held.wait_for(1));
  ASSERT_TRUE(eventually([&] { return server.server.metrics().requests_aborted == 1; }));
  held.take().second(answer_text("yes"));
  EXPECT_TRUE(client.next_end());
  EXPECT_TRUE(client.ends_without_a_word());
}

TEST(Server, APeerThatGoesAwayFreesItsRequests) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.requests_max = 1;
  TestServer server(held.handler(), limits);
  {
    Client client = server.client();
    ASSERT_TRUE(client.send(request(1, get)));
    ASSERT_TRUE(held.wait_for(1));
  }
  ASSERT_TRUE(eventually([&] { return server.server.metrics().connections_open == 0; }));
  held.take().second(answer_text("to nobody"));
  Client client = server.client();
  ASSERT_TRUE(eventually([&] {
    Client one = server.client();
    return one.send(request(1, get)) && (held.size() > 0 || !one.next_end());
  }));
}

}  // namespace
}  // namespace twinlock::fastcgi::test
