// SPDX-License-Identifier: Apache-2.0
// Holds one request in flight: first its parts as they arrive, then its handler's state, then its answer
// while it is sent.
#pragma once

#include <cstdint>
#include <string_view>

#include "adapters/fastcgi/collector.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/fastcgi/pool.hpp"

namespace twinlock::fastcgi {

class Connection;
struct Counters;

struct Slot {
  enum class State : std::uint8_t {
    free,
    receiving,
    handling,   // a Reply is out
    abandoned,  // a Reply is out, the peer is gone
    sending,
  };

  Slot(const Wanted& wanted, std::size_t parameters_bytes_max, std::size_t body_bytes_max)
      : collector(wanted, parameters_bytes_max, body_bytes_max) {}

  State state = State::free;
  std::uint8_t index = 0;  // as the connection's parser has it
  std::uint16_t id = 0;    // as the peer has it
  Connection* connection = nullptr;
  Slot* next = nullptr;          // in the connection's output
  std::uint64_t sent_bytes = 0;  // of the framed answer
  EncodedResponse answer;
  Collector collector;
};

// Returns the answer that the server gives when no handler does: 503 with Retry-After, without a body, so
// that it is right for HEAD too.
std::string_view unavailable_head();
inline constexpr std::size_t unavailable_head_bytes_max = 960;

// Checks a head: Status comes first, every line ends with CRLF, one empty line closes it, one record under 4
// KiB holds it.
bool well_formed_head(std::string_view head);

// Overwrites and empties an answer, which may have shown a secret, or a request, which may have brought one.
void wipe(EncodedResponse& answer);
void wipe(Request& request);

// Wipes a slot that nobody uses any more and returns it to the pool.
void give_back(Slot& slot, Pool<Slot>& slots, Counters& counters);

}  // namespace twinlock::fastcgi
