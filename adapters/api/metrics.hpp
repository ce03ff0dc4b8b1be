// SPDX-License-Identifier: Apache-2.0
// The page of GET /v1/metrics: Prometheus's text format 0.0.4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/fastcgi/server.hpp"
#include "adapters/mail/pump.hpp"
#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::api {

// The values to show; unknown ones are left out.
struct Counted {
  std::string_view version;
  bool ready = false;
  service::Metrics service{};
  std::vector<std::pair<std::string_view, fastcgi::Metrics>> servers;  // by the name of their listeners
  std::optional<store::OutboxCounts> outbox;
  std::optional<mail::PumpMetrics> mailer;  // nullopt: no mail is sent from here
  std::array<std::uint64_t, service::causes_count> alarms{};
  std::uint64_t log_lines_lost = 0;
};

std::string metrics_page(const Counted& counted);

}  // namespace twinlock::api
