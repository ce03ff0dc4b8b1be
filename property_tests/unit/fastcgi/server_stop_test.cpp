// SPDX-License-Identifier: Apache-2.0
// Stopping: nothing in flight is lost, nothing is waited for without bound.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

const Parameters get{{"REQUEST_METHOD", "GET"}};

TEST(Stop, FinishesWhatIsInFlight) {
  Held held;
  TestServer server(held.handler());
  Client busy = server.client();
  Client idle = server.client();
  ASSERT_TRUE(busy.send(request(1, get)));
  ASSERT_TRUE(held.wait_for(1));
  std::thread stopping([&] { server.server.stop(); });
  EXPECT_TRUE(idle.ends_without_a_word());
  EXPECT_FALSE(Client(server.path).connected());
  held.take().second(answer_text("last"));
  const auto ended = busy.next_end();
  EXPECT_TRUE(ended && ended->all().ends_with("last"));
  EXPECT_TRUE(busy.ends_without_a_word());
  stopping.join();
  EXPECT_FALSE(std::filesystem::exists(server.path));
}

TEST(Stop, WaitsNoLongerThanItsBound) {
  Held held;
  Limits limits = TestServer::quick_limits();
  limits.drain_s_max = 1;
  TestServer server(held.handler(), limits);
  Client client = server.client();
  ASSERT_TRUE(client.send(request(1, get)));
  ASSERT_TRUE(held.wait_for(1));
  const auto from = std::chrono::steady_clock::now();
  server.server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(5));
  EXPECT_TRUE(client.ends_without_a_word());
  held.take().second(answer_text("too late, and harmless"));
}

TEST(Stop, RepliesMayOutliveTheServer) {
  Held held;
  {
    Limits limits = TestServer::quick_limits();
    limits.drain_s_max = 0;
    TestServer server(held.handler(), limits);
    Client client = server.client();
    ASSERT_TRUE(client.send(request(1, get) + request(2, get)));
    ASSERT_TRUE(held.wait_for(2));
  }
  held.take().second(answer_text("to nobody"));
  held.drop_all();
}

TEST(Stop, IsIdempotentAndComesBeforeStartToo) {
  TestServer server;
  server.server.stop();
  server.server.stop();
  EXPECT_FALSE(server.server.start());
  Server never({}, {}, echo);
  never.stop();
}

TEST(Stop, UnderLoadLosesNothingThatWasTaken) {
  TestServer server;
  std::atomic<bool> go_on = true;
  std::atomic<std::uint64_t> answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      Client client = server.client();
      while (go_on && client.send(request(1, get, "x")) && client.next_end()) ++answered;
    });
  EXPECT_TRUE(eventually([&] { return answered > 200; }));
  server.server.stop();
  go_on = false;
  for (std::thread& client : clients) client.join();
  const Metrics metrics = server.server.metrics();
  EXPECT_EQ(metrics.requests_answered, answered);
  EXPECT_EQ(metrics.requests_begun, metrics.requests_answered + metrics.requests_aborted);
  EXPECT_EQ(metrics.connections_open, 0U);
}

}  // namespace
}  // namespace twinlock::fastcgi::test
