// The gate: the yes or no that a web server asks before each request to the application (spec 7). Reads the
// account parameters and the pass cookie; nothing else of the request plays a part.
#pragma once

#include "adapters/http/exchange.hpp"

namespace twinlock::http {

enum class GateVerdict : std::uint8_t {
  refused,      // 403, or 302 to the challenge
  no_account,   // 401
  unavailable,  // 503
  open          // 200
};

GateVerdict ask_gate(Tools& tools, const fastcgi::Request& request, std::string_view shared_secret);

fastcgi::Answer gate_answer(GateVerdict verdict, const config::Config& config);

}  // namespace twinlock::http
