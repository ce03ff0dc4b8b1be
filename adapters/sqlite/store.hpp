// SPDX-License-Identifier: Apache-2.0
// The embedded store: one SQLite file beside its WAL, its shared memory and its lock, on a local disk.
//
// Several processes may open the file. Every commit and every checkpoint, of every process, holds the
// advisory lock
// `<path>.lock`: SQLite before 3.51.3 can lose a commit that races a checkpoint (the WAL-reset bug). So no
// connection checkpoints by itself, and the file must not be written with another program while Twinlock
// runs. Not carried over fork(): open it in the process that uses it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sqlite/copy.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

class Presence;

struct Options {
  std::string path;                          // a symbolic link is resolved once, at open
  bool create = false;                       // where nothing exists; an existing file is never overwritten
  std::chrono::milliseconds wait_max{2000};  // longest wait of one call for other writers; then `locked`
  std::uint32_t page_bytes = 1024;           // of a file that is created: a power of two, 512 to 65,536
  std::uint32_t writer_cache_kib = 16384;    // page cache of the one writing connection
  std::uint32_t reader_cache_kib = 2048;     // page cache of each reading connection
  std::uint32_t checkpoint_pages = 16000;    // pages in the WAL from which the writer copies them back
  std::uint32_t idle_readers_max = 8;        // reading connections kept open between calls
  std::chrono::milliseconds checkpoint_idle{1000};  // after the last commit, all is copied back; 0: not
  std::shared_ptr<Presence> presence =
      nullptr;  // of a restore, which keeps others out; null: joins the others
};

class SqliteStore : public store::Store {
 public:
  // open refuses: network file systems, a file that others than its owner may read, a file of another
  // program, a newer schema, a backup, a file whose -wal is lost or is not its own (whole.hpp); without
  // `create` a file that is not there. An older schema is migrated.
  static store::Result<std::unique_ptr<SqliteStore>> open(const Options& options);
  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  store::Result<std::optional<store::Row>> load(const store::Account& account) override;
  store::Result<void> commit(std::span<const store::Change> changes, store::Seconds created,
                             std::span<store::CommitResult> results) override;
  store::Result<std::vector<store::ScannedRow>> scan(std::string_view after, std::size_t limit) override;
  store::Result<std::vector<store::AuditEntry>> audit_read(const store::Account& account, std::uint64_t after,
                                                           std::size_t limit) override;
  store::Result<std::string> spelling(std::string_view fold, std::string_view edition) override;
  store::Result<std::string> spelling_edition() override;
  store::Result<std::vector<store::SpellingRow>> spelling_scan(std::string_view after,
                                                               std::size_t limit) override;
  store::Result<bool> respell(std::string_view from, std::string_view to, const FoldAnew& fold_anew) override;
  store::Result<std::vector<store::LeasedMail>> outbox_lease(store::Seconds now, store::Seconds lease_s,
                                                             store::Places& places) override;
  store::Result<void> outbox_done(const store::MailId& id) override;
  store::Result<void> outbox_retry(const store::MailId& id, store::Seconds not_before,
                                   std::string_view reason) override;
  store::Result<store::OutboxCounts> outbox_counts() override;
  store::Result<std::vector<store::LeasedMail>> outbox_list(std::size_t limit) override;
  store::Result<void> ready() override;         // makes one small durable commit
  store::Result<std::string> check() override;  // reads the whole file: seconds per GB

  // Writes the database as it is now into a new private file, while others go on committing. backup marks
  // the copy, so that it is restored and never used as it is, and checks it whole; returns what was checked.
  // It refuses a file that is there.
  store::Result<void> copy_to(const std::string& file, const CopyProgress& progress);
  store::Result<std::string> backup(const std::string& file, store::Seconds now,
                                    const CopyProgress& progress);
  // Deletes all mail that waits.
  store::Result<void> outbox_empty();

 private:
  struct Parts;
  explicit SqliteStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace twinlock::sqlite
