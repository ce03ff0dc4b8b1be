// SPDX-License-Identifier: Apache-2.0
// Opens the listeners that the configuration names: inherited sockets, a Unix socket, TCP on loopback.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/config/config.hpp"
#include "adapters/fastcgi/server.hpp"

namespace twinlock::daemon {

fastcgi::Limits limits_of(const config::Config& config);

// Adds every listener; call before start(). Returns one line for each that says where it listens.
tl::expected<std::vector<std::string>, std::string> add_listeners(fastcgi::Server& server,
                                                                  const config::Config& config);

// The same for the listeners that serve the API alone; none where api.listen is empty.
tl::expected<std::vector<std::string>, std::string> add_api_listeners(fastcgi::Server& server,
                                                                      const config::Config& config);
fastcgi::Limits api_limits_of(const config::Config& config);

// Allows this process as many open files as its connections need. Returns what to tell the operator where the
// system forbids so many; "": it does not.
std::string open_files_line(const config::Config& config);

// The lines that add_listeners and add_api_listeners would give, without opening anything.
std::vector<std::string> planned_listeners(const config::Config& config);

}  // namespace twinlock::daemon
