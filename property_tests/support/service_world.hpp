// SPDX-License-Identifier: Apache-2.0
// Runs a service whose clock, randomness, store and outbox the test controls.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/mail/compose.hpp"
#include "adapters/memory_store/memory_store.hpp"
#include "adapters/service/service.hpp"
#include "adapters/sqlite/store.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace twinlock::service::test {

// Gives a clock that the test sets and random bytes from a seed; either fails on demand. Keeps the random
// bytes, so that a test can look for them where they must not be.
class TestEnvironment final : public Environment {
 public:
  std::atomic<Seconds> now{1'700'000'010};  // the first second of a step
  std::atomic<bool> clock_fails{false};
  std::atomic<int> draws_left{-1};  // after so many draws randomness fails; negative: never
  std::atomic<bool> gives_zeros{false};

  bool clock(Clock& out) override {
    const Seconds at = now;
    out = {at, at / step_s};
    return !clock_fails;
  }
  bool random(std::span<std::uint8_t> out) override;
  std::vector<reference::Bytes> drawn() const {
    const std::lock_guard lock(mutex_);
    return drawn_;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t state_ = 1;
  std::vector<reference::Bytes> drawn_;
};

struct SentMail {
  mail::Message message;
  Seconds not_after = 0;
  bool urgent = false;
  store::Destination destination = 0;
};

// A person with an authenticator app.
struct Person {
  Account account;
  reference::Bytes secret;
  Token recovery_code{};
  Token epoch{};
};

Account account_of(std::string_view name);
Code code_of(std::string_view digits);
Operation operation_of(const Account& account, Kind kind, Lane lane = Lane::other);

class World {
 public:
  // kind: "memory" or "sqlite".
  explicit World(const std::string& kind, Rules rules = {}, const std::string& path = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // The store's own interface behind the service's back; memory() is null for SQLite.
  store::Store& store() { return *store_; }
  store::MemoryStore* memory() { return memory_; }
  Service& service() { return *service_; }
  TestEnvironment& environment() { return environment_; }
  const keys::KeyRing& keys() const { return keys_; }
  const std::string& path() const { return path_; }
  // What the service said to the operator.
  std::vector<std::string> log_lines() const {
    const std::lock_guard lock(log_mutex_);
    return log_lines_;
  }
  // A ticket for the person, as the operator eve gives it out.
  Token unlock(const Person& person);
  void restart(Rules rules);  // a new service over the same store

  // Runs the operation; a failure fails the test.
  Decision run(const Operation& operation);
  Decision verify(const Person& person, std::string_view digits, Lane lane = Lane::other,
                  std::string email = {});
  // begin_enrollment and confirm_enrollment.
  Person enroll(std::string_view name, std::string email, std::optional<Token> grant = std::nullopt);

  void pass_time(Seconds seconds) { environment_.now += seconds; }
  std::string code(const Person& person, int offset = 0) const;  // of the step now + offset
  std::string wrong_code(const Person& person) const;            // right for no step near now
  std::vector<SentMail> mails(const Account& account);
  std::vector<std::string> audit(const Account& account);  // bodies
  store::Version version(const Account& account);

 private:
  std::string folder_;
  std::string path_;
  mutable std::mutex log_mutex_;
  std::vector<std::string> log_lines_;
  TestEnvironment environment_;
  keys::KeyRing keys_;
  std::unique_ptr<store::Store> store_;
  store::MemoryStore* memory_ = nullptr;
  std::unique_ptr<Service> service_;
};

// The token of the link in a recovery mail; nullopt: there is no link.
std::optional<LinkToken> link_in(const mail::Message& message);

}  // namespace twinlock::service::test
