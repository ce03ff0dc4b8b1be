// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/loopback.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace twinlock::system {
namespace {

TEST(Loopback, HostsOfThisMachine) {
  for (const char* host :
       {"localhost", "LocalHost", "LOCALHOST", "[::1]", "127.0.0.1", "127.255.255.255", "127.0.0.0"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
}

// The first four were taken by one of the copies that this replaced, and refused by another.
TEST(Loopback, OtherHosts) {
  for (const char* host : {"127.999.0.1",
                           "127.1",
                           "127.",
                           "127.0.0.1.2",
                           "127",
                           "127...",
                           "127.0.0.01",
                           "127.0.0.0x1",
                           "128.0.0.1",
                           "12.7.0.1",
                           "127.0.0.1 ",
                           " 127.0.0.1",
                           "localhost.",
                           "localhos",
                           "a.localhost",
                           "localhost.example.org",
                           "127.0.0.1.example.org",
                           "::1",
                           "[::2]",
                           "[::ffff:127.0.0.1]",
                           "[0:0:0:0:0:0:0:1]",
                           "\x0cocalhost",
                           ""})
    EXPECT_FALSE(is_loopback_host(host)) << host;
  EXPECT_FALSE(is_loopback_host(std::string("127.0.0.1\0.example.org", 22)));
  EXPECT_FALSE(is_loopback_host(std::string("127.0.0.1\0", 10)));
}

TEST(Loopback, Addresses) {
  const auto address = [](const char* text) {
    in6_addr out{};
    EXPECT_EQ(inet_pton(AF_INET6, text, &out), 1) << text;
    return out;
  };
  EXPECT_TRUE(is_loopback(address("::1")));
  EXPECT_TRUE(is_loopback(address("::ffff:127.1.2.3")));
  for (const char* text : {"::", "::2", "::ffff:128.0.0.1", "::ffff:10.127.0.1", "::127.0.0.1", "fe80::1"})
    EXPECT_FALSE(is_loopback(address(text))) << text;
}

}  // namespace
}  // namespace twinlock::system
