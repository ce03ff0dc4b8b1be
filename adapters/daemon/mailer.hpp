// SPDX-License-Identifier: Apache-2.0
// Starts what sends the outbox's mail, as configured: the pump and the helper program that speaks SMTP.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/config/config.hpp"
#include "adapters/keys/key_ring.hpp"
#include "adapters/mail/pump.hpp"
#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::daemon {

// Where mail goes, in one line without any password.
std::string mail_line(const config::Config& config);

class Mailer {
 public:
  // All references outlive the mailer. Without a transport nothing is started and mail waits. Links
  // that expired unsent and mail that was given up are audited through `service`.
  Mailer(const config::Config& config, store::Store& store, const keys::KeyRing& keys,
         service::Service& service);
  ~Mailer();
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  void start();
  void stop();                                       // ends the helper; idempotent
  std::optional<mail::PumpMetrics> metrics() const;  // nullopt: there is no transport

 private:
  std::unique_ptr<mail::Pump> pump_;
};

}  // namespace twinlock::daemon
