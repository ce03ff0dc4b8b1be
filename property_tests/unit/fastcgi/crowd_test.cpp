// SPDX-License-Identifier: Apache-2.0
// Slow bodies, slow parameters, idle connections and answers that nobody takes keep no whole request from its
// answer.
#include "adapters/fastcgi/crowd.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

constexpr std::size_t senders = 1'000;  // more than there is room for, and no more than the backlog holds
Limits small_limits() {
  Limits limits;
  limits.connections_max = 400;  // more than there are slots
  limits.requests_max = 100;
  limits.receiving_max = 50;
  return limits;
}

std::string from(std::string_view address) {
  return record(4, 1, pair("REQUEST_METHOD", "POST") + pair("REMOTE_ADDR", std::string(address)));
}

struct Slow {
  const char* name;
  std::string sent;  // by each, and then nothing more
};

void PrintTo(const Slow& slow, std::ostream* out) { *out << slow.name; }

class Crowd : public testing::TestWithParam<Slow> {};

TEST_P(Crowd, KeepsNoWholeRequestOut) {
  ASSERT_TRUE(allow_descriptors(2 * senders + 200));
  TestServer server(echo, small_limits());
  std::vector<Client> slow;
  slow.reserve(senders);
  for (std::size_t i = 0; i < senders; ++i) {
    slow.push_back(server.client());
    ASSERT_TRUE(slow.back().connected());
    slow.back().send(GetParam().sent);
    if (i % 250 != 249) continue;
    Client honest = server.client();
    ASSERT_TRUE(honest.send(request(1, {{"REQUEST_METHOD", "GET"}, {"REMOTE_ADDR", "192.0.2.9"}})));
    const auto ended = honest.next_end();
    ASSERT_TRUE(ended) << "after " << i + 1 << " slow senders";
    EXPECT_TRUE(ended->all().starts_with("Status: 200 "));
  }
  EXPECT_GT(server.server.metrics().connections_shed, senders / 2);
}

INSTANTIATE_TEST_SUITE_P(, Crowd,
                         testing::Values(Slow{"slow_body", begin(1) + from("198.51.100.7") + record(4, 1) +
                                                               record(5, 1, "code=")},
                                         Slow{"slow_parameters", begin(1) + from("198.51.100.7")},
                                         Slow{"idle", ""}, Slow{"half_a_record", "\x01"}),
                         [](const auto& given) { return std::string(given.param.name); });

Limits one_loop(std::size_t receiving_max) {
  Limits limits = small_limits();
  limits.loops = 1;
  limits.receiving_max = receiving_max;
  return limits;
}

const std::string open_body = record(4, 1) + record(5, 1, "half");

TEST(CrowdShares, TheClientThatHasMostGivesWay) {
  TestServer server(echo, one_loop(8));
  Client honest = server.client();  // the first, so the one that waits longest
  ASSERT_TRUE(honest.send(begin(1) + from("192.0.2.9") + open_body));
  ASSERT_TRUE(eventually([&] { return server.server.metrics().requests_begun == 1; }));
  std::vector<Client> others;
  for (int i = 0; i < 40; ++i) {
    others.push_back(server.client());
    ASSERT_TRUE(others.back().send(begin(1) + from("198.51.100.7") + open_body));
  }
  ASSERT_TRUE(eventually([&] { return server.server.metrics().requests_begun == 41; }));
  ASSERT_TRUE(honest.send(record(5, 1)));
  const auto ended = honest.next_end();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->all().starts_with("Status: 200 ")) << ended->all();
  EXPECT_GE(server.server.metrics().overloads, 32U);
}

TEST(CrowdShares, OfOneClientTheOldestGivesWay) {
  TestServer server(echo, one_loop(4));
  std::vector<Client> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(server.client());
    ASSERT_TRUE(clients.back().send(begin(1) + from("192.0.2.9") + open_body));
    ASSERT_TRUE(
        eventually([&] { return server.server.metrics().requests_begun == static_cast<unsigned>(i) + 1; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // the clock's unit is one
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    ASSERT_TRUE(clients[i].send(record(5, 1)));
    const auto ended = clients[i].next_end();
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->all().starts_with(i == 0 ? "Status: 503 " : "Status: 200 ")) << i;
  }
}

TEST(CrowdPatience, IsShorterWhileAlmostAllPlacesAreTaken) {
  TestServer server(echo, one_loop(8));
  std::vector<Client> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(server.client());
    ASSERT_TRUE(clients.back().send(begin(1) + from("192.0.2.9") + open_body));
  }
  const auto from = std::chrono::steady_clock::now();
  EXPECT_TRUE(clients.front().ends_without_a_word());
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(Limits{}.receive_s_max));
}

TEST(CrowdPatience, FallsFromHalfOn) {
  EXPECT_EQ(patience_ms(20'000, 0, 100), 20'000);
  EXPECT_EQ(patience_ms(20'000, 50, 100), 20'000);
  EXPECT_EQ(patience_ms(20'000, 75, 100), 10'500);
  EXPECT_EQ(patience_ms(20'000, 99, 100), 1'380);
  EXPECT_EQ(patience_ms(20'000, 100, 100), 1'000);
  EXPECT_EQ(patience_ms(20'000, 101, 100), 1'000);
  EXPECT_EQ(patience_ms(500, 100, 100), 500);
  EXPECT_EQ(patience_ms(20'000, 1, 1), 1'000);
}

// Pages wait for the store, the gate does not: as many pages as may wait do not keep it out.
TEST(CrowdInFlight, WhatIsAnsweredAtOnceStillIs) {
  Held held;
  const Handler pages = held.handler();
  const auto is_gate = [](const Request& request) { return request.role == Role::authorizer; };
  const Handler both = [&](Request request, Reply reply) {
    if (is_gate(request)) return echo(std::move(request), std::move(reply));
    pages(std::move(request), std::move(reply));
  };
  const TempFolder folder;
  Limits limits = small_limits();
  limits.requests_max = 2;
  Server server(limits, {}, both, is_gate);
  ASSERT_TRUE(server.listen(UnixListener{.path = folder.file("s"), .group = {}, .peer_uids = {}}));
  ASSERT_TRUE(server.start());
  Client page(folder.file("s"));
  ASSERT_TRUE(page.send(request(1, {}) + request(2, {})));
  ASSERT_TRUE(held.wait_for(2));
  ASSERT_TRUE(page.send(request(3, {})));
  const auto third = page.next_end();
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->all().starts_with("Status: 503 "));
  for (int i = 0; i < 300; ++i) {
    Client gate(folder.file("s"));
    ASSERT_TRUE(gate.send(request(1, {}, "", 2)));
    const auto ended = gate.next_end();
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->all().starts_with("Status: 200 "));
  }
  held.drop_all();
  EXPECT_TRUE(page.next_end() && page.next_end());
  server.stop();
}

TEST(CrowdPeers, AClientIsItsAddressOrItsNetwork) {
  EXPECT_EQ(peer_of_address("192.0.2.7"), peer_of_address("::ffff:192.0.2.7"));
  EXPECT_NE(peer_of_address("192.0.2.7"), peer_of_address("192.0.2.8"));
  EXPECT_EQ(peer_of_address("2001:db8:1:2::7"), peer_of_address("2001:db8:1:2:ffff::1"));
  EXPECT_NE(peer_of_address("2001:db8:1:2::7"), peer_of_address("2001:db8:1:3::7"));
  EXPECT_NE(peer_of_address("a name"), peer_of_address(std::string(1'000, 'n')));
}

// The definition, played step by step: the longest waiting of a peer that has most.
std::vector<Milliseconds> slowly(std::vector<Waiting> waiting, std::size_t count) {
  std::vector<Milliseconds> gone;
  for (; count > 0; --count) {
    const auto of = [&](const Waiting& w) {
      return std::count_if(waiting.begin(), waiting.end(),
                           [&](const Waiting& x) { return x.peer == w.peer; });
    };
    const auto first =
        std::min_element(waiting.begin(), waiting.end(), [&](const Waiting& a, const Waiting& b) {
          return of(a) != of(b) ? of(a) > of(b) : a.since_ms < b.since_ms;
        });
    gone.push_back(first->since_ms);
    waiting.erase(first);
  }
  std::sort(gone.begin(), gone.end());
  return gone;
}

RC_GTEST_PROP(CrowdShares, AreWhatTheDefinitionSays, ()) {
  const auto peers = *rc::gen::container<std::vector<Peer>>(rc::gen::inRange<Peer>(0, 5));
  std::vector<Waiting> waiting;
  for (std::size_t i = 0; i < peers.size(); ++i)
    waiting.push_back({.since_ms = static_cast<Milliseconds>(i * 7'919 % 100'003), .peer = peers[i]});
  const auto count = *rc::gen::inRange<std::size_t>(0, peers.size() + 1);
  const auto expected = slowly(waiting, count);
  first_to_go(waiting, count);
  std::vector<Milliseconds> gone;
  for (std::size_t i = 0; i < count; ++i) gone.push_back(waiting[i].since_ms);
  std::sort(gone.begin(), gone.end());
  RC_ASSERT(gone == expected);
}

}  // namespace
}  // namespace twinlock::fastcgi::test
