#include "adapters/daemon/front.hpp"

#include <openssl/mem.h>

#include <algorithm>

#include "adapters/api/target.hpp"

namespace twinlock::daemon {

namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool shares_listeners(const config::Config& config) {
  return !config.api.keys_file.empty() && config.api.listen.empty();
}

Front::Front(http::App& app, api::Api& api, api::KeyWatch& keys, const config::Config& config)
    : app_(app), api_(api), keys_(keys), config_(config), pages_wanted_(app.wanted()) {}

bool Front::for_api(const fastcgi::Request& request) const {
  return shares_listeners(config_) && request.role == fastcgi::Role::responder &&
         api::is_api_path(request, config_.site.prefix) && keys_.standing() != api::KeyWatch::Standing::off;
}

void Front::handle(fastcgi::Request request, fastcgi::Reply reply) {
  if (for_api(request)) return api_.handle(std::move(request), std::move(reply));
  std::erase_if(request.parameters, [this](fastcgi::Parameter& parameter) {
    if (among(pages_wanted_.names, parameter.name)) return false;
    OPENSSL_cleanse(parameter.value.data(), parameter.value.size());
    return true;
  });
  app_.handle(std::move(request), std::move(reply));
}

fastcgi::Wanted Front::wanted() const {
  fastcgi::Wanted wanted = pages_wanted_;
  if (!shares_listeners(config_)) return wanted;
  const fastcgi::Wanted more = api_.wanted();
  for (const std::string& name : more.names) {
    if (among(wanted.names, name)) continue;
    wanted.names.push_back(name);
    if (among(more.short_names, name)) wanted.short_names.push_back(name);
  }
  return wanted;
}

}  // namespace twinlock::daemon
