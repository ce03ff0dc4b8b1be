// SPDX-License-Identifier: Apache-2.0
// Collects the numbers that GET /v1/metrics shows.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/daemon/mailer.hpp"
#include "adapters/fastcgi/server.hpp"
#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::daemon {

class MetricsCollector {
 public:
  // All references outlive this; `add` and `mailer` come before the first page.
  MetricsCollector(std::string_view version, service::Service& service, store::Store& store)
      : version_(version), service_(service), store_(store) {}

  void add(std::string_view listeners, const fastcgi::Server& server) {
    servers_.emplace_back(listeners, &server);
  }
  void mailer(const Mailer& mailer) { mailer_ = &mailer; }

  std::string page() const;  // any thread

 private:
  std::string_view version_;
  service::Service& service_;
  store::Store& store_;
  const Mailer* mailer_ = nullptr;
  std::vector<std::pair<std::string_view, const fastcgi::Server*>> servers_;
};

}  // namespace twinlock::daemon
