// SPDX-License-Identifier: Apache-2.0
// 1,000 connections, each with a request whose body is full, fit in 64 MiB.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

constexpr std::size_t bound_bytes = 64UL * 1'024 * 1'024;

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

bool allow_descriptors(rlim_t count) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= count;
}

#if defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST(Memory, AThousandConnectionsFit) {
  constexpr std::size_t count = 1'000;
  if (sanitized) GTEST_SKIP() << "a sanitizer keeps memory of its own";
  ASSERT_TRUE(allow_descriptors(2 * count + 100));
  const std::size_t before = resident_bytes();
  Held held;
  TestServer server(held.handler(), Limits{});
  const std::string parameters =
      record(4, 1, pair("REQUEST_METHOD", "POST") + pair("TWINLOCK_ACCOUNT", std::string(8'000, 'a')));
  const std::string body = record(5, 1, std::string(16'384, 'b'));
  std::vector<Client> clients;
  clients.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(server.client());
    ASSERT_TRUE(clients.back().connected());
    ASSERT_TRUE(clients.back().send(begin(1) + parameters + record(4, 1) + body));
  }
  for (Client& client : clients) ASSERT_TRUE(client.send(record(5, 1)));
  ASSERT_TRUE(held.wait_for(count));
  const std::size_t grown = resident_bytes() - before;
  RecordProperty("grown_bytes", std::to_string(grown));
  std::printf("1,000 connections with 8 kB of parameters and 16 KiB of body each: %zu KiB\n", grown / 1'024);
  EXPECT_LT(grown, bound_bytes);
  for (std::size_t i = 0; i < count; ++i) held.take().second(answer_text("done"));
  for (Client& client : clients) ASSERT_TRUE(client.next_end());
}

}  // namespace
}  // namespace twinlock::fastcgi::test
