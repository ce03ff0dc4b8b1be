// SPDX-License-Identifier: Apache-2.0
// The whole server in one thread, for one connection: a web server's bytes go in through a socket pair, the
// connection is driven by hand where the event loop would, and what it sends is read back record by record.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/connection.hpp"
#include "fuzz/world.hpp"

namespace twinlock::fuzz {

// What the peer was sent for one request.
struct Received {
  std::uint16_t id = 0;
  std::uint8_t protocol_status = 0;
  std::string output;  // of STDOUT, whole
};

// Reads records as a web server does; knows nothing of the server's own encoder. Claims that they are whole,
// of a kind that may be sent, and that each request's stream is ended once, before its end.
class Receiver {
 public:
  void feed(std::string_view bytes);
  void finish() const;
  const std::vector<Received>& received() const { return received_; }

 private:
  struct Open {
    std::string output;
    bool ended = false;
  };
  void take(std::uint8_t type, std::uint16_t id, std::string_view content);

  std::string rest_;
  std::map<std::uint16_t, Open> open_;
  std::vector<Received> received_;
};

// A request as the handler saw it, and its answer.
struct Handled {
  fastcgi::Role role;
  std::string account, path;
  bool shows_pass = false;      // one that was made for this account or handed out to it before
  bool passes_without = false;  // by the service's word at that time
  std::string answer = {};      // head and body
};

class Line {
 public:
  explicit Line(World& world);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // Sends record by record, and reads what comes back after each; one whose reserved byte is not 0 goes out
  // together with the next.
  void send(std::string_view stream);
  void hang_up();  // the peer sends no more; what is late is answered

  const std::vector<Handled>& handled() const { return handled_; }
  const Receiver& receiver() const { return receiver_; }
  const fastcgi::Counters& counters() const { return counters_; }
  std::size_t slots_lent() const { return slots_.lent(); }

 private:
  struct Late {
    fastcgi::EncodedResponse answer;
    fastcgi::Reply reply;
  };

  void handle(fastcgi::Request request, fastcgi::Reply reply);
  void send_piece(std::string_view bytes);
  void work();
  void deliver();
  void receive();
  void after(bool alive);

  World& world_;
  const fastcgi::Limits limits_;
  const fastcgi::Wanted wanted_;
  const fastcgi::Handler handler_;
  const fastcgi::AtOnce at_once_;
  fastcgi::Pool<fastcgi::Slot> slots_;
  fastcgi::Counters counters_;
  std::vector<std::uint8_t> buffer_;
  fastcgi::LoopState loop_;
  fastcgi::Connection connection_;
  int ours_ = -1, theirs_ = -1;  // the peer's end, the server's
  bool alive_ = true;
  std::vector<Late> late_;
  std::vector<Handled> handled_;
  Receiver receiver_;
};

}  // namespace twinlock::fuzz
