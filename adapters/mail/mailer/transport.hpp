// SPDX-License-Identifier: Apache-2.0
// Declares what every transport does: it takes messages, sends several at once, and reports the result of
// each.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mail/wire.hpp"

namespace twinlock::mail::mailer {

struct Envelope {
  std::string id;
  std::string from;
  std::string to;
  std::string message;  // RFC 5322 with CRLF endings
};

class Transport {
 public:
  virtual ~Transport() = default;

  virtual void start(Envelope envelope) = 0;

  // Works until something happened on a message in flight, `input` is readable (below 0: not watched) or
  // `at_most` is over. True: `input` is readable or at its end.
  virtual bool wait(int input, std::chrono::milliseconds at_most) = 0;

  // Returns what finished since the last call.
  virtual std::vector<wire::Reply> finished() = 0;
};

}  // namespace twinlock::mail::mailer
