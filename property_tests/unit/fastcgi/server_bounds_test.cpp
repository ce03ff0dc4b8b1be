// SPDX-License-Identifier: Apache-2.0
// The server's bounds: sizes, numbers, time.
#include <gtest/gtest.h>

#include <chrono>

#include "adapters/fastcgi/connection.hpp"
#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

const Parameters get{{"REQUEST_METHOD", "GET"}};

TEST(Bounds, AnOversizedBodyIsAFaultAfterItsEnd) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get, std::string(1'000'000, 'b'))));
  const auto ended = client.next_end();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->all().ends_with("GET  responder fault=1 "));
  ASSERT_TRUE(client.send(request(1, get, std::string(16'384, 'b'))));
  EXPECT_NE(client.next_end()->all().find("fault=0 bbb"), std::string::npos);
}

TEST(Bounds, OversizedParametersAreAFault) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(
      client.send(request(1, {{"REQUEST_METHOD", "GET"}, {"HTTP_X", std::string(100'000, 'x')}}, "b")));
  EXPECT_TRUE(client.next_end()->all().ends_with("  responder fault=2 "));
}

TEST(Bounds, MalformedParametersAreAFault) {
  TestServer server;
  Client client = server.client();
  for (const int role : {1, 2}) {
    ASSERT_TRUE(client.send(begin(1, role) + record(4, 1, "\x20\x20shorter") + record(4, 1) + record(5, 1)));
    const auto ended = client.next_end();
    ASSERT_TRUE(ended);
    EXPECT_NE(ended->all().find("fault=3"), std::string::npos);
  }
}

TEST(Bounds, ABodyWithoutEndIsCutOff) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(4, 1)));
  const std::string piece = record(5, 1, std::string(65'000, 'b'));
  std::size_t sent = 0;
  while (sent < 4 * discard_bytes_max && client.send(piece)) sent += piece.size();
  EXPECT_GT(sent, discard_bytes_max / 2);
  EXPECT_LT(sent, 4 * discard_bytes_max);
  EXPECT_FALSE(client.next_end());
}

TEST(Bounds, TooManyOnOneConnectionAreOverloaded) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.requests_per_connection_max = 2;
  TestServer server(held.handler(), limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get) + request(2, get) + request(3, get) + request(4, get, "", 2)));
  const auto responder = client.next_end();
  ASSERT_TRUE(responder);
  EXPECT_EQ(responder->id, 3);
  EXPECT_EQ(responder->protocol_status, 2);
  const auto authorizer = client.next_end();
  ASSERT_TRUE(authorizer);
  EXPECT_EQ(authorizer->id, 4);
  EXPECT_TRUE(authorizer->all().starts_with("Status: 503 "));
  held.take().second(answer_text("1"));
  held.take().second(answer_text("2"));
  EXPECT_TRUE(client.next_end() && client.next_end());
  EXPECT_EQ(server.server.metrics().overloads, 2U);
}

TEST(Bounds, TooManyInFlightAre503AfterTheirInput) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.requests_max = 1;
  TestServer server(held.handler(), limits);
  Client first = server.client();
  ASSERT_TRUE(first.send(request(1, get)));
  ASSERT_TRUE(held.wait_for(1));
  Client second = server.client();
  ASSERT_TRUE(second.send(begin(1) + record(4, 1) + record(5, 1, "half")));
  EXPECT_TRUE(second.nothing_for(50));
  EXPECT_EQ(server.server.metrics().overloads, 0U);
  ASSERT_TRUE(second.send(record(5, 1)));
  const auto shed = second.next_end();
  ASSERT_TRUE(shed);
  EXPECT_TRUE(shed->all().starts_with("Status: 503 "));
  EXPECT_NE(shed->all().find("Retry-After: "), std::string::npos);
  EXPECT_EQ(server.server.metrics().overloads, 1U);
  held.take().second(answer_text("1"));
  ASSERT_TRUE(first.next_end());
  ASSERT_TRUE(second.send(request(1, get)));
  held.take().second(answer_text("again"));
  EXPECT_TRUE(second.next_end()->all().ends_with("again"));
}

// The connection lingers for linger_ms_max; its requests must not keep their slots so long.
TEST(Bounds, ABrokenConnectionGivesEveryRequestUpAtOnce) {
  Limits limits = TestServer::quick_limits();
  limits.loops = 1;
  limits.receiving_max = 2;
  TestServer server(echo, limits);
  Client broken = server.client();
  ASSERT_TRUE(broken.send(begin(1) + begin(2) + std::string(8, '\xff')));
  ASSERT_TRUE(eventually([&] { return server.server.metrics().protocol_errors == 1; }));
  EXPECT_EQ(server.server.metrics().requests_aborted, 2U);
  Client next = server.client();
  ASSERT_TRUE(next.send(begin(1) + begin(2) + request(3, get)));
  ASSERT_TRUE(eventually([&] { return server.server.metrics().requests_begun == 5; }));
  EXPECT_EQ(server.server.metrics().overloads, 0U) << "two of three are incomplete";
}

TEST(Bounds, IdleConnectionsGiveWayWhenNoneIsFree) {
  Limits limits = TestServer::quick_limits();
  limits.connections_max = 2;
  TestServer server(echo, limits);
  Client first = server.client();
  Client second = server.client();
  ASSERT_TRUE(eventually([&] { return server.server.metrics().connections_open == 2; }));
  Client third = server.client();
  ASSERT_TRUE(third.send(request(1, get)));
  EXPECT_TRUE(third.next_end());
}

TEST(Bounds, AFreedConnectionIsUsedAgain) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.connections_max = 1;
  TestServer server(held.handler(), limits);
  Client first = server.client();
  ASSERT_TRUE(first.send(request(1, get)));
  ASSERT_TRUE(held.wait_for(1));
  Client second = server.client();
  ASSERT_TRUE(second.send(request(1, get)));
  EXPECT_TRUE(second.nothing_for(50));
  held.take().second(answer_text("1"));
  ASSERT_TRUE(first.next_end());
  first.close();
  held.take().second(answer_text("2"));
  EXPECT_TRUE(second.next_end());
}

TEST(Bounds, APeerSlowWithItsRequestIsCutOff) {
  Limits limits = TestServer::quick_limits();
  limits.receive_s_max = 1;
  TestServer server(echo, limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(4, 1)));
  EXPECT_TRUE(client.ends_without_a_word());
  EXPECT_EQ(server.server.metrics().time_outs, 1U);
}

TEST(Bounds, TricklingBytesDoNotExtendTheTime) {
  Limits limits = TestServer::quick_limits();
  limits.receive_s_max = 1;
  TestServer server(echo, limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(begin(1) + record(4, 1)));
  const auto from = std::chrono::steady_clock::now();
  while (client.nothing_for(50) && client.send(record(5, 1, "x")))
    ASSERT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(8));
  EXPECT_GE(std::chrono::steady_clock::now() - from, std::chrono::milliseconds(900));
}

TEST(Bounds, ASilentPeerIsCutOff) {
  Limits limits = TestServer::quick_limits();
  limits.idle_s_max = 1;
  TestServer server(echo, limits);
  Client silent = server.client();
  Client kept = server.client();
  ASSERT_TRUE(kept.send(request(1, get) + "\x01\x01"));
  ASSERT_TRUE(kept.next_end());
  EXPECT_TRUE(silent.ends_without_a_word());
  EXPECT_FALSE(kept.next_record());
}

TEST(Bounds, AHandlersTimeIsNotThePeers) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.idle_s_max = limits.receive_s_max = limits.send_s_max = 1;
  TestServer server(held.handler(), limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(client.nothing_for(1'500));
  held.take().second(answer_text("slow but sure"));
  EXPECT_TRUE(client.next_end());
}

TEST(Bounds, APeerThatTakesNoAnswerIsCutOff) {
  Limits limits = TestServer::quick_limits();
  limits.send_s_max = 1;
  TestServer server([](const Request&, Reply reply) { reply(answer_text(std::string(4'000'000, 'x'))); },
                    limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  EXPECT_TRUE(eventually([&] { return server.server.metrics().time_outs == 1; }));
  EXPECT_FALSE(client.next_end());
}

TEST(Bounds, APeerThatAsksAndNeverReadsIsCutOff) {
  TestServer server;
  Client client = server.client();
  ASSERT_TRUE(eventually([&] { return server.server.metrics().connections_open == 1; }));
  std::string flood;
  for (int i = 0; i < 4'096; ++i) flood += record(42, 0);
  std::size_t sent = 0;
  while (sent < 100'000'000 && server.server.metrics().connections_open > 0 && client.send(flood))
    sent += flood.size();
  EXPECT_TRUE(eventually([&] { return server.server.metrics().protocol_errors == 1; }));
}

TEST(Bounds, WhatIsNoFastCgiIsClosed) {
  TestServer server;
  for (const std::string& bad : {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), begin(1) + begin(1),
                                 begin(1) + record(5, 1, "x")}) {
    Client client = server.client();
    ASSERT_TRUE(client.send(bad));
    EXPECT_TRUE(client.ends_without_a_word()) << bad;
  }
  EXPECT_EQ(server.server.metrics().protocol_errors, 3U);
}

TEST(Bounds, LimitsThatCannotBeAreRefused) {
  const TempFolder folder;
  for (Limits limits :
       {Limits{.loops = 0}, Limits{.connections_max = 0}, Limits{.requests_per_connection_max = 65},
        Limits{.requests_max = 0}, Limits{.receiving_max = 0}, Limits{.body_bytes_max = 0}}) {
    Server server(limits, {}, echo);
    ASSERT_TRUE(server.listen(UnixListener{.path = folder.file("s"), .group = {}, .peer_uids = {}}));
    EXPECT_FALSE(server.start());
  }
  Server long_name({}, {{std::string(129, 'n')}, {}}, echo);
  ASSERT_TRUE(long_name.listen(UnixListener{.path = folder.file("s"), .group = {}, .peer_uids = {}}));
  EXPECT_FALSE(long_name.start());
}

}  // namespace
}  // namespace twinlock::fastcgi::test
