// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/router.hpp"

#include <openssl/mem.h>

#include <algorithm>

#include "adapters/api/target.hpp"
#include "adapters/gate/gate.hpp"

namespace twinlock::daemon {

namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Merges both lists; a name is short only if neither needs the whole value.
fastcgi::Wanted both(fastcgi::Wanted one, const fastcgi::Wanted& other) {
  for (const std::string& name : other.names) {
    if (among(one.names, name)) continue;
    one.names.push_back(name);
    if (among(other.short_names, name)) one.short_names.push_back(name);
  }
  for (const std::string& prefix : other.cookie_prefixes) {
    if (!among(one.cookie_prefixes, prefix)) one.cookie_prefixes.push_back(prefix);
  }
  return one;
}

}  // namespace

bool shares_listeners(const config::Config& config) {
  return !config.api.keys_file.empty() && config.api.listen.empty();
}

Router::Router(const http::Tools& tools, pages::App& pages)
    : tools_(tools), pages_(pages), wanted_without_api_(both(gate::gate_wanted(tools), pages.wanted())) {}

Router::Router(const http::Tools& tools, pages::App& pages, api::Api& api, api::KeyWatch& keys)
    : Router(tools, pages) {
  api_ = &api;
  keys_ = &keys;
}

bool Router::for_api(const fastcgi::Request& request) const {
  return api_ != nullptr && shares_listeners(tools_.config) && request.role == fastcgi::Role::responder &&
         api::is_api_path(request, tools_.config.site.prefix) &&
         keys_->standing() != api::KeyWatch::Standing::off;
}

void Router::handle(fastcgi::Request request, fastcgi::Reply reply) {
  if (for_api(request)) return api_->handle(std::move(request), std::move(reply));
  std::erase_if(request.parameters, [this](fastcgi::Parameter& parameter) {
    if (among(wanted_without_api_.names, parameter.name)) return false;
    OPENSSL_cleanse(parameter.value.data(), parameter.value.size());
    return true;
  });
  if (gate::is_for_gate(request, tools_.config)) {
    pages_.tidy();
    return reply(gate::gate_answer(gate::ask_gate(tools_, request), tools_.config));
  }
  pages_.handle(std::move(request), std::move(reply));
}

bool Router::at_once(const fastcgi::Request& request) const {
  return !for_api(request) && gate::is_for_gate(request, tools_.config);
}

fastcgi::Wanted Router::wanted() const {
  if (api_ == nullptr || !shares_listeners(tools_.config)) return wanted_without_api_;
  return both(wanted_without_api_, api_->wanted());
}

}  // namespace twinlock::daemon
