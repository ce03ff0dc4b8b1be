// SPDX-License-Identifier: Apache-2.0
// The gate: the yes or no that a web server asks before each request to the application (spec 7). Reads the
// account parameters and the pass cookie; nothing else of the request plays a part.
#pragma once

#include "adapters/fastcgi/message.hpp"
#include "adapters/http/tools.hpp"

namespace twinlock::gate {

enum class GateVerdict : std::uint8_t {
  refused,      // 403, or 302 to the challenge
  no_account,   // 401
  unavailable,  // 503
  open          // 200
};

// Returns whether a request is for the gate: every Authorizer request, whatever its path, and <prefix>/gate.
bool is_for_gate(const fastcgi::Request& request, const config::Config& config);

GateVerdict ask_gate(const http::Tools& tools, const fastcgi::Request& request);

fastcgi::EncodedResponse gate_answer(GateVerdict verdict, const config::Config& config);

// The parameters and cookies that all of these read.
fastcgi::Wanted gate_wanted(const http::Tools& tools);

}  // namespace twinlock::gate
