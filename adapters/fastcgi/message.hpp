// SPDX-License-Identifier: Apache-2.0
// Defines what the FastCGI server and its handlers exchange: a request with the wanted parameters, and its
// answer. No sockets and no records here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::fastcgi {

enum class Role : std::uint8_t { responder = 1, authorizer = 2 };

// Lists the parameters that a request keeps; all others are skipped. Names are compared byte for byte.
struct Wanted {
  std::vector<std::string> names;  // HTTP_COOKIE is not named here: see cookie_prefixes
  std::vector<std::string>
      cookie_prefixes;  // cookies whose name starts with one of these are kept, however long the header is
  std::vector<std::string>
      short_names{};  // of `names`: a value above short_value_bytes_max reads as "", so that it takes no room
};

// The client's address, as the web server says it. Where it is wanted, each client has its share of the room.
inline constexpr std::string_view client_parameter = "REMOTE_ADDR";

inline constexpr std::size_t short_value_bytes_max = 1'024;

// Says why a request is not whole. The server has skipped the rest of it; the handler must answer.
enum class RequestFault : std::uint8_t {
  none,
  body_too_large,        // 413
  parameters_too_large,  // 431
  malformed,             // 400: a name-value pair that ends beyond its stream
};

struct Cookie {
  std::string name;
  std::string value;
};

struct Parameter {
  std::string name;
  std::string value;  // of the last occurrence
  bool repeated;      // the name was sent more than once
};

struct Request {
  Role role = Role::responder;
  RequestFault fault = RequestFault::none;
  std::vector<Parameter> parameters;  // the wanted ones that were sent
  std::vector<Cookie> cookies;        // in the order sent, repeats kept
  std::string body;                   // what STDIN delivered (a Responder's; CONTENT_LENGTH is not trusted)

  const Parameter* find(std::string_view name) const;   // nullptr: not sent
  std::string_view value(std::string_view name) const;  // "": not sent
};

// `head` is the CGI header: "Status: 200 OK\r\n" first, every line ended by CRLF, closed by an empty line;
// under 4 KiB.
struct EncodedResponse {
  std::string head;
  std::string body;
};

// Answers one request, once, from any thread. If it is destroyed unused, the server answers 503. After the
// peer has gone or timed out, answering does nothing.
class Reply {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void deliver(EncodedResponse answer) = 0;  // at most once
  };

  Reply() = default;
  explicit Reply(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) noexcept = default;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() = default;  // the sink's own destructor answers 503 when nothing was delivered

  void operator()(EncodedResponse answer) {
    if (const auto sink = std::move(sink_)) sink->deliver(std::move(answer));
  }

 private:
  std::shared_ptr<Sink> sink_;
};

// Called on the loop's thread; must not block. May answer before it returns or hand `reply` to another
// thread.
using Handler = std::function<void(Request request, Reply reply)>;

}  // namespace twinlock::fastcgi
