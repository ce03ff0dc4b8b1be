// SPDX-License-Identifier: Apache-2.0
// Gives tests a FastCGI client over a real socket and a server in a new folder. Every wait is bounded.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/server.hpp"
#include "property_tests/unit/fastcgi/stream.hpp"

namespace twinlock::fastcgi::test {

inline constexpr int wait_ms = 10'000;  // for anything that must come

class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// What the client received for one request until its END_REQUEST.
struct Ended {
  int id = 0;
  std::vector<std::string> records;  // of STDOUT, the empty one that ends the stream too
  int protocol_status = -1;
  std::string all() const;
};

class Client {
 public:
  explicit Client(const std::string& path);
  explicit Client(std::uint16_t port);
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  bool send(std::string_view bytes);         // false: the peer is gone or takes nothing for wait_ms
  std::optional<Record> next_record();       // nullopt: end of stream, reset or nothing for wait_ms
  std::optional<Ended> next_end();           // reads on until an END_REQUEST
  bool ends_without_a_word();                // the server closes and sends nothing before it
  bool nothing_for(int milliseconds) const;  // neither bytes nor an end
  void half_close();
  void close();

 private:
  int fd_ = -1;
  bool connected_ = false;
  std::string unread_;
  std::vector<Record> records_;
  std::vector<Ended> open_;
};

EncodedResponse answer_text(std::string_view body);  // 200 with that body

// Answers with method, account, role, fault and body, so that a test sees what arrived.
void echo(Request request, Reply reply);

struct TestServer {
  explicit TestServer(Handler handler = echo, Limits limits = quick_limits());
  ~TestServer() { server.stop(); }
  static Limits quick_limits();
  Client client() const { return Client(path); }

  TempFolder folder;
  std::string path = folder.file("socket");
  Server server;
};

// Keeps replies until the test answers them.
class Held {
 public:
  Handler handler();
  std::pair<Request, Reply> take();  // waits for the next one; throws when none comes
  bool wait_for(std::size_t count);
  std::size_t size();
  void drop_all();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Request, Reply>> held_;
};

// Raises the limit of open files to `count` where it is lower. False: the machine does not allow so many.
bool allow_descriptors(std::size_t count);

// Polls until a condition holds that another thread changes.
bool eventually(const std::function<bool()>& holds);

}  // namespace twinlock::fastcgi::test
