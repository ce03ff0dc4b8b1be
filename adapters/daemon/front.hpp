// Who answers a request where pages and API share a listener, and what the listeners then read of one.
#pragma once

#include "adapters/api/api.hpp"
#include "adapters/config/config.hpp"
#include "adapters/http/app.hpp"

namespace twinlock::daemon {

// Whether the main listeners serve the API too.
bool shares_listeners(const config::Config& config);

// Sends what lies below <prefix>/v1 to the API while that has a key, and everything else to the pages and the
// gate, which never see an Authorization header or a request target.
class Front {
 public:
  // All references outlive the front.
  Front(http::App& app, api::Api& api, api::KeyWatch& keys, const config::Config& config);

  void handle(fastcgi::Request request, fastcgi::Reply reply);
  fastcgi::Wanted wanted() const;

 private:
  bool for_api(const fastcgi::Request& request) const;

  http::App& app_;
  api::Api& api_;
  api::KeyWatch& keys_;
  const config::Config& config_;
  const fastcgi::Wanted pages_wanted_;
};

}  // namespace twinlock::daemon
