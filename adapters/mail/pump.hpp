// SPDX-License-Identifier: Apache-2.0
// Sends the outbox's mail through the mailer, in a thread of twinlockd. Each mail has a stable id and is sent
// at least once, and exactly once while nothing breaks.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/keys/key_ring.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::mail {

enum class PumpEventKind : std::uint8_t {
  sent,
  retried,       // stays in the outbox, due again later
  expired,       // its link has expired: about to be dropped (the service audits this)
  given_up,      // refused for a day or deferred for five: about to be dropped (an alarm)
  unopenable,    // sealed by an unknown key, or damaged (an alarm); tried again like a refused mail
  mailer_ended,  // the pump will start it again
  store_failed
};

struct PumpEvent {
  PumpEventKind kind = PumpEventKind::sent;
  std::optional<store::Account> account;  // of the mail
  store::MailId id{};                     // of the mail
  std::string detail;                     // for the operator; no part of a mail, no secret
};

struct PumpOptions {
  std::vector<std::string> mailer;                  // command; its first word is the program's path
  std::function<store::Seconds()> clock;            // seconds since the epoch; 0: unknown, nothing is sent
  std::function<void(const PumpEvent&)> on_event;   // called on the pump's thread; must not call stop()
  std::chrono::milliseconds look_every{5'000};      // how often the outbox is read without a wake()
  std::chrono::milliseconds restart_after{1'000};   // the mailer's end, doubling to a minute until it answers
  std::chrono::milliseconds answer_within{58'000};  // a mailer that takes longer is killed
  std::chrono::milliseconds stop_within{5'000};     // what stop() lets the mailer finish
};

struct PumpMetrics {
  std::uint64_t sent = 0;
  std::uint64_t retried = 0;
  std::uint64_t expired = 0;
  std::uint64_t given_up = 0;
  std::uint64_t unopenable = 0;
  std::uint64_t mailer_starts = 0;
  std::uint64_t in_flight = 0;
};

class Pump {
 public:
  // The references outlive the pump.
  Pump(store::Store& store, const keys::KeyRing& keys, PumpOptions options);
  ~Pump();  // stops

  void start();
  void wake();  // look for new mail at once; from any thread
  void stop();  // lets the mailer finish what it has, at most stop_within; then joins
  PumpMetrics metrics() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace twinlock::mail
