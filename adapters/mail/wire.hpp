// SPDX-License-Identifier: Apache-2.0
// What twinlockd and twinlock-mailer say to each other over a socket pair: JSON objects, each in a frame
// of adapters/helper. {"id","to","subject","text"} goes out, {"id","result","detail"} comes back, one for
// each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinlock::mail::wire {

inline constexpr std::size_t id_characters = 32;  // 16 bytes in lower-case hexadecimal
inline constexpr std::size_t in_flight_max = 8;

struct Request {
  std::string id;
  std::string to;
  std::string subject;
  std::string text;  // UTF-8, LF endings
};

enum class Result : std::uint8_t {
  sent,   // the next server took it
  retry,  // not now: no connection, no TLS, a 4xx reply, a time-out
  failed  // refused for good: a 5xx reply, an address that is none
};

struct Reply {
  std::string id;
  Result result = Result::failed;
  std::string detail;  // for the operator; never a part of the text
};

std::string to_json(const Request& request);  // Requires: valid UTF-8
std::string to_json(const Reply& reply);

// Take exactly the members named above, each once and a string, and an id of 32 hexadecimal digits.
std::optional<Request> parse_request(std::string_view json);
std::optional<Reply> parse_reply(std::string_view json);

}  // namespace twinlock::mail::wire
