// SPDX-License-Identifier: Apache-2.0
// Keeps the rows in memory, for tests, fuzzing and measuring. It does all that the port promises except that
// rows outlive the process, and it fails on demand.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/port.hpp"

namespace twinlock::store {

class MemoryStore : public Store {
 public:
  enum class When : std::uint8_t {
    before,  // nothing happened
    after    // the changes are stored, and the call returns an error all the same
  };

  Result<std::optional<Row>> load(const Account& account) override;
  Result<void> commit(std::span<const Change> changes, Seconds created,
                      std::span<CommitResult> results) override;
  Result<std::vector<ScannedRow>> scan(std::string_view after, std::size_t limit) override;
  Result<std::vector<AuditEntry>> audit_read(const Account& account, std::uint64_t after,
                                             std::size_t limit) override;
  Result<std::string> spelling(std::string_view fold, std::string_view edition) override;
  Result<std::string> spelling_edition() override;
  Result<std::vector<SpellingRow>> spelling_scan(std::string_view after, std::size_t limit) override;
  Result<bool> respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) override;
  Result<std::vector<LeasedMail>> outbox_lease(Seconds now, Seconds lease_s, Places& places) override;
  Result<void> outbox_done(const MailId& id) override;
  Result<void> outbox_retry(const MailId& id, Seconds not_before, std::string_view reason) override;
  Result<OutboxCounts> outbox_counts() override;
  Result<std::vector<LeasedMail>> outbox_list(std::size_t limit) override;
  Result<void> ready() override;
  Result<std::string> check() override;

  // Make the next calls fail. Each call replaces what was left of the one before it.
  void fail_loads(std::uint64_t count, StoreErrorKind kind = StoreErrorKind::unavailable);
  void fail_commits(std::uint64_t count, When when, StoreErrorKind kind = StoreErrorKind::unavailable);
  void lose_changes(std::uint64_t count);  // the next changes are `conflict`, whatever their version
  void break_down(std::optional<StoreErrorKind> kind);  // every method fails with `kind`; nullopt: none again

  // Damage or roll back what is stored, as can happen to a real store's file.
  void replace_row(const Account& account, std::optional<Row> row);
  void replace_spelling(const std::string& fold, const std::string& body);  // "": no row
  void replace_audit(const Account& account, std::vector<AuditEntry> entries);
  std::uint64_t commits() const;  // calls of commit that took effect

 private:
  struct Kept {
    Row row;
    std::vector<AuditEntry> audit;
  };
  struct Mail {
    LeasedMail mail;
    Seconds due = 0;
  };

  std::optional<StoreError> fault(std::uint64_t& left, StoreErrorKind kind) const;
  std::optional<StoreError> broken() const;
  using Spellings = std::map<std::string, std::string>;
  CommitResult judge(const Change& change, Spellings& spellings);
  std::optional<StoreError> foreign(std::string_view edition) const;
  void apply(const Change& change, Seconds created);
  bool any_mail_exists(const Change& change) const;
  void lease_due(bool urgent, Seconds now, Seconds lease_s, Places& places, std::vector<LeasedMail>& taken);

  mutable std::mutex mutex_;
  std::map<std::string, Kept> accounts_;
  std::vector<Mail> outbox_;  // oldest first
  Spellings spellings_;
  std::string spelling_edition_;
  std::optional<StoreErrorKind> broken_;
  std::uint64_t loads_to_fail_ = 0;
  std::uint64_t commits_to_fail_ = 0;
  std::uint64_t changes_to_lose_ = 0;
  StoreErrorKind load_fault_ = StoreErrorKind::unavailable;
  StoreErrorKind commit_fault_ = StoreErrorKind::unavailable;
  When commit_fault_when_ = When::before;
  std::uint64_t commits_ = 0;
};

}  // namespace twinlock::store
