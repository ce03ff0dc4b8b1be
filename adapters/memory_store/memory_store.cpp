// SPDX-License-Identifier: Apache-2.0
#include "adapters/memory_store/memory_store.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "adapters/store/change.hpp"
#include "adapters/store/places.hpp"

namespace twinlock::store {

namespace {

StoreError injected(StoreErrorKind kind) { return {kind, "the memory store fails as it was told to"}; }

Seconds add_saturating(Seconds a, Seconds b) {
  return a > std::numeric_limits<Seconds>::max() - b ? std::numeric_limits<Seconds>::max() : a + b;
}

}  // namespace

std::optional<StoreError> MemoryStore::broken() const {
  if (!broken_) return std::nullopt;
  return injected(*broken_);
}

std::optional<StoreError> MemoryStore::fault(std::uint64_t& left, StoreErrorKind kind) const {
  if (auto error = broken()) return error;
  if (left == 0) return std::nullopt;
  --left;
  return injected(kind);
}

Result<std::optional<Row>> MemoryStore::load(const Account& account) {
  const std::scoped_lock lock(mutex_);
  if (auto error = fault(loads_to_fail_, load_fault_)) return tl::unexpected(*error);
  const auto found = accounts_.find(account.bytes());
  if (found == accounts_.end()) return std::nullopt;
  return found->second.row;
}

bool MemoryStore::any_mail_exists(const Change& change) const {
  const auto exists = [&](const SealedMail& mail) {
    return std::any_of(outbox_.begin(), outbox_.end(),
                       [&](const Mail& kept) { return kept.mail.id == mail.id; });
  };
  return std::any_of(change.mail.begin(), change.mail.end(), exists);
}

std::optional<StoreError> MemoryStore::foreign(std::string_view edition) const {
  if (spelling_edition_.empty() || spelling_edition_ == edition) return std::nullopt;
  return foreign_edition(spelling_edition_, edition);
}

// Swaps the row of `spelling` if all of the change fits, so that the next change of the batch sees it.
CommitResult MemoryStore::judge(const Change& change, Spellings& spellings) {
  if (changes_to_lose_ > 0) {
    --changes_to_lose_;
    return CommitResult::conflict;
  }
  const auto found = accounts_.find(change.account.bytes());
  const Version present = found == accounts_.end() ? 0 : found->second.row.version;
  if (present != change.expected || present >= version_max) return CommitResult::conflict;
  if (!change.spelling) return CommitResult::done;
  const auto& swap = *change.spelling;
  const auto spelt = spellings.find(swap.fold);
  if (swap.expected != (spelt == spellings.end() ? std::string() : spelt->second))
    return CommitResult::conflict;
  spellings[swap.fold] = swap.next;
  if (swap.next.empty()) spellings.erase(swap.fold);
  return CommitResult::done;
}

void MemoryStore::apply(const Change& change, Seconds created) {
  Kept& kept = accounts_[change.account.bytes()];
  kept.row = {change.expected + 1, change.sealed};
  kept.audit.push_back(change.entry);
  if (change.spelling) spelling_edition_ = change.spelling->edition;
  for (const auto& mail : change.mail)
    outbox_.push_back({{.id = mail.id,
                        .account = change.account,
                        .created = created,
                        .not_after = mail.not_after,
                        .urgent = mail.urgent,
                        .destination = mail.destination,
                        .sealed = mail.sealed},
                       0});
}

Result<void> MemoryStore::commit(std::span<const Change> changes, Seconds created,
                                 std::span<CommitResult> results) {
  if (auto checked = check_batch(changes, results); !checked) return checked;
  const std::scoped_lock lock(mutex_);
  const auto error = fault(commits_to_fail_, commit_fault_);
  if (error && (broken_ || commit_fault_when_ == When::before)) return tl::unexpected(*error);
  const auto order = order_by_account(changes);
  for (const auto& change : changes)
    if (change.spelling)
      if (auto other = foreign(change.spelling->edition)) return tl::unexpected(*other);
  Spellings spellings = spellings_;
  for (const std::size_t at : order) results[at] = judge(changes[at], spellings);
  for (const std::size_t at : order)
    if (results[at] == CommitResult::done && any_mail_exists(changes[at]))
      return tl::unexpected(StoreError{StoreErrorKind::unsupported, "a mail's id is in the outbox already"});
  for (const std::size_t at : order)
    if (results[at] == CommitResult::done) apply(changes[at], created);
  spellings_ = std::move(spellings);
  ++commits_;
  if (error) return tl::unexpected(*error);
  return {};
}

Result<std::vector<ScannedRow>> MemoryStore::scan(std::string_view after, std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::vector<ScannedRow> rows;
  for (auto at = accounts_.upper_bound(std::string(after)); at != accounts_.end() && rows.size() < limit;
       ++at)
    if (const auto account = Account::from(at->first)) rows.push_back({*account, at->second.row});
  return rows;
}

Result<std::vector<AuditEntry>> MemoryStore::audit_read(const Account& account, std::uint64_t after,
                                                        std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::vector<AuditEntry> entries;
  const auto found = accounts_.find(account.bytes());
  if (found == accounts_.end()) return entries;
  for (const auto& entry : found->second.audit)
    if (entry.sequence > after && entries.size() < limit) entries.push_back(entry);
  return entries;
}

Result<std::string> MemoryStore::spelling(std::string_view fold, std::string_view edition) {
  const std::scoped_lock lock(mutex_);
  if (auto error = fault(loads_to_fail_, load_fault_)) return tl::unexpected(*error);
  if (auto other = foreign(edition)) return tl::unexpected(*other);
  const auto found = spellings_.find(std::string(fold));
  return found == spellings_.end() ? std::string() : found->second;
}

Result<std::string> MemoryStore::spelling_edition() {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  return spelling_edition_;
}

Result<std::vector<SpellingRow>> MemoryStore::spelling_scan(std::string_view after, std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::vector<SpellingRow> rows;
  for (auto at = spellings_.upper_bound(std::string(after)); at != spellings_.end() && rows.size() < limit;
       ++at)
    rows.push_back({at->first, at->second});
  return rows;
}

Result<bool> MemoryStore::respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  if (spelling_edition_ != from) return false;
  std::vector<SpellingRow> rows;
  for (const auto& [fold, body] : spellings_) rows.push_back({fold, body});
  const auto anew = fold_anew(rows);
  if (!anew) return false;
  spellings_.clear();
  for (const auto& row : *anew) spellings_[row.fold] = row.body;
  spelling_edition_ = to;
  return true;
}

void MemoryStore::lease_due(bool urgent, Seconds now, Seconds lease_s, Places& places,
                            std::vector<LeasedMail>& taken) {
  for (auto& kept : outbox_) {
    if (kept.mail.urgent != urgent || kept.due > now) continue;
    if (!places.take(urgent, kept.mail.destination)) continue;
    taken.push_back(kept.mail);
    kept.due = add_saturating(now, lease_s);
    ++kept.mail.attempts;
  }
}

Result<std::vector<LeasedMail>> MemoryStore::outbox_lease(Seconds now, Seconds lease_s, Places& places) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::vector<LeasedMail> taken;
  for (const bool urgent : {true, false}) lease_due(urgent, now, lease_s, places, taken);
  return taken;
}

Result<void> MemoryStore::outbox_done(const MailId& id) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::erase_if(outbox_, [&](const Mail& kept) { return kept.mail.id == id; });
  return {};
}

Result<void> MemoryStore::outbox_retry(const MailId& id, Seconds not_before, std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  for (auto& kept : outbox_) {
    if (kept.mail.id != id) continue;
    kept.due = not_before;
    kept.mail.reason = reason;
  }
  return {};
}

Result<OutboxCounts> MemoryStore::outbox_counts() {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  OutboxCounts counts;
  counts.waiting = outbox_.size();
  const auto oldest = std::min_element(outbox_.begin(), outbox_.end(), [](const Mail& a, const Mail& b) {
    return a.mail.created < b.mail.created;
  });
  if (oldest != outbox_.end()) counts.oldest = oldest->mail.created;
  return counts;
}

Result<std::vector<LeasedMail>> MemoryStore::outbox_list(std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  std::vector<LeasedMail> listed;
  for (const auto& kept : outbox_)
    if (listed.size() < limit) listed.push_back(kept.mail);
  return listed;
}

Result<void> MemoryStore::ready() {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  if (commits_to_fail_ > 0) return tl::unexpected(injected(commit_fault_));
  return {};
}

Result<std::string> MemoryStore::check() {
  const std::scoped_lock lock(mutex_);
  if (auto error = broken()) return tl::unexpected(*error);
  return "memory store: " + std::to_string(accounts_.size()) + " accounts";
}

void MemoryStore::fail_loads(std::uint64_t count, StoreErrorKind kind) {
  const std::scoped_lock lock(mutex_);
  loads_to_fail_ = count;
  load_fault_ = kind;
}

void MemoryStore::fail_commits(std::uint64_t count, When when, StoreErrorKind kind) {
  const std::scoped_lock lock(mutex_);
  commits_to_fail_ = count;
  commit_fault_when_ = when;
  commit_fault_ = kind;
}

void MemoryStore::lose_changes(std::uint64_t count) {
  const std::scoped_lock lock(mutex_);
  changes_to_lose_ = count;
}

void MemoryStore::break_down(std::optional<StoreErrorKind> kind) {
  const std::scoped_lock lock(mutex_);
  broken_ = kind;
}

void MemoryStore::replace_row(const Account& account, std::optional<Row> row) {
  const std::scoped_lock lock(mutex_);
  if (row) {
    accounts_[account.bytes()].row = std::move(*row);
  } else {
    accounts_.erase(account.bytes());
  }
}

void MemoryStore::replace_spelling(const std::string& fold, const std::string& body) {
  const std::scoped_lock lock(mutex_);
  spellings_[fold] = body;
  if (body.empty()) spellings_.erase(fold);
}

void MemoryStore::replace_audit(const Account& account, std::vector<AuditEntry> entries) {
  const std::scoped_lock lock(mutex_);
  accounts_[account.bytes()].audit = std::move(entries);
}

std::uint64_t MemoryStore::commits() const {
  const std::scoped_lock lock(mutex_);
  return commits_;
}

}  // namespace twinlock::store
