// SPDX-License-Identifier: Apache-2.0
// Reads the path below <prefix>/v1 from the undecoded request target.
//
// SCRIPT_NAME and PATH_INFO come decoded, so an account with a slash in it cannot be told from another path
// there. REQUEST_URI alone still has the target as it was sent; but servers rewrite, so it counts only where
// its decoded path is SCRIPT_NAME and PATH_INFO byte for byte: a path that the web server resolved or merged
// on the way ("..",
// "//") is refused, so that a request cannot bypass the web server's rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/fastcgi/message.hpp"

namespace twinlock::api {

inline constexpr std::string_view version_path = "/v1";

// Whether the decoded path lies at or below <prefix>/v1: all that routing between pages and API looks at.
bool is_api_path(const fastcgi::Request& request, std::string_view prefix);

struct Target {
  std::vector<std::string> segments;  // below /v1, each decoded; they may hold any byte, '/' too
};

// The error says what is wrong with the target. Requires: is_api_path().
tl::expected<Target, std::string_view> read_target(const fastcgi::Request& request, std::string_view prefix);

}  // namespace twinlock::api
