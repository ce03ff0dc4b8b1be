// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/slot.hpp"

#include <string.h>

#include <algorithm>
#include <array>

#include "adapters/fastcgi/armour.hpp"
#include "adapters/fastcgi/codec.hpp"
#include "adapters/fastcgi/connection.hpp"

namespace twinlock::fastcgi {
namespace {

constexpr std::string_view unavailable_begin =
    "Status: 503 Service Unavailable\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view unavailable_end =
    "Retry-After: 1\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

// Joined by the compiler: where it is needed there may be no memory.
constexpr auto unavailable = [] {
  std::array<char, unavailable_begin.size() + armour.size() + unavailable_end.size()> head{};
  auto at = std::copy(unavailable_begin.begin(), unavailable_begin.end(), head.begin());
  at = std::copy(armour.begin(), armour.end(), at);
  std::copy(unavailable_end.begin(), unavailable_end.end(), at);
  return head;
}();
static_assert(unavailable.size() <= unavailable_head_bytes_max);

}  // namespace

std::string_view unavailable_head() { return {unavailable.data(), unavailable.size()}; }

bool well_formed_head(std::string_view head) {
  constexpr std::string_view end = "\r\n\r\n";
  return head.size() <= head_bytes_max && head.starts_with("Status: ") &&
         head.find(end) == head.size() - end.size();
}

void wipe(EncodedResponse& answer) {
  explicit_bzero(answer.head.data(), answer.head.size());
  explicit_bzero(answer.body.data(), answer.body.size());
  answer = {};
}

void wipe(Request& request) {
  for (Parameter& parameter : request.parameters)
    explicit_bzero(parameter.value.data(), parameter.value.size());
  for (Cookie& cookie : request.cookies) explicit_bzero(cookie.value.data(), cookie.value.size());
  explicit_bzero(request.body.data(), request.body.size());
  request = {};
}

void give_back(Slot& slot, Pool<Slot>& slots, Counters& counters) {
  if (slot.state != Slot::State::receiving) --counters.in_flight;
  wipe(slot.answer);
  slot.collector.begin(Role::responder);
  slot.state = Slot::State::free;
  slots.give_back(&slot);
}

}  // namespace twinlock::fastcgi
