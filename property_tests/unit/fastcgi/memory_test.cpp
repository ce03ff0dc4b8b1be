// SPDX-License-Identifier: Apache-2.0
// As many requests as may be in flight and half of those that may be incomplete, each with a full body, fit
// in 88 MiB; a third of that is the handler's own copy of them.
#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>

#include "property_tests/unit/fastcgi/client.hpp"

namespace twinlock::fastcgi::test {
namespace {

constexpr std::size_t bound_bytes = 88UL * 1'024 * 1'024;

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

#if defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST(Memory, AsManyAsMayBeFit) {
  const Limits limits;
  const std::size_t whole = limits.requests_max;
  const std::size_t all = whole + limits.receiving_max / limits.loops;  // whichever loop they come to
  if (sanitized) GTEST_SKIP() << "a sanitizer keeps memory of its own";
  ASSERT_TRUE(allow_descriptors(2 * all + 100));
  const std::size_t before = resident_bytes();
  Held held;
  TestServer server(held.handler(), limits);
  const std::string parameters =
      record(4, 1, pair("REQUEST_METHOD", "POST") + pair("TWINLOCK_ACCOUNT", std::string(8'000, 'a')));
  const std::string begun =
      begin(1) + parameters + record(4, 1) + record(5, 1, std::string(limits.body_bytes_max, 'b'));
  std::vector<Client> clients;
  clients.reserve(all);
  for (std::size_t i = 0; i < all; ++i) {
    clients.push_back(server.client());
    ASSERT_TRUE(clients.back().connected());
    ASSERT_TRUE(clients.back().send(i < whole ? begun + record(5, 1) : begun));
    ASSERT_TRUE(eventually([&] { return server.server.metrics().requests_begun == i + 1; }));
  }
  ASSERT_TRUE(held.wait_for(whole));
  const std::size_t grown = resident_bytes() - before;
  RecordProperty("grown_bytes", std::to_string(grown));
  std::printf("%zu requests with 8 kB of parameters and 16 KiB of body each: %zu KiB\n", all, grown / 1'024);
  EXPECT_LT(grown, bound_bytes);
  EXPECT_EQ(server.server.metrics().overloads, 0U);
  for (std::size_t i = 0; i < whole; ++i) held.take().second(answer_text("done"));
  for (std::size_t i = 0; i < whole; ++i) ASSERT_TRUE(clients[i].next_end());
}

}  // namespace
}  // namespace twinlock::fastcgi::test
