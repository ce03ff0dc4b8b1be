// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/loopback.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace twinlock::system {
namespace {

constexpr unsigned char network = 127;  // first byte of 127.0.0.0/8
constexpr char to_capital = 'a' - 'A';

bool is_localhost(std::string_view host) {
  return std::ranges::equal(host, std::string_view("localhost"), [](char given, char small) {
    return given == small || given == small - to_capital;
  });
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (is_localhost(host) || host == "[::1]") return true;
  if (host.size() >= INET_ADDRSTRLEN || host.find('\0') != std::string_view::npos) return false;
  in_addr v4{};
  if (inet_pton(AF_INET, std::string(host).c_str(), &v4) != 1) return false;
  return ntohl(v4.s_addr) >> 24U == network;
}

bool is_loopback(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return address.s6_addr[12] == network;
  return IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace twinlock::system
