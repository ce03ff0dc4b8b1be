// SPDX-License-Identifier: Apache-2.0
// Declares what every store does: it keeps opaque sealed rows, swaps a row only if its version is the
// expected one, and commits a row together with its audit entry and its mail. It does not know what a row
// means or which key sealed it.
//
// Concurrency: an insert expects version 0. A change whose row has another version is a `conflict`: load
// again, decide again. After an error the change may or may not be stored: answer 503, load again, never send
// the same change twice (spec 4.1, K16). Threads: every method may be called from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace twinlock::store {

using Bytes = std::vector<std::uint8_t>;
using Seconds = std::uint64_t;  // since the Unix epoch
using Version = std::uint64_t;  // 0: no row; each commit adds one
using MailId = std::array<std::uint8_t, 16>;
using Digest = std::array<std::uint8_t, 32>;

// Is the same for mails to the same destination, and tells nothing else of it (a MAC of the address's domain,
// cut short: two destinations may share one).
using Destination = std::uint32_t;

inline constexpr std::size_t account_bytes_max = 128;

// An account's name: 1 to 128 bytes, no NUL and no control byte (below 0x20, 0x7F); compared byte for byte.
class Account {
 public:
  static std::optional<Account> from(std::string_view bytes);
  const std::string& bytes() const { return bytes_; }
  friend bool operator==(const Account&, const Account&) = default;
  friend auto operator<=>(const Account&, const Account&) = default;

 private:
  explicit Account(std::string_view bytes) : bytes_(bytes) {}
  std::string bytes_;
};

struct Row {
  Version version = 0;
  Bytes sealed;  // at most 4 KiB
};

// One link of an account's hash chain. `body` is public and never holds a secret (K20).
struct AuditEntry {
  std::uint64_t sequence = 0;  // 1, 2, 3 ... per account; not reset when a chain restarts after damage
  std::string body;            // one JSON object
  Digest hash{};               // over the previous entry's hash, the sequence and the body
};

struct SealedMail {
  MailId id{};            // stable: the Message-ID is made from it
  Seconds not_after = 0;  // 0: never expires; later: dropped and audited instead of sent
  bool urgent = false;    // somebody waits for it (a link): goes before what only tells
  Destination destination = 0;
  Bytes sealed;
};

// Swaps one row of the table `spelling`, which says which accounts of one fold need a code; what a row means
// only the service knows. Two spellings are two accounts, so their versions do not see one another: this row
// does.
struct SpellingSwap {
  std::string fold;      // of the account's name; 1 to 4,096 bytes
  std::string edition;   // of the rules that made it
  std::string expected;  // the row's body; "": no row
  std::string next;      // at most 16 KiB; "": the row is deleted
};

struct SpellingRow {
  std::string fold;
  std::string body;
};

struct Change {
  Account account;
  Version expected = 0;
  Bytes sealed;
  AuditEntry entry;
  std::vector<SealedMail> mail;
  std::optional<SpellingSwap> spelling{};  // another body than the expected one is a `conflict`
};

enum class CommitResult : std::uint8_t { done, conflict };

struct ScannedRow {
  Account account;
  Row row;
};

struct LeasedMail {
  MailId id{};
  Account account;
  Seconds created = 0;
  Seconds not_after = 0;
  bool urgent = false;
  Destination destination = 0;
  std::uint32_t attempts = 0;  // before this one
  std::string reason{};        // why the last attempt failed; "": none did
  Bytes sealed;
};

struct OutboxCounts {
  std::uint64_t waiting = 0;  // leased ones included
  Seconds oldest = 0;         // when it was created; 0: none
};

enum class StoreErrorKind : std::uint8_t { unavailable, full, read_only, corrupt, locked, unsupported };

struct StoreError {
  StoreErrorKind kind = StoreErrorKind::unavailable;
  std::string message;  // one sentence for the operator: what failed and what to do; no account, no secret
};

template <typename T>
using Result = tl::expected<T, StoreError>;

class Places;  // places.hpp

class Store {
 public:
  virtual ~Store() = default;

  // nullopt means that the store has no such row; a failed read is an error, never nullopt (K16).
  virtual Result<std::optional<Row>> load(const Account& account) = 0;

  // Stores each change whole or not at all, the whole batch in one durable transaction. `results` is as long
  // as `changes`. An account may come once in a batch; change.hpp has the other bounds. A batch over a bound
  // is `unsupported` and nothing is stored. `created` is the time of mail and audit rows.
  virtual Result<void> commit(std::span<const Change> changes, Seconds created,
                              std::span<CommitResult> results) = 0;

  // Returns at most `limit` rows whose account comes after `after` in byte order; "": from the first.
  virtual Result<std::vector<ScannedRow>> scan(std::string_view after, std::size_t limit) = 0;

  // Returns at most `limit` of the account's entries with a sequence above `after`, oldest first.
  virtual Result<std::vector<AuditEntry>> audit_read(const Account& account, std::uint64_t after,
                                                     std::size_t limit) = 0;

  // Returns the body of one row of `spelling`; "": there is none. Here as in a commit, keys of another
  // edition than the table's are `unsupported`, since they would find nothing. The first row settles the
  // edition of an empty table.
  virtual Result<std::string> spelling(std::string_view fold, std::string_view edition) = 0;
  virtual Result<std::string> spelling_edition() = 0;  // "": not settled yet

  // Returns at most `limit` rows of `spelling` whose key comes after `after` in byte order; "": from the
  // first.
  virtual Result<std::vector<SpellingRow>> spelling_scan(std::string_view after, std::size_t limit) = 0;

  // Replaces all rows by what `fold_anew` makes of them, and the edition, in one durable transaction. False:
  // the table's edition is not `from`, or `fold_anew` returned nullopt, and nothing was done.
  using FoldAnew = std::function<std::optional<std::vector<SpellingRow>>(const std::vector<SpellingRow>&)>;
  virtual Result<bool> respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) = 0;

  // Leases mail that is due (never leased, lease expired, or retry time reached) and that `places` takes, for
  // `lease_s`; urgent mail first, then the oldest. Counts one attempt for each.
  virtual Result<std::vector<LeasedMail>> outbox_lease(Seconds now, Seconds lease_s, Places& places) = 0;
  virtual Result<void> outbox_done(const MailId& id) = 0;  // delivered or dropped: deleted
  // Makes a mail due again at `not_before`; `reason` says to the operator why it was not sent.
  virtual Result<void> outbox_retry(const MailId& id, Seconds not_before, std::string_view reason) = 0;
  virtual Result<OutboxCounts> outbox_counts() = 0;
  // Lists mail without leasing it or counting an attempt.
  virtual Result<std::vector<LeasedMail>> outbox_list(std::size_t limit) = 0;

  // Returns whether a commit could be made now (K16). The caller caches the answer.
  virtual Result<void> ready() = 0;

  // Checks the integrity of everything stored; the text says in one line what was checked.
  virtual Result<std::string> check() = 0;
};

}  // namespace twinlock::store
