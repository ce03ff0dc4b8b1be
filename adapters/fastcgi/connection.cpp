// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace twinlock::fastcgi {

Connection::Connection(const ServerState& server)
    : server_(server), parser_(server.limits.requests_per_connection_max) {}

bool Connection::open(int fd, LoopState& loop) {
  fd_ = fd;
  loop_ = &loop;
  watched_ = EPOLLIN;
  dead_ = eof_ = lingering_ = close_when_done_ = input_left_ = false;
  open_count_ = 0;
  lingered_bytes_ = 0;
  idle_since_ms_ = loop.now_ms;
  peer_ = peer_of_socket(fd);
  blocked_since_ms_ = linger_until_ms_ = never_ms;
  parser_ = RecordParser(server_.limits.requests_per_connection_max);
  open_.fill({});
  output_.reset();
  epoll_event event{};
  event.events = watched_;
  event.data.ptr = this;
  if (epoll_ctl(loop.epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0) return true;
  ::close(std::exchange(fd_, -1));
  return false;
}

void Connection::close() {
  for (std::uint8_t i = 0; i < ids_max && open_count_ > 0; ++i)
    if (open_[i].used) abandon(i);
  output_.reset();
  ::close(std::exchange(fd_, -1));
}

// --- requests end

// Gives the slot back, if there is one, unless a handler still works on its request.
void Connection::drop_slot(Open& open) {
  Slot* const slot = std::exchange(open.slot, nullptr);
  if (slot == nullptr) return;
  slot->connection = nullptr;
  if (slot->state == Slot::State::handling) {
    slot->state = Slot::State::abandoned;
    return;
  }
  if (slot->state == Slot::State::receiving) --loop_->receiving;
  give_back(*slot, server_.slots, server_.counters);
}

void Connection::finish_request(std::uint8_t index) {
  Open& open = open_[index];
  drop_slot(open);
  if (!open.keep) close_when_done_ = true;
  if (open.since_ms != never_ms || open.role == Role::authorizer) input_left_ = true;
  open = {};
  parser_.release(index);
  if (--open_count_ == 0) idle_since_ms_ = loop_->now_ms;
}

// Ends the request without an answer.
void Connection::abandon(std::uint8_t index) {
  ++server_.counters.requests_aborted;
  finish_request(index);
}

// Gives the connection up: the peer does not speak FastCGI.
void Connection::fail() {
  output_.reset();
  for (std::uint8_t i = 0; i < ids_max && open_count_ > 0; ++i)
    if (open_[i].used) abandon(i);
  linger();
}

void Connection::end_of_input() {
  eof_ = true;
  for (std::uint8_t i = 0; i < ids_max && open_count_ > 0; ++i)
    if (open_[i].used && open_[i].since_ms != never_ms) abandon(i);
}

// --- output

// Sends whole records only, because answers go out between two of them.
void Connection::send(Bytes reply) {
  if (output_.append(reply)) return;
  flush();
  if (dead_ || output_.append(reply)) return;
  ++server_.counters.protocol_errors;  // it keeps asking without reading the replies
  dead_ = true;
}

void Connection::send_end(std::uint16_t id, ProtocolStatus status) { send(encode_end_request(id, status)); }

void Connection::send_unavailable(std::uint16_t id) {
  std::array<std::uint8_t, unavailable_head_bytes_max + 64> reply{};  // with its records' headers
  std::size_t bytes = 0;
  const ResponseRecords records(id, unavailable_head(), {}, 0);
  for (const Bytes piece : records.pieces()) {
    std::copy(piece.begin(), piece.end(), reply.begin() + static_cast<std::ptrdiff_t>(bytes));
    bytes += piece.size();
  }
  send(Bytes(reply).first(bytes));
}

void Connection::flush() {
  while (!dead_) {
    const Output::Result result = output_.flush(fd_);
    if (result == Output::Result::failed) dead_ = true;
    if (result == Output::Result::blocked) blocked_since_ms_ = std::min(blocked_since_ms_, loop_->now_ms);
    if (result == Output::Result::blocked || dead_) return;
    blocked_since_ms_ = never_ms;
    if (result == Output::Result::empty) return;
    const Slot* const slot = output_.take_first();
    ++server_.counters.requests_answered;
    finish_request(slot->index);
  }
}

bool Connection::on_answer(Slot& slot, EncodedResponse answer) {
  if (!well_formed_head(answer.head)) {
    wipe(answer);
    answer.head = unavailable_head();
  }
  slot.answer = std::move(answer);
  slot.sent_bytes = 0;
  slot.state = Slot::State::sending;
  output_.enqueue(&slot);
  return settle();
}

// --- the connection ends

// Ends our direction first and skips what the peer still sends: closing with unread bytes would reset the
// connection, and the peer could lose the answer.
void Connection::linger() {
  shutdown(fd_, SHUT_WR);
  lingering_ = true;
  linger_until_ms_ = loop_->now_ms + linger_ms_max;
}

void Connection::finish() {
  std::uint8_t byte = 0;
  const ssize_t unread = eof_ ? 0 : recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (unread > 0 && loop_->draining && !close_when_done_) return;  // maybe a request: it is read first
  if (unread <= 0 && (eof_ || unread == 0 || (parser_.between_records() && !input_left_)))
    dead_ = true;
  else
    linger();
}

bool Connection::settle() {
  if (!dead_ && !lingering_) {
    flush();
    const bool last = close_when_done_ || eof_ || loop_->draining;
    if (!dead_ && open_count_ == 0 && output_.empty() && last) finish();
  }
  if (dead_) return false;
  watch();
  return true;
}

// Stops reading from a peer while it does not take its answers.
void Connection::watch() {
  const bool blocked = blocked_since_ms_ != never_ms && !lingering_;
  std::uint32_t wanted = 0;
  if (blocked) wanted |= EPOLLOUT;
  if (!blocked && !eof_) wanted |= EPOLLIN;
  if (wanted == watched_) return;
  epoll_event event{};
  event.events = watched_ = wanted;
  event.data.ptr = this;
  epoll_ctl(loop_->epoll_fd, EPOLL_CTL_MOD, fd_, &event);
}

bool Connection::on_ready(std::uint32_t epoll_events) {
  if ((epoll_events & (EPOLLHUP | EPOLLERR)) != 0) return false;
  if ((epoll_events & EPOLLIN) != 0) read();
  return settle();
}

}  // namespace twinlock::fastcgi
