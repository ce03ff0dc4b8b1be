// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/metrics_collector.hpp"

#include "adapters/api/metrics.hpp"
#include "adapters/system/log.hpp"

namespace twinlock::daemon {

std::string MetricsCollector::page() const {
  api::Counted counted;
  counted.version = version_;
  counted.ready = service_.ready().has_value();
  counted.service = service_.metrics();
  counted.alarms = service_.alarms().counts();
  counted.log_lines_lost = system::lost_log_lines();
  for (const auto& [name, server] : servers_) counted.servers.emplace_back(name, server->metrics());
  if (const auto outbox = store_.outbox_counts()) counted.outbox = *outbox;
  if (mailer_ != nullptr) counted.mailer = mailer_->metrics();
  return api::metrics_page(counted);
}

}  // namespace twinlock::daemon
