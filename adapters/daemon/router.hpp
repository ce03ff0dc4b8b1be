// SPDX-License-Identifier: Apache-2.0
// Routes a request to the gate, the API or the pages, and says which parameters the listeners keep.
#pragma once

#include "adapters/api/api.hpp"
#include "adapters/config/config.hpp"
#include "adapters/http/tools.hpp"
#include "adapters/pages/app.hpp"

namespace twinlock::daemon {

// Whether the main listeners serve the API too.
bool shares_listeners(const config::Config& config);

// Sends what lies below <prefix>/v1 to the API while that has a key, the gate's question to the gate, and
// everything else to the pages. Gate and pages never see an Authorization header or a request target.
class Router {
 public:
  // All references outlive the router.
  Router(const http::Tools& tools, pages::App& pages);  // without an API
  Router(const http::Tools& tools, pages::App& pages, api::Api& api, api::KeyWatch& keys);

  void handle(fastcgi::Request request, fastcgi::Reply reply);
  bool at_once(const fastcgi::Request& request) const;  // the gate's, which only reads: see fastcgi::AtOnce
  fastcgi::Wanted wanted() const;

 private:
  bool for_api(const fastcgi::Request& request) const;

  const http::Tools& tools_;
  pages::App& pages_;
  api::Api* api_ = nullptr;
  api::KeyWatch* keys_ = nullptr;
  const fastcgi::Wanted wanted_without_api_;
};

}  // namespace twinlock::daemon
