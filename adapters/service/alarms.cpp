// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/alarms.hpp"

#include <utility>

#include "adapters/text/json.hpp"

namespace twinlock::service {

namespace {

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

// In the order of Cause.
constexpr std::array<CauseText, causes_count> texts{{
    {"store_unavailable", error,
     "People get 503 until it works again. See that the database's disk is mounted and healthy"},
    {"store_full", error,
     "Nothing can be changed, and people get 503. Free space on the database's disk; no restart is needed"},
    {"store_read_only", error,
     "Nothing can be changed, and people get 503. Make database, folder and disk writable for Twinlock's "
     "user"},
    {"store_corrupt", error,
     "The database is damaged. Stop the server, keep a copy, and restore a backup (twinlock restore)"},
    {"store_locked", error,
     "Another program keeps the database locked. End it: a shell of sqlite3, a copy under way, a hung "
     "process"},
    {"store_unsupported", error, "This is a fault of Twinlock. Report it with this line"},
    {"record_sealed", error,
     "This account is refused. Either the key file is not the one that sealed it, or its row was changed: "
     "put the right key back, or restore a backup, or `twinlock reset --help`"},
    {"entropy", error,
     "The random source gave nothing, and whatever needs it is refused. Restart the machine"},
    {"clock", error,
     "The clock is not between 1970 and the year 36812, so everybody is refused. Set it, and keep it set by "
     "NTP"},
    {"clock_went_back", warning,
     "The clock stood more than 30 s behind an earlier decision. See that NTP runs on every server"},
    {"contended", warning,
     "An account changed eight times while one request was decided, and got 503. See who asks so often"},
    {"overloaded", warning,
     "More requests wait for the disk than the queue holds, and the newest get 503. See what slows the disk"},
    {"mail_delayed", warning, "It is tried again later. If it goes on, see `twinlock mail list`"},
    {"mail_given_up", error,
     "This person was not told. Tell them another way, and see why the mail server refused"},
    {"mail_unopenable", error,
     "A mail in the outbox was sealed with another key, or changed. It stays there; see `twinlock mail "
     "list`"},
    {"mail_helper", error,
     "No mail leaves while twinlock-mailer does not run. It is started again by itself if it is installed"},
    {"audit_lost", error, "Something happened that the account's history does not show. Keep this line"},
}};

constexpr std::size_t index(Cause cause) { return static_cast<std::size_t>(cause); }

static_assert(index(Cause::audit_lost) + 1 == causes_count);

std::string counted(std::uint64_t n) { return std::to_string(n) + " more in the last minute"; }

}  // namespace

const CauseText& text_of(Cause cause) { return texts[index(cause)]; }

Cause cause_of(store::StoreErrorKind kind) {
  switch (kind) {
    case store::StoreErrorKind::full:
      return Cause::store_full;
    case store::StoreErrorKind::read_only:
      return Cause::store_read_only;
    case store::StoreErrorKind::corrupt:
      return Cause::store_corrupt;
    case store::StoreErrorKind::locked:
      return Cause::store_locked;
    case store::StoreErrorKind::unsupported:
      return Cause::store_unsupported;
    case store::StoreErrorKind::unavailable:
      break;
  }
  return Cause::store_unavailable;
}

Alarms::Alarms(Log log, Now now) : log_(std::move(log)), now_(std::move(now)) {}

void Alarms::raise(Cause cause, std::string_view detail, std::string_view account) {
  const CauseText& text = text_of(cause);
  const auto now = now_();
  {
    const std::lock_guard lock(mutex_);
    State& state = states_[index(cause)];
    ++state.count;
    if (now < state.quiet_until) {
      ++state.unsaid;
      return;
    }
    state.quiet_until = now + quiet_for;
  }
  if (!log_) return;
  std::string line = std::string(text.name) + ": ";
  if (!account.empty()) line += "account " + text::json_string(account) + ": ";
  if (!detail.empty()) line.append(detail).append(". ");
  log_(text.severity, line.append(text.remedy));
}

void Alarms::say_counted() {
  const auto now = now_();
  for (std::size_t i = 0; i < causes_count; ++i) {
    std::uint64_t unsaid = 0;
    {
      const std::lock_guard lock(mutex_);
      State& state = states_[i];
      if (state.unsaid == 0 || now < state.quiet_until) continue;
      unsaid = std::exchange(state.unsaid, 0);
      state.quiet_until = now + quiet_for;
    }
    if (log_) log_(texts[i].severity, std::string(texts[i].name) + ": " + counted(unsaid));
  }
}

std::array<std::uint64_t, causes_count> Alarms::counts() const {
  std::array<std::uint64_t, causes_count> out{};
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < causes_count; ++i) out[i] = states_[i].count;
  return out;
}

}  // namespace twinlock::service
