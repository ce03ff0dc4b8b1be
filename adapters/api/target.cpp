// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/target.hpp"

#include <algorithm>

#include "adapters/http/call.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::api {
namespace {

constexpr std::string_view request_target = "REQUEST_URI";

std::string decoded_path(const fastcgi::Request& request) {
  return std::string(request.value("SCRIPT_NAME")).append(request.value("PATH_INFO"));
}

// The target's path: what stands before the query. Nothing of it needs encoding that is not (RFC 3986, 3.3).
std::string_view raw_path(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace

bool is_api_path(const fastcgi::Request& request, std::string_view prefix) {
  const auto route = http::route_below(prefix, request.value("SCRIPT_NAME"), request.value("PATH_INFO"));
  if (!route || !route->starts_with(version_path)) return false;
  return route->size() == version_path.size() || (*route)[version_path.size()] == '/';
}

tl::expected<Target, std::string_view> read_target(const fastcgi::Request& request, std::string_view prefix) {
  using Wrong = tl::unexpected<std::string_view>;
  const std::string_view target = request.value(request_target);
  if (target.empty())
    return Wrong(
        "The web server did not hand over the request target; it must send REQUEST_URI, under 1,024 bytes.");
  const std::string_view path = raw_path(target);
  const auto whole = text::percent_decode(path);
  if (!whole) return Wrong("The path has a '%' without two hexadecimal digits.");
  if (*whole != decoded_path(request))
    return Wrong(
        "The path is not the one that the web server resolved; leave out empty segments, '.' and '..'.");
  std::string_view rest = path;
  const std::string start = std::string(prefix).append(version_path);
  if (!rest.starts_with(start)) return Wrong("The part of the path up to /v1 must stand unencoded.");
  rest.remove_prefix(start.size());
  Target out;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the slash
    const std::string_view segment = rest.substr(0, rest.find('/'));
    auto decoded = text::percent_decode(segment);
    if (!decoded) return Wrong("The path has a '%' without two hexadecimal digits.");
    out.segments.push_back(std::move(*decoded));
    rest.remove_prefix(segment.size());
  }
  return out;
}

}  // namespace twinlock::api
