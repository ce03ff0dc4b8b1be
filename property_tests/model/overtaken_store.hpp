// SPDX-License-Identifier: Apache-2.0
// A store that lets another process act between a load and the commit that follows.
#pragma once

#include <functional>
#include <utility>

#include "adapters/store/port.hpp"

namespace twinlock::service::test {

using store::Account;
using store::Seconds;

class OvertakenStore final : public store::Store {
 public:
  explicit OvertakenStore(store::Store& under) : under_(under) {}
  std::function<void()> after_load;
  std::function<void()> after_spelling;

  store::Result<std::optional<store::Row>> load(const Account& account) override {
    auto row = under_.load(account);
    if (const auto turn = std::exchange(after_load, nullptr)) turn();
    return row;
  }
  store::Result<void> commit(std::span<const store::Change> changes, Seconds created,
                             std::span<store::CommitResult> results) override {
    return under_.commit(changes, created, results);
  }
  store::Result<std::vector<store::ScannedRow>> scan(std::string_view after, std::size_t limit) override {
    return under_.scan(after, limit);
  }
  store::Result<std::vector<store::AuditEntry>> audit_read(const Account& account, std::uint64_t after,
                                                           std::size_t limit) override {
    return under_.audit_read(account, after, limit);
  }
  store::Result<std::string> spelling(std::string_view fold, std::string_view edition) override {
    auto body = under_.spelling(fold, edition);
    if (const auto turn = std::exchange(after_spelling, nullptr)) turn();
    return body;
  }
  store::Result<std::string> spelling_edition() override { return under_.spelling_edition(); }
  store::Result<std::vector<store::SpellingRow>> spelling_scan(std::string_view after,
                                                               std::size_t limit) override {
    return under_.spelling_scan(after, limit);
  }
  store::Result<bool> respell(std::string_view from, std::string_view to,
                              const FoldAnew& fold_anew) override {
    return under_.respell(from, to, fold_anew);
  }
  store::Result<std::vector<store::LeasedMail>> outbox_lease(Seconds now, Seconds lease_s,
                                                             store::Places& places) override {
    return under_.outbox_lease(now, lease_s, places);
  }
  store::Result<void> outbox_done(const store::MailId& id) override { return under_.outbox_done(id); }
  store::Result<void> outbox_retry(const store::MailId& id, Seconds not_before,
                                   std::string_view reason) override {
    return under_.outbox_retry(id, not_before, reason);
  }
  store::Result<store::OutboxCounts> outbox_counts() override { return under_.outbox_counts(); }
  store::Result<std::vector<store::LeasedMail>> outbox_list(std::size_t limit) override {
    return under_.outbox_list(limit);
  }
  store::Result<void> ready() override { return under_.ready(); }
  store::Result<std::string> check() override { return under_.check(); }

 private:
  store::Store& under_;
};

}  // namespace twinlock::service::test
