// SPDX-License-Identifier: Apache-2.0
// restore: a backup, a main file without its -wal, or a snapshot, each record as operator_restored.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "adapters/cli/commands.hpp"
#include "adapters/cli/restored_accounts.hpp"
#include "adapters/console/output.hpp"
#include "adapters/sqlite/restoration.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

using Error = tl::unexpected<Refusal>;

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

Error because(const store::StoreError& error) {
  const bool rule =
      error.kind == store::StoreErrorKind::unsupported || error.kind == store::StoreErrorKind::locked;
  return Error(Refusal{rule ? exit_refused : exit_store, error.message});
}

// What a restore works with.
struct Work {
  const Common& common;
  const RestoreOptions& options;
  config::Config config;
  keys::KeyRing keys;
  std::string database;
  service::SystemEnvironment environment{};
};

// What it did.
struct Done {
  RestoredAccounts restored;
  std::uint64_t kept = 0;         // newer in the database that was replaced
  bool merged = false;            // that database opened
  std::uint64_t last_commit = 0;  // of a main file without its -wal
};

tl::expected<void, Refusal> check_key(const Work& work, store::Store& store, const std::string& what) {
  const auto good =
      daemon::check_key(config::resolve(work.config, work.config.keys.file), what, work.keys, store);
  if (good) return {};
  return Error(Refusal{exit_store, good.error()});
}

tl::expected<RestoredAccounts, Refusal> send(Work& work, store::Store& store,
                                             const std::vector<store::Account>& accounts) {
  service::Service service(store, work.keys, work.environment, daemon::service_options(work.config));
  const auto sent = send_restored(service, accounts, operator_of(work.common), work.options.reason);
  if (sent.failed == 0) return sent;
  return Error(
      Refusal{exit_store, fmt::format("{} accounts could not be written, so nothing was put in place; "
                                      "look at the disk and the clock, then try again",
                                      sent.failed)});
}

// The accounts whose rows this key does not open.
store::Result<std::vector<store::Account>> unopened(const Work& work, store::Store& store) {
  std::vector<store::Account> found;
  std::string after;
  for (;;) {
    const auto rows = store.scan(after, 256);
    if (!rows) return tl::unexpected(rows.error());
    for (const store::ScannedRow& row : *rows)
      if (!work.keys.open(keys::SealPurpose::record, {row.account.bytes(), row.row.version, {}},
                          row.row.sealed))
        found.push_back(row.account);
    if (rows->size() < 256) return found;
    after = rows->back().account.bytes();
  }
}

// Where the present database opens, is sound and belongs to this key, the draft becomes that database with
// what it lacks from the backup. Returns what came from the backup; nullopt: all.
tl::expected<std::optional<std::vector<store::Account>>, Refusal> keep_newer(const Work& work,
                                                                             sqlite::Restoration& restoration,
                                                                             Done& done) {
  auto present = restoration.open_present();
  if (!present || !(*present)->check()) return std::nullopt;
  const auto damaged = unopened(work, **present);
  const auto there = all_accounts(**present);
  if (!damaged || !there || (damaged->size() == there->size() && !there->empty())) return std::nullopt;
  auto taken = restoration.keep_present(**present, *damaged);
  if (!taken) return because(taken.error());
  done.merged = true;
  done.kept = there->size();
  for (const store::Account& account : *taken)
    if (std::binary_search(there->begin(), there->end(), account)) --done.kept;
  return std::move(*taken);
}

tl::expected<Done, Refusal> from_draft(Work& work, sqlite::Restoration& restoration, const std::string& what,
                                       bool may_merge) {
  Done done;
  {
    auto draft = restoration.open_draft();
    if (!draft) return because(draft.error());
    if (auto good = check_key(work, **draft, what); !good) return Error(good.error());
  }
  std::optional<std::vector<store::Account>> taken;
  if (may_merge) {
    auto kept = keep_newer(work, restoration, done);
    if (!kept) return Error(kept.error());
    taken = std::move(*kept);
  }
  {
    auto draft = restoration.open_draft();
    if (!draft) return because(draft.error());
    if (!taken) {
      auto all = all_accounts(**draft);
      if (!all) return because(all.error());
      taken = std::move(*all);
    }
    auto sent = send(work, **draft, *taken);
    if (!sent) return Error(sent.error());
    done.restored = *sent;
  }
  if (auto finished = restoration.finish(); !finished) return because(finished.error());
  return done;
}

tl::expected<Done, Refusal> from_file(Work& work, sqlite::Restoration& restoration) {
  if (auto copied = restoration.draft_from_file(work.options.file); !copied) return because(copied.error());
  return from_draft(work, restoration, work.options.file, true);
}

tl::expected<Done, Refusal> from_main(Work& work, sqlite::Restoration& restoration) {
  if (restoration.open_present())
    return Error(
        Refusal{exit_refused, work.database + " is whole, so there is nothing to accept; start twinlockd"});
  const auto last = restoration.draft_from_main();
  if (!last) return because(last.error());
  auto done = from_draft(work, restoration, work.database, false);
  if (done) done->last_commit = *last;
  return done;
}

tl::expected<Done, Refusal> in_place(Work& work, sqlite::Restoration& restoration) {
  auto present = restoration.open_present();
  if (!present) return because(present.error());
  if (auto good = check_key(work, **present, work.database); !good) return Error(good.error());
  const auto all = all_accounts(**present);
  if (!all) return because(all.error());
  if (auto emptied = (*present)->outbox_empty(); !emptied) return because(emptied.error());
  auto sent = send(work, **present, *all);
  if (!sent) return Error(sent.error());
  return Done{.restored = *sent};
}

constexpr const char* lives_again =
    "\nWhat these records held lives again: a factor that was turned off or reset since is on, a recovery "
    "code "
    "that was used\nor renewed since works, and failures that were counted since are forgotten. Passes, "
    "tickets "
    "and grants of theirs are\ndead, and no code that may have been used is taken. Mail that waited was "
    "dropped.\n";

void tell(const Work& work, const Done& done) {
  Fields fields{{"database", words(work.database)},
                {"restored", number(done.restored.done)},
                {"kept", number(done.kept)},
                {"unopened", number(done.restored.sealed)}};
  if (work.options.accept_main) fields.push_back({"last_commit", number(done.last_commit)});
  print(record_text(fields, work.common.json));
  if (work.common.json) return;
  if (work.options.accept_main)
    print(fmt::format("\nEvery change after commit {} is lost with the -wal.\n", done.last_commit));
  if (done.merged) print("\nThe database that was there opened: what it had newer was kept.\n");
  if (done.restored.done > 0) print(lives_again);
  if (done.restored.sealed > 0)
    print("\nRecords that do not open stay as they are; `twinlock doctor` names them.\n");
}

}  // namespace

int restore(const Common& common, const RestoreOptions& options) {
  auto config = read_config(common);
  if (!config) return refuse(config.error());
  const std::string database = config::resolve(*config, config->store.path);
  const std::string key = config::resolve(*config, config->keys.file);
  std::error_code ignored;
  const bool there = std::filesystem::exists(database, ignored);
  if (auto owner = become_owner_of(there ? database : key); !owner) return refuse(owner.error());
  auto ring = keys::KeyRing::load_file(key);
  if (!ring) return refuse({exit_store, ring.error()});
  auto restoration = sqlite::Restoration::begin(database);
  if (!restoration) return refuse(because(restoration.error()).value());
  Work work{common, options, std::move(*config), std::move(*ring), database};
  auto done = options.in_place      ? in_place(work, *restoration)
              : options.accept_main ? from_main(work, *restoration)
                                    : from_file(work, *restoration);
  if (!done) return refuse(done.error());
  tell(work, *done);
  return done->restored.sealed == 0 ? exit_ok : exit_refused;
}

}  // namespace twinlock::cli
