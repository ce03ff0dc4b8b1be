// SPDX-License-Identifier: Apache-2.0
// What the gate and the pages answer with.
#pragma once

#include <string>

#include "adapters/config/config.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/keys/key_ring.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::http {

struct Tools {
  service::Service& service;
  const keys::KeyRing& keys;
  const config::Config& config;
  service::Environment& environment;
  // What the parameter config.host.secret_name must hold on every request. "": none is required (the daemon
  // refuses to listen on TCP then).
  std::string shared_secret = {};
  CookieJar jar{config.site.dev};
};

}  // namespace twinlock::http
