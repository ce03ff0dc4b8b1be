// SPDX-License-Identifier: Apache-2.0
// Accounts for the command line to look at, made through the service as the pages would.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/daemon/installation.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::test {

// The clock of a test: where it was set, and forward from there by hand.
class HandClock final : public service::Environment {
 public:
  explicit HandClock(Seconds now) : now_(now) {}
  void forward(Seconds by) { now_ += by; }
  Seconds now() const { return now_; }
  bool clock(Clock& out) override;
  bool random(std::span<std::uint8_t> out) override;

 private:
  Seconds now_;
};

// The database and key of a folder's default configuration, opened in this process.
class Inside {
 public:
  Inside(const std::string& folder, Seconds now);

  // Turns the second factor on, with an address on file.
  void enroll(const std::string& account);
  // A code that cannot be right; returns what the kernel said.
  Verdict wrong_code(const std::string& account, Lane lane);
  service::Service& service() { return service_; }
  HandClock& clock() { return clock_; }

 private:
  daemon::Installation installation_;
  HandClock clock_;
  service::Service service_;
};

}  // namespace twinlock::test
