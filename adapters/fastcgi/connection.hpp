// SPDX-License-Identifier: Apache-2.0
// One connection of a web server: its records in, its requests to the handler, their answers out.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "adapters/fastcgi/codec.hpp"
#include "adapters/fastcgi/crowd.hpp"
#include "adapters/fastcgi/inbox.hpp"
#include "adapters/fastcgi/output.hpp"
#include "adapters/fastcgi/pool.hpp"
#include "adapters/fastcgi/server.hpp"

namespace twinlock::fastcgi {

inline constexpr Milliseconds never_ms = INT64_MAX;
inline constexpr std::size_t at_once_max = 64;
inline constexpr std::uint64_t discard_bytes_max = 8 * 1'024 * 1'024;  // skipped of one request, then closed
inline constexpr std::uint64_t linger_bytes_max = 8 * 1'024 * 1'024;   // skipped before closing
inline constexpr Milliseconds linger_ms_max = 2'000;

struct Counters {
  std::atomic<std::uint64_t> connections_accepted = 0;
  std::atomic<std::uint64_t> connections_shed = 0;
  std::atomic<std::uint64_t> requests_begun = 0;
  std::atomic<std::uint64_t> requests_answered = 0;
  std::atomic<std::uint64_t> requests_aborted = 0;
  std::atomic<std::uint64_t> protocol_errors = 0;
  std::atomic<std::uint64_t> overloads = 0;
  std::atomic<std::uint64_t> time_outs = 0;
  std::atomic<std::size_t> in_flight =
      0;  // whole requests that hold a slot; no counter, but the state itself
};

// What all connections of all loops share.
struct ServerState {
  const Limits& limits;
  const Handler& handler;
  const AtOnce& at_once;
  Pool<Slot>& slots;
  Counters& counters;
};

// Returns how many requests of one loop may be incomplete at the same time.
std::size_t receiving_of_a_loop(const Limits& limits);

// Returns how many slots there must be, so that a whole request finds one as long as no more than
// requests_max are in flight, whatever is incomplete; and at_once_max more in each loop.
std::size_t slots_of(const Limits& limits);

// What the connections of one loop share.
struct LoopState {
  int epoll_fd = -1;
  Milliseconds now_ms = 0;
  bool draining = false;        // the server stops
  std::size_t connections = 0;  // in use, of all loops
  std::size_t receiving = 0;    // requests of this loop that have a slot and are not whole
  std::shared_ptr<Inbox> inbox;
  std::span<std::uint8_t> read_buffer;
};

class Connection {
 public:
  explicit Connection(const ServerState& server);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  // Takes ownership of `fd` and watches it. False: watching failed, and `fd` is closed.
  bool open(int fd, LoopState& loop);
  void close();  // closes `fd`; requests whose handlers are still at work are abandoned

  // Each returns false when the connection is over: call close.
  bool on_ready(std::uint32_t epoll_events);
  bool on_answer(Slot& slot, EncodedResponse answer);
  bool on_time();
  bool on_drain() { return settle(); }

  // Gives up the memory of a request that is not whole; it is answered 503 when its input has ended.
  void shed(std::uint8_t index);

  void add_receiving(std::vector<Waiting>& into) const;  // its requests that have a slot and are not whole
  // Since when it keeps the server waiting: it is idle, sends no request whole, or takes no answer. nullopt:
  // it waits for the server, or has sent something that is not yet read.
  std::optional<Waiting> waiting();

  Milliseconds deadline_ms() const;  // when to call on_time
  std::size_t place = 0;             // index in the loop's list; only the loop uses it

 private:
  struct Open {  // one open request, at the parser's index
    bool used = false;
    bool keep = false;
    Role role = Role::responder;
    std::uint16_t id = 0;
    Slot* slot = nullptr;  // nullptr: none was free, or it was shed; 503 when its input has ended
    std::uint64_t discarded_bytes = 0;
    Milliseconds since_ms = never_ms;  // when it began; never_ms: its input has ended
    Peer peer = 0;
  };

  // connection_input.cpp
  void read();
  void parse(Bytes in);
  void handle(const RecordEvent& event);
  void begin(const RecordEvent& event);
  void add_bytes(const RecordEvent& event);
  void input_complete(const RecordEvent& event);
  void parameters_complete(const RecordEvent& event);
  bool dispatch(Slot& slot);
  void abort(const RecordEvent& event);
  void refuse(const RecordEvent& event, ProtocolStatus status);
  void answer_management(const RecordEvent& event);

  // connection.cpp
  void send(Bytes reply);
  void send_unavailable(std::uint16_t id);
  void send_end(std::uint16_t id, ProtocolStatus status);
  void flush();
  void finish_request(std::uint8_t index);
  void abandon(std::uint8_t index);
  void drop_slot(Open& open);
  void fail();
  void finish();
  void linger();
  bool settle();
  void watch();
  void end_of_input();
  bool answers_some() const;
  Milliseconds patience(std::uint32_t seconds, std::size_t held, std::size_t most) const;
  Milliseconds input_deadline_ms(const Open& open) const;
  void give_up_late();

  const ServerState server_;
  LoopState* loop_ = nullptr;
  int fd_ = -1;
  std::uint32_t watched_ = 0;
  bool dead_ = false;
  bool eof_ = false;
  bool lingering_ = false;
  bool close_when_done_ = false;  // a request without the keep flag has ended
  bool input_left_ = false;       // a request was ended before its input
  Peer peer_ = 0;
  std::size_t open_count_ = 0;
  std::uint64_t lingered_bytes_ = 0;
  Milliseconds idle_since_ms_ = 0;
  Milliseconds blocked_since_ms_ = never_ms;
  Milliseconds linger_until_ms_ = never_ms;
  RecordParser parser_;
  std::array<Open, ids_max> open_{};
  Output output_;
};

}  // namespace twinlock::fastcgi
