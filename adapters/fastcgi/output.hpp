// SPDX-License-Identifier: Apache-2.0
// Holds what one connection still has to send: short protocol replies in a fixed buffer, and the answers to
// its requests. Nothing is sent in the middle of an answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "adapters/fastcgi/pairs.hpp"
#include "adapters/fastcgi/slot.hpp"

namespace twinlock::fastcgi {

class Output {
 public:
  enum class Result : std::uint8_t {
    empty,    // all is sent
    done,     // an answer is sent whole: take it with finished(), then call again
    blocked,  // the peer does not take more now
    failed,   // the peer is gone
  };

  void reset();
  bool empty() const { return first_ == nullptr && protocol_bytes_ == 0; }

  bool append(Bytes reply);  // false: no room, nothing appended
  void enqueue(Slot* slot);  // its answer is set, sent_bytes is 0
  Result flush(int fd);
  Slot* take_first();  // removes the first answer; nullptr: none

 private:
  Result send_answer(int fd);
  Result send_protocol(int fd);

  Slot* first_ = nullptr;
  Slot* last_ = nullptr;
  std::size_t protocol_bytes_ = 0;
  std::array<std::uint8_t, 2'048> protocol_{};
};

}  // namespace twinlock::fastcgi
