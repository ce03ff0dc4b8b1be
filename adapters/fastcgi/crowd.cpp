// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/crowd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <functional>

namespace twinlock::fastcgi {
namespace {

constexpr std::size_t network_bytes = 8;  // the part of an IPv6 address that a subscriber does not choose

Peer hash_of(const void* bytes, std::size_t size) {
  return std::hash<std::string_view>{}({static_cast<const char*>(bytes), size});
}

Peer peer_of_v6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return hash_of(address.s6_addr + 12, 4);
  return hash_of(address.s6_addr, network_bytes);
}

}  // namespace

Milliseconds patience_ms(Milliseconds whole, std::size_t held, std::size_t most) {
  if (held <= most / 2) return whole;
  const Milliseconds least = std::min(whole, crowded_ms_min);
  if (held >= most) return least;
  const auto left = static_cast<Milliseconds>(most - held);
  const auto half = static_cast<Milliseconds>(most - most / 2);
  return least + (whole - least) * left / half;
}

Peer peer_of_address(std::string_view address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.size() < text.size()) {
    std::copy(address.begin(), address.end(), text.begin());
    in_addr v4{};
    if (inet_pton(AF_INET, text.data(), &v4) == 1) return hash_of(&v4, sizeof v4);
    in6_addr v6{};
    if (inet_pton(AF_INET6, text.data(), &v6) == 1) return peer_of_v6(v6);
  }
  return hash_of(address.data(), address.size());
}

Peer peer_of_socket(int fd) {
  ucred user{};
  socklen_t size = sizeof user;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &size) == 0 && user.uid != static_cast<uid_t>(-1))
    return hash_of(&user.uid, sizeof user.uid);
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } address{};
  size = sizeof address;
  if (getpeername(fd, &address.any, &size) != 0) return 0;
  if (address.any.sa_family == AF_INET6) return peer_of_v6(address.v6.sin6_addr);
  return hash_of(&address.v4.sin_addr, sizeof address.v4.sin_addr);
}

// The rank of one is how many of its peer wait no longer than it does. To take the longest waiting of the
// peer that has most, again and again, is to take the highest ranks.
void first_to_go(std::span<Waiting> waiting, std::size_t count) {
  const auto newest_of_a_peer_first = [](const Waiting& a, const Waiting& b) {
    return a.peer != b.peer ? a.peer < b.peer : a.since_ms > b.since_ms;
  };
  std::sort(waiting.begin(), waiting.end(), newest_of_a_peer_first);
  std::size_t rank = 0;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    rank = i > 0 && waiting[i - 1].peer == waiting[i].peer ? rank + 1 : 1;
    waiting[i].rank = rank;
  }
  const auto goes_first = [](const Waiting& a, const Waiting& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.since_ms < b.since_ms;
  };
  std::nth_element(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count), waiting.end(),
                   goes_first);
}

}  // namespace twinlock::fastcgi
