// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/service.hpp"

#include <openssl/mem.h>

#include <algorithm>
#include <chrono>
#include <mutex>

#include "adapters/mail/compose.hpp"
#include "adapters/service/amend.hpp"
#include "adapters/service/counters.hpp"
#include "adapters/service/prepare.hpp"
#include "adapters/service/rows.hpp"
#include "adapters/service/spelling.hpp"
#include "adapters/service/writer.hpp"
#include "adapters/store/watched.hpp"

namespace twinlock::service {

namespace {

constexpr unsigned conflicts_max = 8;
constexpr std::size_t unchanged_per_turn_max =
    64;  // answers without a commit that one account gets in a batch
constexpr auto ready_kept_for = std::chrono::seconds(1);

void wipe_if_there(std::optional<Token>& token) {
  if (token) wipe(*token);
}

}  // namespace

Decision::~Decision() {
  wipe(epoch);
  for (auto* token : {&enrollment_id, &recovery_code, &asker, &grant, &ticket}) wipe_if_there(*token);
}

struct Service::Impl {
  Alarms alarms;
  store::Watched watched;
  Context context;
  Counters counters;

  std::mutex ready_mutex;
  std::chrono::steady_clock::time_point ready_asked{};
  bool ready_known = false;
  bool ready_answer = false;

  std::mutex writer_mutex;
  std::shared_ptr<Writer> writer;

  Impl(store::Store& below, const keys::KeyRing& keys, Environment& environment, Options options)
      : alarms(options.log),
        watched(below, [this](const store::StoreError& e) { alarms.raise(cause_of(e.kind), e.message); }),
        context{watched, keys, environment, std::move(options)} {}

  // Makes the Committed answer; nothing else does. Call it only after the decision's change is durable, or if
  // the decision has no change, because then the store already holds the record as it is.
  DecisionResult committed(PreparedDecision& prepared) {
    counters.decided(prepared);
    if (prepared.clock_went_back) alarms.raise(Cause::clock_went_back, {});
    return Committed<Decision>(std::move(prepared.decision));
  }

  DecisionResult failed(Failure failure, const Account& account) {
    note_failure(failure, account);
    return tl::unexpected(failure);
  }

  // The store's own errors were raised where it gave them.
  void note_failure(Failure failure, const Account& account) {
    counters.failed(failure);
    if (failure == Failure::sealed)
      alarms.raise(Cause::record_sealed, "its record cannot be decrypted", account.bytes());
    if (failure == Failure::entropy) alarms.raise(Cause::entropy, {});
    if (failure == Failure::clock) alarms.raise(Cause::clock, {});
    if (failure == Failure::contended) alarms.raise(Cause::contended, {}, account.bytes());
  }

  // Commits one change by itself. After an error the change may or may not be stored: the caller answers 503
  // and never sends it again.
  Expected<store::CommitResult> commit(const store::Change& change, Seconds now) {
    store::CommitResult result = store::CommitResult::conflict;
    if (!context.store.commit({&change, 1}, now, {&result, 1})) return tl::unexpected(Failure::unavailable);
    if (result == store::CommitResult::done) counters.committed(1);
    if (result == store::CommitResult::conflict) counters.conflict();
    return result;
  }

  // One account's decision in a batch.
  struct BatchEntry {
    JobLine& line;
    store::Change change;
    PreparedDecision prepared;  // its own change has moved to the member above
  };

  // A row and its view at this moment.
  struct Reading {
    Profile profile;
    View view{};
  };
  Expected<Reading> read(const Account& account, HostWord host_word);
  Expected<std::optional<std::string>> look_alike_of(const Account& account, const Record& record);

  bool clock_is_sound() {
    Clock clock{};
    const bool sound = context.environment.clock(clock) &&
                       view(new_record(), clock, HostWord::unsaid, context.options.rules).sound;
    if (!sound) alarms.raise(Cause::clock, {});
    return sound;
  }

  void settle(JobLine& line, DecisionResult result);
  void prepare_line(JobLine& line, std::vector<BatchEntry>& batch);
  void settle_entry(BatchEntry& entry, store::CommitResult result);
  void work(std::vector<JobLine>& lines);
  Expected<bool> amend(const Account& account, const Note& note,
                       const std::function<bool(const Loaded&)>& wanted);
};

void Service::Impl::settle(JobLine& line, DecisionResult result) {
  const Done done = std::move(line.front().done);
  line.pop_front();
  done(std::move(result));
}

// Answers operations that change nothing at once, until one has a change: that one is added to the batch.
void Service::Impl::prepare_line(JobLine& line, std::vector<BatchEntry>& batch) {
  for (std::size_t i = 0; i < unchanged_per_turn_max && !line.empty(); ++i) {
    auto prepared = prepare(context, line.front().operation);
    if (!prepared) {
      settle(line, failed(prepared.error(), line.front().operation.account));
    } else if (prepared->change) {
      store::Change change = std::move(*prepared->change);
      batch.push_back({line, std::move(change), std::move(*prepared)});
      return;
    } else {
      settle(line, committed(*prepared));
    }
  }
}

void Service::Impl::settle_entry(BatchEntry& entry, store::CommitResult result) {
  if (result == store::CommitResult::done) return settle(entry.line, committed(entry.prepared));
  counters.conflict();
  Job& job = entry.line.front();
  if (++job.conflicts == conflicts_max) settle(entry.line, failed(Failure::contended, job.operation.account));
}

// Commits one decision of each account in one durable transaction, and only then answers.
void Service::Impl::work(std::vector<JobLine>& lines) {
  std::vector<BatchEntry> batch;
  for (auto& line : lines) prepare_line(line, batch);
  if (batch.empty()) return;
  std::vector<store::Change> changes;
  for (auto& entry : batch) changes.push_back(std::move(entry.change));
  std::vector<store::CommitResult> results(batch.size(), store::CommitResult::conflict);
  if (!context.store.commit(changes, batch.front().prepared.now, results)) {
    for (auto& entry : batch)
      settle(entry.line, failed(Failure::unavailable, entry.line.front().operation.account));
    return;
  }
  counters.committed(
      static_cast<std::uint64_t>(std::count(results.begin(), results.end(), store::CommitResult::done)));
  for (std::size_t i = 0; i < batch.size(); ++i) settle_entry(batch[i], results[i]);
}

Service::Service(store::Store& store, const keys::KeyRing& keys, Environment& environment, Options options)
    : impl_(std::make_unique<Impl>(store, keys, environment, std::move(options))) {}

Service::~Service() { stop(); }

Expected<Service::Impl::Reading> Service::Impl::read(const Account& account, HostWord host_word) {
  Reading out;
  auto loaded = load_profile(context.store, context.keys, account);
  if (loaded) {
    out.profile = std::move(loaded->profile);
    Clock clock{};
    if (context.environment.clock(clock))
      out.view = view(out.profile.record, clock, host_word, context.options.rules);
  }
  if (loaded && out.view.sound) return out;
  const auto failure = loaded ? Failure::clock : loaded.error();
  note_failure(failure, account);
  return tl::unexpected(failure);
}

// Only an account without a factor of its own pays the second read.
Expected<std::optional<std::string>> Service::Impl::look_alike_of(const Account& account,
                                                                  const Record& record) {
  if (has_own_factor(record)) return std::nullopt;
  const auto row = load_spellings(context.store, account);
  if (row) return other_holder(row->is, account.bytes());
  note_failure(row.error(), account);
  return tl::unexpected(row.error());
}

Expected<Look> Service::look(const Account& account, HostWord host_word) {
  const auto reading = impl_->read(account, host_word);
  if (!reading) return tl::unexpected(reading.error());
  const auto& [profile, view] = *reading;
  auto other = impl_->look_alike_of(account, profile.record);
  if (!other) return tl::unexpected(other.error());
  Look out;
  out.look_alike = other->has_value();
  out.look_alike_of = std::move(*other).value_or(std::string());
  out.view = view;
  if (out.look_alike) out.view.passes_without = false;
  out.policy = profile.record.policy;
  out.policy_from = profile.record.policy_from;
  out.host_word = profile.record.host_word;
  if (view.code_required) out.epoch = profile.record.epoch;
  if (!profile.address.empty()) out.masked_email = mail::masked(profile.address);
  return out;
}

Expected<std::optional<Pending>> Service::pending(const Account& account, const Token& enrollment_id) {
  const auto reading = impl_->read(account, HostWord::unsaid);
  if (!reading) return tl::unexpected(reading.error());
  const auto& [profile, view] = *reading;
  const bool same = CRYPTO_memcmp(enrollment_id.b, profile.record.enrollment_id.b, token_bytes) == 0;
  std::optional<Pending> out;
  if (same && view.state == State::enrolling) out.emplace(Pending{profile.record.pending, view.deadline});
  return out;
}

DecisionResult Service::run(const Operation& operation) {
  for (unsigned i = 0; i < conflicts_max; ++i) {
    auto prepared = prepare(impl_->context, operation);
    if (!prepared) return impl_->failed(prepared.error(), operation.account);
    if (!prepared->change) return impl_->committed(*prepared);
    const auto result = impl_->commit(*prepared->change, prepared->now);
    if (!result) return impl_->failed(result.error(), operation.account);
    if (*result == store::CommitResult::done) return impl_->committed(*prepared);
  }
  return impl_->failed(Failure::contended, operation.account);
}

Expected<bool> Service::Impl::amend(const Account& account, const Note& note,
                                    const std::function<bool(const Loaded&)>& wanted) {
  for (unsigned i = 0; i < conflicts_max; ++i) {
    const auto amended = amend_row(context, account, note, wanted);
    if (!amended) return tl::unexpected(amended.error());
    if (!amended->change) return false;
    const auto result = commit(*amended->change, amended->now);
    if (!result) return tl::unexpected(result.error());
    if (*result == store::CommitResult::done) return true;
  }
  return tl::unexpected(Failure::contended);
}

Expected<void> Service::note(const Account& account, const Note& note) {
  const auto written = impl_->amend(account, note, [](const Loaded&) { return true; });
  if (!written) return tl::unexpected(written.error());
  return {};
}

Expected<bool> Service::reseal(const Account& account, const std::string& operator_name) {
  const auto current = impl_->context.keys.current();
  return impl_->amend(account, {"reseal", operator_name, {}},
                      [&](const Loaded& loaded) { return loaded.version != 0 && loaded.key != current; });
}

Expected<Service::Parted> Service::part(const Account& a, const Account& b, bool distinct,
                                        const std::string& operator_name, const std::string& reason) {
  const Note note{distinct ? "distinct" : "not_distinct", operator_name, reason, b.bytes()};
  for (unsigned i = 0; i < conflicts_max; ++i) {
    const auto row = load_spellings(impl_->context.store, a);
    if (!row) return tl::unexpected(row.error());
    if (!are_look_alikes(a, b)) return Parted::no_look_alikes;
    const auto swap = part_spellings(*row, a, b, distinct);
    if (!swap) return Parted::already;
    auto amended = amend_row(impl_->context, a, note, [](const Loaded&) { return true; });
    if (!amended) return tl::unexpected(amended.error());
    amended->change->spelling = swap;
    const auto result = impl_->commit(*amended->change, amended->now);
    if (!result) return tl::unexpected(result.error());
    if (*result == store::CommitResult::done) return Parted::done;
  }
  return tl::unexpected(Failure::contended);
}

void Service::submit(Operation operation, Done done) {
  std::shared_ptr<Writer> writer;
  {
    const std::lock_guard lock(impl_->writer_mutex);
    writer = impl_->writer;
  }
  Job job{std::move(operation), std::move(done)};
  if (writer && writer->push(std::move(job))) return;
  if (writer) impl_->alarms.raise(Cause::overloaded, {});
  job.done(impl_->failed(Failure::unavailable, job.operation.account));
}

void Service::start(std::size_t queue_max, std::size_t batch_max) {
  const std::lock_guard lock(impl_->writer_mutex);
  if (impl_->writer) return;
  auto* impl = impl_.get();
  impl->writer = std::make_shared<Writer>([impl](std::vector<JobLine>& lines) { impl->work(lines); },
                                          queue_max, batch_max);
}

void Service::stop() {
  std::shared_ptr<Writer> writer;
  {
    const std::lock_guard lock(impl_->writer_mutex);
    writer = std::exchange(impl_->writer, nullptr);
  }
  if (writer) writer->finish();
}

Expected<void> Service::ready() {
  const std::lock_guard lock(impl_->ready_mutex);
  const auto now = std::chrono::steady_clock::now();
  if (!impl_->ready_known || now - impl_->ready_asked >= ready_kept_for) {
    impl_->ready_answer = impl_->clock_is_sound() && impl_->context.store.ready().has_value();
    impl_->ready_asked = now;
    impl_->ready_known = true;
  }
  if (!impl_->ready_answer) return tl::unexpected(Failure::unavailable);
  return {};
}

Metrics Service::metrics() const { return impl_->counters.read(); }
Alarms& Service::alarms() { return impl_->alarms; }
const Options& Service::options() const { return impl_->context.options; }

}  // namespace twinlock::service
