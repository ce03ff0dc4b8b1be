// SPDX-License-Identifier: Apache-2.0
// Accounts with a second factor, made by the service itself, and the codes that their holders would type.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "adapters/service/service.hpp"

namespace twinlock::bench {

// A clock that the benchmark sets; the system's randomness.
class SetClock final : public service::Environment {
 public:
  std::atomic<Seconds> now{1'700'000'010};  // the first second of a step

  bool clock(Clock& out) override {
    const Seconds at = now;
    out = {at, at / step_s};
    return true;
  }
  bool random(std::span<std::uint8_t> out) override { return system_.random(out); }

 private:
  service::SystemEnvironment system_;
};

struct Person {
  store::Account account;
  Secret secret;
};

// One key, made up, in the key file's format.
keys::KeyRing some_keys();

// Enrolls so many accounts through a service that was started. Throws std::runtime_error
// where one is refused.
std::vector<Person> enroll(service::Service& service, const SetClock& clock, std::size_t count);

// A verification from a browser that is not known, with the code that is right now, or with one that is not.
service::Operation attempt(const Person& person, Seconds now, bool right);

}  // namespace twinlock::bench
