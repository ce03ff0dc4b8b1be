// SPDX-License-Identifier: Apache-2.0
// The JSON API (spec 8): <prefix>/v1, for applications with pages of their own. docs/api.md is its guide,
// docs/openapi.json its description.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/api/key_watch.hpp"
#include "adapters/config/config.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::api {

class Api {
 public:
  // All references outlive the API. `store` is read only. `metrics` gives the page of GET /v1/metrics.
  // `shared_secret`: what the parameter config.host.secret_name must hold on every request; "": none is
  // required.
  Api(service::Service& service, store::Store& store, const config::Config& config, KeyWatch& keys,
      std::function<std::string()> metrics, std::string shared_secret = {});
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;
  ~Api();

  // Answers at once or from the service's writer thread; callable from any thread. Blocks on a read of the
  // store only. What is not below <prefix>/v1, and everything while there is no key, is 404.
  void handle(fastcgi::Request request, fastcgi::Reply reply);

  // The parameters that handle() reads; it looks at nothing else.
  fastcgi::Wanted wanted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace twinlock::api
