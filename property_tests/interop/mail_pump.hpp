// SPDX-License-Identifier: Apache-2.0
// An outbox in SQLite, and a pump over it whose events are kept.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "adapters/mail/compose.hpp"
#include "adapters/mail/pump.hpp"
#include "adapters/sqlite/store.hpp"
#include "property_tests/interop/mail_support.hpp"

namespace twinlock::mail::test {

inline constexpr store::Seconds begin = 1'795'492'882;

inline store::MailId id_of(std::uint8_t number) {
  store::MailId id{};
  id.back() = number;
  return id;
}

class PumpTest : public testing::Test {
 protected:
  PumpTest() {
    const std::string key_file = folder.file("key");
    auto made = keys::KeyRing::create_file(key_file);
    EXPECT_TRUE(made) << (made ? "" : made.error());
    if (made) keys.emplace(std::move(*made));
    auto opened = sqlite::SqliteStore::open({.path = folder.file("mail.db"), .create = true});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    if (opened) store = std::move(*opened);
  }

  PumpOptions options(std::vector<std::string> way_out) {
    PumpOptions o;
    o.mailer = {TWINLOCK_MAILER, "--from", "twinlock@example.org"};
    o.mailer.insert(o.mailer.end(), way_out.begin(), way_out.end());
    o.clock = [this] { return now.load(); };
    o.on_event = [this](const PumpEvent& event) {
      const std::lock_guard lock(mutex);
      events.push_back(event);
    };
    o.look_every = std::chrono::milliseconds(20);
    o.restart_after = std::chrono::milliseconds(10);
    o.stop_within = std::chrono::milliseconds(2'000);
    return o;
  }

  PumpOptions smtp(const Sink& sink) {
    return options({"--smtp", "smtp://127.0.0.1:" + sink.port(), "--tls", "none"});
  }

  struct Kind {
    bool urgent = false;
    store::Destination destination = 1;
    std::string to = "alice@example.org";
  };

  void put(std::uint8_t number, store::Seconds not_after = 0, std::uint8_t sealed_for = 0) {
    put(number, not_after, sealed_for, Kind());
  }

  void put(std::uint8_t number, store::Seconds not_after, std::uint8_t sealed_for, const Kind& kind) {
    const store::MailId id = id_of(number);
    const store::MailId bound = id_of(sealed_for == 0 ? number : sealed_for);
    const std::string packed = pack({kind.to, "subject", "text " + std::to_string(number) + "\n"});
    store::Change change{
        *store::Account::from("alice" + std::to_string(number)), 0, {1, 2, 3}, {1, "{}", {}}, {}};
    const std::string_view extra(reinterpret_cast<const char*>(bound.data()), bound.size());
    const std::span plain(reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size());
    change.mail.push_back({id, not_after, kind.urgent, kind.destination,
                           keys->seal(keys::SealPurpose::mail, {change.account.bytes(), 0, extra}, plain)});
    store::CommitResult result{};
    const auto done = store->commit({&change, 1}, begin, {&result, 1});
    ASSERT_TRUE(done && result == store::CommitResult::done);
  }

  std::size_t count(PumpEventKind kind) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [kind](const PumpEvent& event) { return event.kind == kind; }));
  }

  std::uint64_t waiting() {
    const auto counts = store->outbox_counts();
    return counts ? counts->waiting : UINT64_MAX;
  }

  Folder folder;
  std::optional<keys::KeyRing> keys;
  std::unique_ptr<store::Store> store;
  std::atomic<store::Seconds> now = begin;
  std::mutex mutex;
  std::vector<PumpEvent> events;
};

}  // namespace twinlock::mail::test
