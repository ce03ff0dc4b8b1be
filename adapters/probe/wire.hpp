// SPDX-License-Identifier: Apache-2.0
// What twinlock and twinlock-probe say to each other over a socket pair: one JSON object for a request, one
// for its reply, each in a frame of adapters/helper. Bytes of 0x80 and above stand in JSON
// as \u0080 to \u00ff, so that any string comes back byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::probe {

inline constexpr std::size_t body_bytes_max = 16 * 1024;  // of a reply; what comes after is not read

struct Request {
  std::string method = "GET";
  std::string url;                   // sent as it is written: dots and slashes in its path are kept
  std::vector<std::string> headers;  // "Name: value"
  std::string user;                  // "" and an empty password: no Authorization
  std::string password;
};

enum class Trouble : std::uint8_t {
  none,
  certificate,  // the server's does not hold
  connection    // no connection, no TLS, no HTTP, or no answer in time
};

struct Header {
  std::string name;  // in lower case
  std::string value;
};

struct Reply {
  Trouble trouble = Trouble::none;
  std::string detail;   // of the trouble, one line
  unsigned status = 0;  // 0 where there was trouble
  std::vector<Header> headers;
  std::string body;  // the first body_bytes_max
};

std::string to_json(const Request& request);
std::string to_json(const Reply& reply);

// Take exactly the members that to_json writes, each once.
std::optional<Request> parse_request(std::string_view json);
std::optional<Reply> parse_reply(std::string_view json);

}  // namespace twinlock::probe
