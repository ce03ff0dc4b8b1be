// SPDX-License-Identifier: Apache-2.0
// Puts a backup in the place of a database: built aside as `<database>.restoring`, then renamed, so that a
// restore that is cut off leaves the database as it was, and one that is done is whole.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/sqlite/commit_lock.hpp"
#include "adapters/sqlite/copy.hpp"
#include "adapters/sqlite/store.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::sqlite {

class Restoration {
 public:
  // begin keeps everybody else out of the database, which need not be there, until this object goes; `locked`
  // where somebody has it open.
  static store::Result<Restoration> begin(const std::string& database);
  ~Restoration();  // deletes drafts
  Restoration(Restoration&&) = default;
  Restoration& operator=(Restoration&&) = delete;

  // What the database is now, if it opens and is sound. Close it before finish().
  store::Result<std::unique_ptr<SqliteStore>> open_present();

  // draft_from_file copies a backup, checks all of it, and makes a database of it with an id of its own and
  // an empty outbox. Refused: what is no backup and no database that was stopped cleanly, another schema, and
  // half a file.
  store::Result<void> draft_from_file(const std::string& file);

  // draft_from_main copies the main file without its -wal. Returns the number of the last commit in it.
  store::Result<std::uint64_t> draft_from_main();

  // keep_present makes the present database the draft, but for the accounts that it lacks, whose version is
  // older there, or that are in `unopened`: their rows and audit entries come from the draft of before.
  // Returns those accounts. `present` is open_present().
  store::Result<std::vector<store::Account>> keep_present(SqliteStore& present,
                                                          std::span<const store::Account> unopened);

  // The draft, to send an event to its accounts. Close it before finish().
  store::Result<std::unique_ptr<SqliteStore>> open_draft();

  // finish puts the draft in the database's place. Durable on return.
  store::Result<void> finish();

 private:
  Restoration(std::string database, std::shared_ptr<Presence> presence)
      : database_(std::move(database)), draft_(database_ + ".restoring"), presence_(std::move(presence)) {}
  void clear_drafts() const;

  std::string database_;
  std::string draft_;
  std::shared_ptr<Presence> presence_;
};

}  // namespace twinlock::sqlite
