// One request in flight: first what is gathered of it, then its handler's turn, then its answer on the way
// out.
#pragma once

#include <cstdint>
#include <string_view>

#include "adapters/fastcgi/collector.hpp"
#include "adapters/fastcgi/message.hpp"

namespace twinlock::fastcgi {

class Connection;

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
  Answer answer;
  Collector collector;
};

// What the server itself answers when nobody else does: 503 with Retry-After, complete and without a body, so
// that it fits HEAD too.
std::string_view unavailable_head();

// Status first, every line ended by CRLF, closed by one empty line, in one record under 4 KiB.
bool well_formed_head(std::string_view head);

// Overwrites and empties an answer: it may have shown a secret.
void wipe(Answer& answer);

}  // namespace twinlock::fastcgi
