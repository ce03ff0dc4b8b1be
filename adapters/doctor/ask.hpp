// SPDX-License-Identifier: Apache-2.0
// Sends one FastCGI request from the command line, as a web server would.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace twinlock::doctor {

struct Server {
  std::string socket;  // a Unix socket's path; "": TCP
  std::string host;    // a numeric address
  std::uint16_t port = 0;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Sends a request without a body and returns the status of the answer. Waits at most 5 s for each piece. The
// error is one line.
tl::expected<unsigned, std::string> ask(const Server& server, const Parameters& parameters);

// Checks that host:port takes a TCP connection within 5 s; the error is one line.
tl::expected<void, std::string> reach(const std::string& host, const std::string& port);

}  // namespace twinlock::doctor
