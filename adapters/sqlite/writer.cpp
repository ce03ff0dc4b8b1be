// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/writer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/schema.hpp"

namespace twinlock::sqlite {

namespace {

std::chrono::milliseconds left_until(Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds(1));
}

// Refuses to go on if another process has migrated the file to a schema that these statements do not fit.
store::Result<void> check_still_known(Connection& connection) {
  Use use(connection, Query::schema_version);
  const auto row = use.row("read");
  if (!row) return tl::unexpected(row.error());
  if (*row && use.number_at(0) == static_cast<std::uint64_t>(schema_newest())) return {};
  return tl::unexpected(refused(connection.path(), "another Twinlock changed its schema; restart this one"));
}

store::Result<void> step(Connection& connection, Query query, const char* doing) {
  return Use(connection, query).run(doing);
}

// Returns whether an error of this kind proves that nothing was written; then the connection is kept.
bool harmless(store::StoreErrorKind kind) {
  return kind == store::StoreErrorKind::locked || kind == store::StoreErrorKind::unsupported;
}

}  // namespace

store::Result<std::unique_ptr<Connection>> open_known(const Database& database, Connection::Role role) {
  const Options& options = database.options;
  if (!database.files.all_in_place()) return tl::unexpected(moved(options.path));
  const auto cache_kib =
      role == Connection::Role::writer ? options.writer_cache_kib : options.reader_cache_kib;
  auto connection = Connection::open(options.path, role, cache_kib);
  if (!connection) return connection;
  (*connection)->wait_at_most(options.wait_max);
  if (auto schema = check_schema(**connection); !schema) return tl::unexpected(schema.error());
  const auto mark = read_mark(**connection);
  if (!mark) return tl::unexpected(mark.error());
  if (mark->database != database.main.database) return tl::unexpected(moved(options.path));
  return connection;
}

Writer::Writer(const Database& database, CommitLock lock, std::shared_ptr<Presence> presence,
               std::unique_ptr<Connection> connection)
    : database_(database),
      lock_(std::move(lock)),
      presence_(std::move(presence)),
      keeper_(database.main),
      checkpointer_(database.options.checkpoint_pages, database.options.checkpoint_idle),
      connection_(std::move(connection)) {
  checkpointer_.watch(*connection_);
}

Writer::~Writer() {
  {
    const std::lock_guard lock(idle_mutex_);
    stopping_ = true;
  }
  idle_changed_.notify_one();
  if (idle_.joinable()) idle_.join();
  leave();
}

// Two that leave at once wait for each other, and the presence ends before the lock: one of them is the last.
void Writer::leave() {
  const Deadline deadline = std::chrono::steady_clock::now() + database_.options.wait_max;
  if (!lock_.take(deadline)) return;
  const HeldLock held(lock_);
  if (check_place() && presence_->left_alone() && (connection_ || reopen())) {
    connection_->wait_at_most(left_until(deadline));
    if (Connection* const pinned = pin()) (void)keeper_.end_use(*connection_, *pinned);
  }
  pin_.reset();
  connection_.reset();
  presence_.reset();
}

// Null: it cannot be opened now; then nothing is copied.
Connection* Writer::pin() {
  if (!pin_)
    if (auto opened = open_known(database_, Connection::Role::reader)) pin_ = std::move(*opened);
  return pin_.get();
}

void Writer::tidy() {
  const Deadline deadline = std::chrono::steady_clock::now() + database_.options.wait_max;
  const std::unique_lock mine(mutex_, std::try_to_lock);
  if (!mine.owns_lock() || !connection_ || !lock_.take(deadline)) return;
  const HeldLock held(lock_);
  if (!check_place()) return;
  connection_->wait_at_most(left_until(deadline));
  Connection* const pinned = pin();
  if (pinned != nullptr) checkpointer_.run(keeper_, *connection_, *pinned);
  const std::lock_guard lock(idle_mutex_);
  idle_due_ = checkpointer_.idle_due();
}

void Writer::tidy_while_idle() {
  std::unique_lock lock(idle_mutex_);
  while (!stopping_) {
    if (!idle_due_) {
      idle_changed_.wait(lock);
      continue;
    }
    const auto due = *idle_due_;
    if (idle_changed_.wait_until(lock, due) == std::cv_status::no_timeout || idle_due_ != due) continue;
    idle_due_ = due + database_.options.checkpoint_idle;  // if it cannot be done now
    lock.unlock();
    tidy();
    lock.lock();
  }
}

store::Result<void> Writer::check_place() const {
  if (database_.files.all_in_place()) return {};
  return tl::unexpected(moved(database_.options.path));
}

store::Result<void> Writer::reopen() {
  auto opened = open_known(database_, Connection::Role::writer);
  if (!opened) return tl::unexpected(opened.error());
  connection_ = std::move(*opened);
  checkpointer_.watch(*connection_);
  return {};
}

store::Result<void> Writer::transact(const Body& body) {
  const Deadline deadline = std::chrono::steady_clock::now() + database_.options.wait_max;
  const std::unique_lock mine(mutex_, deadline);
  if (!mine.owns_lock()) return tl::unexpected(busy(database_.options.path));
  if (auto taken = lock_.take(deadline); !taken) return taken;
  const HeldLock held(lock_);
  return locked_transact(body, deadline);
}

store::Result<void> Writer::locked_transact(const Body& body, Deadline deadline) {
  if (!connection_)
    if (auto reopened = reopen(); !reopened) return reopened;
  connection_->wait_at_most(left_until(deadline));
  auto done = keeper_.begin_use(*connection_);
  if (done) done = run(body);
  if (!done && connection_->in_transaction()) (void)step(*connection_, Query::rollback, "roll back");
  if (!done && (!harmless(done.error().kind) || connection_->in_transaction())) connection_.reset();
  if (!done) return done;
  checkpointer_.committed();
  if (Connection* const pinned = pin()) checkpointer_.run_if_due(keeper_, *connection_, *pinned);
  const std::lock_guard lock(idle_mutex_);
  idle_due_ = checkpointer_.idle_due();
  if (!idle_.joinable() && idle_due_) idle_ = std::thread([this] { tidy_while_idle(); });
  return done;
}

// Checks before and after the commit that the file still has its name: a commit into a file that was replaced
// or deleted would be lost.
store::Result<void> Writer::run(const Body& body) {
  if (auto placed = check_place(); !placed) return placed;
  if (auto begun = step(*connection_, Query::begin, "write"); !begun) return begun;
  if (auto known = check_still_known(*connection_); !known) return known;
  if (auto done = body(*connection_); !done) return done;
  if (auto counted = keeper_.count(*connection_); !counted) return tl::unexpected(counted.error());
  if (auto committed = step(*connection_, Query::commit, "write"); !committed) return committed;
  return check_place();
}

}  // namespace twinlock::sqlite
