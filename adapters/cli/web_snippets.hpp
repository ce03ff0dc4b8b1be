// SPDX-License-Identifier: Apache-2.0
// Fills in the configuration that puts Twinlock in front of an application on a web server.
#pragma once

#include <string>

#include "adapters/config/config.hpp"

namespace twinlock::cli {

extern const char* const nginx_recipe;  // docs/recipes/nginx.conf, as it was when this was built

// The recipe with this configuration's socket, prefix, parameter names and shared secret in it.
std::string nginx_snippet(const config::Config& config);

}  // namespace twinlock::cli
