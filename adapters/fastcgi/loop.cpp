// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/loop.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace twinlock::fastcgi {
namespace {

constexpr std::size_t read_bytes_max = 65'536;  // at a time
constexpr std::size_t events_max = 64;          // at a time
constexpr int accepts_max = 8;                  // at a time, so that loops share
constexpr Milliseconds accept_pause_ms = 250;   // while no connection or file descriptor is free
constexpr Milliseconds pressed_ms = 250;        // patience shrinks meanwhile, so deadlines are looked at anew
constexpr std::size_t shed_part = 8;  // an eighth of those who wait go at a time, so that it is rare

Milliseconds monotonic_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool somebody_waits(int listening_fd) {
  pollfd listener{listening_fd, POLLIN, 0};
  return poll(&listener, 1, 0) > 0;
}

}  // namespace

Loop::Loop(LoopServices services, std::shared_ptr<Inbox> inbox)
    : services_(services), buffer_(read_bytes_max) {
  state_.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  state_.inbox = std::move(inbox);
  state_.read_buffer = buffer_;
  state_.now_ms = monotonic_ms();
  open_.reserve(services_.limits.connections_max);
  closed_.reserve(services_.limits.connections_max);
  deliveries_.reserve(slots_of(services_.limits));
  waiting_.reserve(services_.limits.connections_max + slots_of(services_.limits));
}

Loop::~Loop() {
  if (state_.epoll_fd >= 0) close(state_.epoll_fd);
}

void Loop::run() {
  state_.inbox->bind_to_this_thread();
  epoll_event wake{};
  wake.events = EPOLLIN;
  wake.data.ptr = nullptr;
  epoll_ctl(state_.epoll_fd, EPOLL_CTL_ADD, state_.inbox->wake_fd(), &wake);
  watch_listeners();
  while (!state_.draining || !open_.empty()) {
    wait();
    answer();
    state_.connections = services_.connections.lent();
    if (pressed()) next_deadline_ms_ = std::min(next_deadline_ms_, state_.now_ms + pressed_ms);
    keep_time();
    if (services_.stopping && !state_.draining) begin_draining();
    give_back_closed();
  }
  state_.inbox->close();
}

int Loop::wait_ms() const {
  const Milliseconds until = std::min({next_deadline_ms_, resume_ms_, drain_until_ms_});
  if (until == never_ms) return -1;
  return static_cast<int>(std::clamp<Milliseconds>(until - monotonic_ms(), 0, 60'000));
}

// Finds the source of each event by the address in it: null is the inbox, else a listener or a connection.
void Loop::wait() {
  std::array<epoll_event, events_max> events{};
  const int count = epoll_wait(state_.epoll_fd, events.data(), static_cast<int>(events.size()), wait_ms());
  state_.now_ms = monotonic_ms();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) {
      state_.inbox->forget_wakes();
      if (crowded_ && !services_.connections.empty()) resume_ms_ = state_.now_ms;
      if (!crowded_ && services_.room_wanted.exchange(false)) shed_connections();
      continue;
    }
    const auto of = [&](const Listener& listener) { return &listener == event.data.ptr; };
    const auto listener = std::find_if(services_.listeners.begin(), services_.listeners.end(), of);
    if (listener != services_.listeners.end()) {
      accept_some(*listener);
      continue;
    }
    Connection& connection = *static_cast<Connection*>(event.data.ptr);
    if (connection.place < open_.size() && open_[connection.place] == &connection)
      after(connection, connection.on_ready(event.events));
  }
}

// --- accepting

void Loop::watch_listeners() {
  for (const Listener& listener : services_.listeners) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    event.data.ptr = const_cast<Listener*>(&listener);
    epoll_ctl(state_.epoll_fd, EPOLL_CTL_ADD, listener.fd(), &event);
  }
  accepting_ = true;
}

void Loop::pause_accepting(bool crowded) {
  if (accepting_)
    for (const Listener& listener : services_.listeners)
      epoll_ctl(state_.epoll_fd, EPOLL_CTL_DEL, listener.fd(), nullptr);
  accepting_ = false;
  resume_ms_ = state_.now_ms + accept_pause_ms;
  if (std::exchange(crowded_, crowded) == crowded) return;
  if (crowded)
    ++services_.loops_waiting;
  else
    --services_.loops_waiting;
}

void Loop::resume_accepting() {
  if (accepting_ || state_.draining) return;
  resume_ms_ = never_ms;
  if (std::exchange(crowded_, false)) --services_.loops_waiting;
  watch_listeners();
}

void Loop::accept_some(const Listener& listener) {
  for (int i = 0; i < accepts_max && accepting_; ++i)
    if (!accept_one(listener)) return;
}

// Accepts one connection; returns false when there is no more to accept now.
bool Loop::accept_one(const Listener& listener) {
  Connection* const connection = services_.connections.take();
  if (connection == nullptr) {  // what is closed here is free at the end of this round
    if (!somebody_waits(listener.fd())) return false;
    if (!shed_connections()) {
      pause_accepting(true);
      services_.room_wanted = true;
      wake_others();
    }
    return false;
  }
  const int fd = accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int error = errno;
  if (fd >= 0 && listener.admits(fd)) {
    const int on = 1;
    if (listener.tcp()) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connection->open(fd, state_)) {
      ++services_.counters.connections_accepted;
      connection->place = open_.size();
      open_.push_back(connection);
      after(*connection, true);
      return true;
    }
  } else if (fd >= 0) {
    ++services_.counters.protocol_errors;
    close(fd);
  }
  services_.connections.give_back(connection);
  if (fd >= 0 || error == ECONNABORTED || error == EINTR) return true;
  if (error == EAGAIN || error == EWOULDBLOCK) return false;
  if (!shed_connections()) pause_accepting(false);  // out of descriptors or memory
  return false;
}

// --- answers

void Loop::answer() {
  state_.inbox->take(deliveries_);
  for (Delivery& delivery : deliveries_) deliver(delivery);
  deliveries_.clear();
}

void Loop::deliver(Delivery& delivery) {
  Slot& slot = *delivery.slot;
  if (slot.state == Slot::State::abandoned) {
    wipe(delivery.answer);
    give_back(slot, services_.slots, services_.counters);
    return;
  }
  Connection& connection = *slot.connection;
  if (delivery.dropped) delivery.answer = {};
  after(connection, connection.on_answer(slot, std::move(delivery.answer)));
}

// --- time and the end

void Loop::keep_time() {
  if (state_.now_ms >= resume_ms_) resume_accepting();
  if (state_.now_ms < next_deadline_ms_ && state_.now_ms < drain_until_ms_) return;
  next_deadline_ms_ = pressed() ? state_.now_ms + pressed_ms : never_ms;
  // Older ones mostly stand in front; each that goes leaves more time to the rest.
  for (std::size_t i = 0; i < open_.size();) {
    Connection& connection = *open_[i];
    after(connection, state_.now_ms < drain_until_ms_ && connection.on_time());
    if (i < open_.size() && open_[i] == &connection) ++i;
  }
}

void Loop::begin_draining() {
  pause_accepting(false);
  resume_ms_ = never_ms;
  state_.draining = true;
  drain_until_ms_ = state_.now_ms + Milliseconds{services_.limits.drain_s_max} * 1'000;
  for (std::size_t i = open_.size(); i > 0; --i) {
    Connection& connection = *open_[i - 1];
    after(connection, connection.on_drain());
  }
}

void Loop::after(Connection& connection, bool alive) {
  if (alive)
    next_deadline_ms_ = std::min(next_deadline_ms_, connection.deadline_ms());
  else
    remove(connection);
  if (state_.receiving > receiving_of_a_loop(services_.limits)) shed_requests();
}

void Loop::remove(Connection& connection) {
  connection.close();
  open_.back()->place = connection.place;
  open_[connection.place] = open_.back();
  open_.pop_back();
  closed_.push_back(&connection);
}

void Loop::give_back_closed() {
  if (closed_.empty()) return;
  for (Connection* const connection : closed_) services_.connections.give_back(connection);
  closed_.clear();
  if (services_.loops_waiting == 0) return;
  if (crowded_) resume_ms_ = state_.now_ms;
  wake_others();
}

void Loop::wake_others() {
  for (const auto& inbox : services_.inboxes)
    if (inbox != state_.inbox) inbox->wake();
}

// --- who gives way

// Whether somebody's patience has begun to shrink.
bool Loop::pressed() const {
  const Limits& limits = services_.limits;
  return state_.connections > limits.connections_max / 2 ||
         state_.receiving > receiving_of_a_loop(limits) / 2 ||
         services_.counters.in_flight > limits.requests_max / 2;
}

// Takes the memory of those incomplete requests that keep this loop waiting most.
void Loop::shed_requests() {
  waiting_.clear();
  for (const Connection* const connection : open_) connection->add_receiving(waiting_);
  const std::size_t count = (waiting_.size() + shed_part - 1) / shed_part;
  first_to_go(waiting_, count);
  for (std::size_t i = 0; i < count; ++i) waiting_[i].connection->shed(waiting_[i].index);
}

// Closes those connections that keep this loop waiting most. Returns false when none does.
bool Loop::shed_connections() {
  waiting_.clear();
  for (Connection* const connection : open_)
    if (const auto waiting = connection->waiting()) waiting_.push_back(*waiting);
  const std::size_t count = (waiting_.size() + shed_part - 1) / shed_part;
  first_to_go(waiting_, count);
  for (std::size_t i = 0; i < count; ++i) remove(*waiting_[i].connection);
  services_.counters.connections_shed += count;
  return count > 0;
}

}  // namespace twinlock::fastcgi
