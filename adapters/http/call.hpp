// SPDX-License-Identifier: Apache-2.0
// Reads what a request asks for (method, route, query) from CGI's own parameters, and from nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/fastcgi/message.hpp"

namespace twinlock::http {

enum class Method : std::uint8_t { get, head, post, other };

struct Call {
  Method method = Method::other;
  std::string route;  // the path below the prefix, "" or starting with '/'
  std::string query;  // raw

  bool reads() const { return method == Method::get || method == Method::head; }
};

Method read_method(std::string_view text);

// SCRIPT_NAME and PATH_INFO joined: servers split one path differently (spec 5.3). nullopt: not below the
// prefix.
std::optional<std::string> route_below(std::string_view prefix, std::string_view script_name,
                                       std::string_view path_info);

// Returns nullopt if the path is not below the prefix.
std::optional<Call> read_call(const fastcgi::Request& request, std::string_view prefix);

}  // namespace twinlock::http
