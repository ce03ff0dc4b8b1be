// SPDX-License-Identifier: Apache-2.0
#include "adapters/gate/gate.hpp"

#include "adapters/http/call.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/pass.hpp"
#include "adapters/http/response.hpp"

namespace twinlock::gate {
namespace {

// Sends no headers but these: Apache copies an Authorizer's headers into the application's response.
constexpr std::string_view yes = "Status: 200 OK\r\nContent-Length: 0\r\n\r\n";

}  // namespace

bool is_for_gate(const fastcgi::Request& request, const config::Config& config) {
  if (request.role == fastcgi::Role::authorizer) return true;
  const auto call = http::read_call(request, config.site.prefix);
  return call && call->route == "/gate";
}

GateVerdict ask_gate(const http::Tools& tools, const fastcgi::Request& request) {
  http::HostPerson host;
  if (request.fault != fastcgi::RequestFault::none) return GateVerdict::refused;
  if (http::read_host(request, tools.config.host, tools.shared_secret, host) != http::HostFault::none)
    return GateVerdict::refused;
  if (!host.account) return GateVerdict::no_account;
  Clock clock{};
  if (!tools.environment.clock(clock)) return GateVerdict::unavailable;
  const auto look = tools.service.look(*host.account, host.required);
  if (!look || !look->view.sound) return GateVerdict::unavailable;
  const bool passes = look->view.passes_without || http::holds_pass(tools, request, host, *look, clock.now);
  if (passes) return GateVerdict::open;  // nothing else opens the gate
  return GateVerdict::refused;
}

fastcgi::EncodedResponse gate_answer(GateVerdict verdict, const config::Config& config) {
  http::Response response;
  response.status = 403;
  switch (verdict) {
    case GateVerdict::open:
      return {std::string(yes), std::string()};
    case GateVerdict::no_account:
      response.status = 401;
      return http::finish(std::move(response), false);
    case GateVerdict::unavailable:
      response.status = 503;
      response.add("Retry-After", "5");
      return http::finish(std::move(response), false);
    case GateVerdict::refused:
      break;
  }
  const std::string challenge = config.site.prefix + "/challenge";
  response.add("Twinlock-Location", challenge);
  if (config.gate.refusal == config::GateRefusal::redirect) {
    response.status = 302;
    response.add("Location", challenge);
  }
  return http::finish(std::move(response), false);
}

fastcgi::Wanted gate_wanted(const http::Tools& tools) {
  fastcgi::Wanted wanted{http::host_names(tools.config.host), {tools.jar.prefix()}};
  for (const char* name : {"SCRIPT_NAME", "PATH_INFO"}) wanted.names.emplace_back(name);
  return wanted;
}

}  // namespace twinlock::gate
