// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/call.hpp"

namespace twinlock::http {

Method read_method(std::string_view text) {
  if (text == "GET") return Method::get;
  if (text == "HEAD") return Method::head;
  if (text == "POST") return Method::post;
  return Method::other;
}

std::optional<std::string> route_below(std::string_view prefix, std::string_view script_name,
                                       std::string_view path_info) {
  std::string path(script_name);
  path += path_info;
  if (!path.starts_with(prefix)) return std::nullopt;
  path.erase(0, prefix.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return path;
}

std::optional<Call> read_call(const fastcgi::Request& request, std::string_view prefix) {
  auto route = route_below(prefix, request.value("SCRIPT_NAME"), request.value("PATH_INFO"));
  if (!route) return std::nullopt;
  return Call{read_method(request.value("REQUEST_METHOD")), std::move(*route),
              std::string(request.value("QUERY_STRING"))};
}

}  // namespace twinlock::http
