// SPDX-License-Identifier: Apache-2.0
// How long a connection and its requests may take, and who of them gives way.
#include <sys/socket.h>

#include <algorithm>

#include "adapters/fastcgi/connection.hpp"

namespace twinlock::fastcgi {

std::size_t receiving_of_a_loop(const Limits& limits) {
  return std::max<std::size_t>(1, limits.receiving_max / limits.loops);
}

std::size_t slots_of(const Limits& limits) {
  return limits.requests_max +
         limits.loops * (receiving_of_a_loop(limits) + limits.requests_per_connection_max + at_once_max);
}

// Whether one of its requests is whole.
bool Connection::answers_some() const {
  std::size_t left = open_count_;
  for (std::size_t i = 0; left > 0; ++i) {
    if (!open_[i].used) continue;
    if (open_[i].since_ms == never_ms) return true;
    --left;
  }
  return false;
}

// The more of these places, or of all connections, are taken, the shorter.
Milliseconds Connection::patience(std::uint32_t seconds, std::size_t held, std::size_t most) const {
  const Milliseconds whole = Milliseconds{seconds} * 1'000;
  return std::min(patience_ms(whole, held, most),
                  patience_ms(whole, loop_->connections, server_.limits.connections_max));
}

Milliseconds Connection::input_deadline_ms(const Open& open) const {
  if (open.since_ms == never_ms) return never_ms;
  const Limits& limits = server_.limits;
  return open.since_ms + patience(limits.receive_s_max, loop_->receiving, receiving_of_a_loop(limits));
}

Milliseconds Connection::deadline_ms() const {
  if (lingering_) return linger_until_ms_;
  const Limits& limits = server_.limits;
  Milliseconds first = never_ms;
  if (blocked_since_ms_ != never_ms)
    first = blocked_since_ms_ + patience(limits.send_s_max, server_.counters.in_flight, limits.requests_max);
  if (open_count_ == 0) return std::min(first, idle_since_ms_ + patience(limits.idle_s_max, 0, 1));
  std::size_t left = open_count_;
  for (std::size_t i = 0; left > 0; ++i) {
    if (!open_[i].used) continue;
    first = std::min(first, input_deadline_ms(open_[i]));
    --left;
  }
  return first;
}

bool Connection::on_time() {
  if (loop_->now_ms < deadline_ms()) return true;
  if (lingering_) return false;
  ++server_.counters.time_outs;
  if (blocked_since_ms_ != never_ms || open_count_ == 0) return false;
  if (answers_some())
    give_up_late();
  else
    fail();
  return settle();
}

// Other requests of this connection wait for their answers: the late ones lose their memory, not the
// connection, and have the same time once more.
void Connection::give_up_late() {
  for (std::uint8_t i = 0; i < ids_max; ++i) {
    if (!open_[i].used || loop_->now_ms < input_deadline_ms(open_[i])) continue;
    drop_slot(open_[i]);
    open_[i].since_ms = loop_->now_ms;
  }
}

void Connection::shed(std::uint8_t index) {
  ++server_.counters.overloads;
  drop_slot(open_[index]);
}

void Connection::add_receiving(std::vector<Waiting>& into) const {
  std::size_t left = open_count_;
  for (std::uint8_t i = 0; left > 0; ++i) {
    const Open& open = open_[i];
    if (!open.used) continue;
    if (open.slot != nullptr && open.since_ms != never_ms)
      into.push_back({const_cast<Connection*>(this), i, open.since_ms, open.peer});
    --left;
  }
}

std::optional<Waiting> Connection::waiting() {
  if (lingering_) return Waiting{this, 0, linger_until_ms_ - linger_ms_max, peer_};
  if (blocked_since_ms_ != never_ms) return Waiting{this, 0, blocked_since_ms_, peer_};
  if (answers_some()) return std::nullopt;
  Waiting out{this, 0, idle_since_ms_, peer_};
  if (open_count_ == 0) {
    std::uint8_t byte = 0;
    if (recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0 && parser_.between_records()) return std::nullopt;
    return out;
  }
  out.since_ms = never_ms;
  for (const Open& open : open_) {
    if (!open.used || open.since_ms >= out.since_ms) continue;
    out.since_ms = open.since_ms;
    out.peer = open.peer;
  }
  return out;
}

}  // namespace twinlock::fastcgi
