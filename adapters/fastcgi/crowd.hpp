// SPDX-License-Identifier: Apache-2.0
// Decides how long a peer may keep the server waiting, and who gives way when there is room for no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twinlock::fastcgi {

class Connection;

using Milliseconds = std::int64_t;  // of the monotonic clock

inline constexpr Milliseconds crowded_ms_min = 1'000;

// Returns how long one may keep the server waiting while `held` of `most` places are taken: `whole` until
// half of them are, then less with each, and crowded_ms_min (`whole`, if that is less) when the last one is.
Milliseconds patience_ms(Milliseconds whole, std::size_t held, std::size_t most);

// Stands for whoever is to have one share of the room: a hash, equal for the same peer.
using Peer = std::uint64_t;

// Returns the peer of a client's address in text. An IPv6 network /64 is one peer, since one subscriber has
// all of it; what is no address is a peer by its bytes.
Peer peer_of_address(std::string_view address);

// Returns the peer at the other end of a socket: its user id, or over TCP its address.
Peer peer_of_socket(int fd);

// A connection, or one request of it, that keeps the server waiting.
struct Waiting {
  Connection* connection = nullptr;
  std::uint8_t index = 0;  // of the request, as the connection's parser has it
  Milliseconds since_ms = 0;
  Peer peer = 0;
  std::size_t rank = 0;  // only first_to_go uses it
};

// Moves the `count` that give way to the front: again and again the one that waits longest of the peer that
// then has most. Requires: count <= waiting.size().
void first_to_go(std::span<Waiting> waiting, std::size_t count);

}  // namespace twinlock::fastcgi
