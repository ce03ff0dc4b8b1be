// SPDX-License-Identifier: Apache-2.0
// Passes every call on to another store and shows each error to a watcher, so that none is dropped in
// silence.
#pragma once

#include <functional>
#include <utility>

#include "adapters/store/port.hpp"

namespace twinlock::store {

class Watched final : public Store {
 public:
  using Watcher = std::function<void(const StoreError&)>;  // from any thread
  Watched(Store& below, Watcher watcher) : below_(below), watcher_(std::move(watcher)) {}

  Result<std::optional<Row>> load(const Account& account) override { return seen(below_.load(account)); }
  Result<void> commit(std::span<const Change> changes, Seconds created,
                      std::span<CommitResult> results) override {
    return seen(below_.commit(changes, created, results));
  }
  Result<std::vector<ScannedRow>> scan(std::string_view after, std::size_t limit) override {
    return seen(below_.scan(after, limit));
  }
  Result<std::vector<AuditEntry>> audit_read(const Account& account, std::uint64_t after,
                                             std::size_t limit) override {
    return seen(below_.audit_read(account, after, limit));
  }
  Result<std::string> spelling(std::string_view fold, std::string_view edition) override {
    return seen(below_.spelling(fold, edition));
  }
  Result<std::string> spelling_edition() override { return seen(below_.spelling_edition()); }
  Result<std::vector<SpellingRow>> spelling_scan(std::string_view after, std::size_t limit) override {
    return seen(below_.spelling_scan(after, limit));
  }
  Result<bool> respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) override {
    return seen(below_.respell(from, to, fold_anew));
  }
  Result<std::vector<LeasedMail>> outbox_lease(Seconds now, Seconds lease_s, Places& places) override {
    return seen(below_.outbox_lease(now, lease_s, places));
  }
  Result<void> outbox_done(const MailId& id) override { return seen(below_.outbox_done(id)); }
  Result<void> outbox_retry(const MailId& id, Seconds not_before, std::string_view reason) override {
    return seen(below_.outbox_retry(id, not_before, reason));
  }
  Result<OutboxCounts> outbox_counts() override { return seen(below_.outbox_counts()); }
  Result<std::vector<LeasedMail>> outbox_list(std::size_t limit) override {
    return seen(below_.outbox_list(limit));
  }
  Result<void> ready() override { return seen(below_.ready()); }
  Result<std::string> check() override { return seen(below_.check()); }

 private:
  template <typename T>
  Result<T> seen(Result<T> result) const {
    if (!result) watcher_(result.error());
    return result;
  }

  Store& below_;
  Watcher watcher_;
};

}  // namespace twinlock::store
