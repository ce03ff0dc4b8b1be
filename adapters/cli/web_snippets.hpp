// SPDX-License-Identifier: Apache-2.0
// Fills in the configuration that puts Twinlock in front of an application on a web server.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/config/config.hpp"

namespace twinlock::cli {

struct Recipe {
  std::string_view name;  // of `init --web`: "nginx", and "lighttpd.lua" for the second file of lighttpd's
  std::string_view text;  // the file of docs/recipes, as it was when this was built
};

extern const std::vector<Recipe> recipes;

// The recipe `name` with this configuration's address of the site, socket, prefix, parameter names and shared
// secret in it. The error says what the configuration lacks for that web server.
tl::expected<std::string, std::string> filled_recipe(std::string_view name, const config::Config& config);

}  // namespace twinlock::cli
