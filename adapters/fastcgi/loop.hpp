// SPDX-License-Identifier: Apache-2.0
// Runs one event loop: accepts from the shared listeners, serves its connections, keeps their deadlines.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "adapters/fastcgi/connection.hpp"
#include "adapters/fastcgi/inbox.hpp"
#include "adapters/fastcgi/listener.hpp"
#include "adapters/fastcgi/pool.hpp"

namespace twinlock::fastcgi {

// What the loops of one server share.
struct LoopServices {
  const Limits& limits;
  const std::vector<Listener>& listeners;
  Pool<Connection>& connections;
  Pool<Slot>& slots;
  Counters& counters;
  std::atomic<bool>& stopping;
  std::atomic<std::size_t>& loops_waiting;  // for a free connection
  std::atomic<bool>& room_wanted;           // by one of them: it has nobody of its own to close
  std::vector<std::shared_ptr<Inbox>>& inboxes;
};

class Loop {
 public:
  Loop(LoopServices services, std::shared_ptr<Inbox> inbox);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  bool ready() const { return state_.epoll_fd >= 0 && state_.inbox->wake_fd() >= 0; }
  void run();  // until the server stops and all requests are answered, or drain_s_max has passed

 private:
  void wait();
  int wait_ms() const;
  void accept_some(const Listener& listener);
  bool accept_one(const Listener& listener);
  void watch_listeners();
  void pause_accepting(bool crowded);
  void resume_accepting();
  void answer();
  void deliver(Delivery& delivery);
  void keep_time();
  void begin_draining();
  void after(Connection& connection, bool alive);
  void remove(Connection& connection);
  void give_back_closed();
  bool pressed() const;
  void shed_requests();
  bool shed_connections();
  void wake_others();

  LoopServices services_;
  LoopState state_;
  std::vector<std::uint8_t> buffer_;
  std::vector<Connection*> open_;
  std::vector<Connection*> closed_;  // in this round, whose remaining events may still point to them
  std::vector<Delivery> deliveries_;
  std::vector<Waiting> waiting_;
  bool accepting_ = false;
  bool crowded_ = false;  // no connection is free
  Milliseconds next_deadline_ms_ = never_ms;
  Milliseconds resume_ms_ = never_ms;  // while not accepting
  Milliseconds drain_until_ms_ = never_ms;
};

}  // namespace twinlock::fastcgi
