// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/installation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "adapters/system/folder_lock.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::daemon {

namespace {

using Error = tl::unexpected<std::string>;

constexpr std::size_t probe_rows_max = 16;

struct Paths {
  std::string database;
  std::string key;
  // The key of a first run until its database stands: a crash in between loses nothing.
  std::string first_key;
};

Paths paths_of(const config::Config& config) {
  Paths p;
  p.database = config::resolve(config, config.store.path);
  p.key = config::resolve(config, config.keys.file);
  p.first_key = p.key + ".first";
  return p;
}

bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0 || errno != ENOENT; }

Stage stage_of(const Paths& p) {
  const bool database = is_there(p.database);
  const bool key = is_there(p.key);
  if (database) return key || is_there(p.first_key) ? Stage::complete : Stage::key_lost;
  return key ? Stage::database_lost : Stage::empty;
}

std::string refusal(Stage stage, const Paths& p) {
  switch (stage) {
    case Stage::key_lost:
      return fmt::format(
          "{} is there, but its key file {} is not; put the key file back from your copy of it", p.database,
          p.key);
    case Stage::database_lost:
      return fmt::format(
          "the key file {} is there, but its database {} is not; put the database back, or move the key "
          "file away to begin with no accounts at all",
          p.key, p.database);
    default:
      return fmt::format(
          "neither {} nor its key file {} is there; mount or restore both, or run `twinlock init` with this "
          "configuration to begin with no accounts at all",
          p.database, p.key);
  }
}

tl::expected<std::unique_ptr<sqlite::SqliteStore>, std::string> open_store(const std::string& path,
                                                                           bool create) {
  sqlite::Options options;
  options.path = path;
  options.create = create;
  auto store = sqlite::SqliteStore::open(options);
  if (!store) return Error(store.error().message);
  return std::move(*store);
}

// Renames the key last, so that a key file with its final name always has a database.
tl::expected<void, std::string> finish_first_run(const Paths& p) {
  if (auto store = open_store(p.database, true); !store) return Error(store.error());
  int error = ::rename(p.first_key.c_str(), p.key.c_str()) == 0 ? 0 : errno;
  if (error == 0) error = system::sync_folder_of(p.key);
  if (error == 0) return {};
  return Error(
      fmt::format("{}: the key file cannot be moved into place: {}; check that the folder is writable", p.key,
                  std::strerror(error)));
}

tl::expected<void, std::string> create(const Paths& p) {
  ::unlink(p.first_key
               .c_str());  // of a first run that was killed before its database stood: it has sealed nothing
  if (auto ring = keys::KeyRing::create_file(p.first_key); !ring) return Error(ring.error());
  return finish_first_run(p);
}

}  // namespace

tl::expected<void, std::string> check_key(const std::string& key, const std::string& database,
                                          const keys::KeyRing& ring, store::Store& store) {
  const auto rows = store.scan({}, probe_rows_max);
  if (!rows) return Error(rows.error().message);
  for (const store::ScannedRow& row : *rows)
    if (ring.open(keys::SealPurpose::record, {row.account.bytes(), row.row.version, {}}, row.row.sealed))
      return {};
  if (rows->empty()) return {};
  return Error(
      fmt::format("the key file {} opens none of the accounts in {}; put back the key file that belongs to "
                  "it, or see `twinlock doctor`",
                  key, database));
}

Stage stage(const config::Config& config) { return stage_of(paths_of(config)); }

tl::expected<Installation, std::string> open_installation(const config::Config& config,
                                                          const OpenOptions& how) {
  const Paths p = paths_of(config);
  Stage now = stage_of(p);
  const bool first = now == Stage::empty && how.create;
  if (first || (now == Stage::complete && !is_there(p.key))) {
    // Makes two first runs in one folder wait for each other.
    const auto turn = system::FolderLock::take(system::folder_of(p.key));
    if (!turn) return Error(turn.error());
    now = stage_of(p);
    tl::expected<void, std::string> made;
    if (now == Stage::empty) made = create(p);
    if (now == Stage::complete && !is_there(p.key)) made = finish_first_run(p);
    if (!made) return Error(made.error());
    now = stage_of(p);
  }
  if (now != Stage::complete) return Error(refusal(now, p));
  auto ring = keys::KeyRing::load_file(p.key);
  if (!ring) return Error(ring.error());
  auto store = open_store(p.database, false);
  if (!store) return Error(store.error());
  if (how.probe)
    if (auto good = check_key(p.key, p.database, *ring, **store); !good) return Error(good.error());
  return Installation{std::move(*ring), std::move(*store), first};
}

service::Options service_options(const config::Config& config) {
  service::Options options;
  options.rules.required = config.policy.required;
  options.rules.required_from = config.policy.required_from;
  options.rules.replace_after_recovery = config.policy.replace_after_recovery;
  options.rules.strict = config.policy.strict;
  options.issuer = config.site.issuer;
  options.contact = config.site.contact;
  options.base_url = config.site.base_url;
  options.prefix = config.site.prefix;
  return options;
}

}  // namespace twinlock::daemon
