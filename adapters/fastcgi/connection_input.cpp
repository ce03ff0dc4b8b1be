// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <utility>

#include "adapters/fastcgi/connection.hpp"

namespace twinlock::fastcgi {

void Connection::read() {
  const ssize_t got = recv(fd_, loop_->read_buffer.data(), loop_->read_buffer.size(), MSG_DONTWAIT);
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) dead_ = true;
    return;
  }
  if (got == 0) {
    if (lingering_) dead_ = true;
    end_of_input();
    return;
  }
  const auto bytes = static_cast<std::size_t>(got);
  if (lingering_) {
    lingered_bytes_ += bytes;
    if (lingered_bytes_ > linger_bytes_max) dead_ = true;
  } else {
    parse(loop_->read_buffer.first(bytes));
  }
  explicit_bzero(loop_->read_buffer.data(), bytes);
}

void Connection::parse(Bytes in) {
  while (!dead_ && !lingering_) {
    const RecordEvent event = parser_.next(in);
    if (event.kind == RecordEvent::Kind::more) return;
    handle(event);
  }
}

void Connection::handle(const RecordEvent& event) {
  switch (event.kind) {
    case RecordEvent::Kind::more:
      break;
    case RecordEvent::Kind::begin:
      begin(event);
      break;
    case RecordEvent::Kind::params:
    case RecordEvent::Kind::input:
      add_bytes(event);
      break;
    case RecordEvent::Kind::params_end:
      parameters_complete(event);
      break;
    case RecordEvent::Kind::input_end:
      input_complete(event);
      break;
    case RecordEvent::Kind::aborted:
      abort(event);
      break;
    case RecordEvent::Kind::overloaded:
      ++server_.counters.overloads;
      refuse(event, ProtocolStatus::overloaded);
      break;
    case RecordEvent::Kind::unknown_role:
      refuse(event, ProtocolStatus::unknown_role);
      break;
    case RecordEvent::Kind::get_values:
    case RecordEvent::Kind::unknown_type:
      answer_management(event);
      break;
    case RecordEvent::Kind::broken:
      ++server_.counters.protocol_errors;
      fail();
      break;
  }
}

void Connection::begin(const RecordEvent& event) {
  ++server_.counters.requests_begun;
  ++open_count_;
  Slot* const slot = server_.slots.take();
  open_[event.index] = {.used = true,
                        .keep = event.keep,
                        .role = event.role,
                        .id = event.id,
                        .slot = slot,
                        .discarded_bytes = 0,
                        .since_ms = loop_->now_ms,
                        .peer = peer_};
  if (slot == nullptr) {
    ++server_.counters.overloads;
    return;
  }
  ++loop_->receiving;
  slot->state = Slot::State::receiving;
  slot->index = event.index;
  slot->id = event.id;
  slot->connection = this;
  slot->collector.begin(event.role);
}

void Connection::add_bytes(const RecordEvent& event) {
  Open& open = open_[event.index];
  if (open.slot == nullptr) {
    open.discarded_bytes += event.bytes.size();
  } else {
    if (event.kind == RecordEvent::Kind::params)
      open.slot->collector.parameters(event.bytes);
    else
      open.slot->collector.body(event.bytes);
    open.discarded_bytes = open.slot->collector.discarded_bytes();
  }
  if (open.discarded_bytes <= discard_bytes_max) return;
  ++server_.counters.protocol_errors;
  fail();
}

// From here on the request counts for the client that the web server names.
void Connection::parameters_complete(const RecordEvent& event) {
  Open& open = open_[event.index];
  if (open.slot != nullptr) {
    open.slot->collector.parameters_end();
    const std::string_view client = open.slot->collector.kept_value(client_parameter);
    if (!client.empty()) open.peer = peer_of_address(client);
  }
  if (event.role == Role::authorizer) input_complete(event);
}

void Connection::input_complete(const RecordEvent& event) {
  Open& open = open_[event.index];
  open.since_ms = never_ms;
  if (open.slot != nullptr && dispatch(*open.slot)) return;
  send_unavailable(event.id);
  finish_request(event.index);
}

// Hands the request to the handler; if memory runs out or the handler throws, the answer is 503. Returns
// false where as many as may be are in flight, and this one would not be answered at once.
bool Connection::dispatch(Slot& slot) {
  slot.state = Slot::State::handling;
  --loop_->receiving;
  const bool crowded = ++server_.counters.in_flight > server_.limits.requests_max;
  Request request;
  std::shared_ptr<SlotSink> sink;
  try {
    request = slot.collector.take();
    if (crowded && !(server_.at_once && server_.at_once(request))) {
      ++server_.counters.overloads;
      wipe(request);
      slot.state = Slot::State::sending;  // nothing
      return false;
    }
    sink = std::make_shared<SlotSink>(loop_->inbox, &slot);
  } catch (...) {
    loop_->inbox->put({.slot = &slot, .dropped = true, .answer = {}});
    return true;
  }
  try {
    server_.handler(std::move(request), Reply(std::move(sink)));
  } catch (...) {
  }
  return true;
}

// Answers an aborted Authorizer request too: a web server could take a bare END_REQUEST for permission.
void Connection::abort(const RecordEvent& event) {
  Slot* const slot = open_[event.index].slot;
  if (slot != nullptr && slot->state == Slot::State::sending) return;
  if (event.role == Role::authorizer)
    send_unavailable(event.id);
  else
    send_end(event.id, ProtocolStatus::request_complete);
  abandon(event.index);
}

void Connection::refuse(const RecordEvent& event, ProtocolStatus status) {
  if (status == ProtocolStatus::overloaded && event.role == Role::authorizer)
    send_unavailable(event.id);
  else
    send_end(event.id, status);
  if (!event.keep) close_when_done_ = true;
  input_left_ = true;
}

void Connection::answer_management(const RecordEvent& event) {
  if (event.kind == RecordEvent::Kind::unknown_type) {
    send(encode_unknown_type(event.type));
    return;
  }
  std::array<std::uint8_t, get_values_result_bytes_max> reply{};
  const std::size_t bytes = encode_get_values_result(reply, event.asked, server_.limits.connections_max,
                                                     server_.limits.requests_max);
  send(Bytes(reply).first(bytes));
}

}  // namespace twinlock::fastcgi
