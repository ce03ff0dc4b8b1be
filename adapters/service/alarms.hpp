// SPDX-License-Identifier: Apache-2.0
// What an operator must hear of: a fixed list of causes, each with a level, its meaning and what to do. The
// first of a kind is said at once; more of the same kind within a minute are counted and said in one line.
// docs/operating.md lists every cause.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "adapters/store/port.hpp"

namespace twinlock::service {

enum class Cause : std::uint8_t {
  store_unavailable,
  store_full,
  store_read_only,
  store_corrupt,
  store_locked,
  store_unsupported,
  record_sealed,
  entropy,
  clock,
  clock_went_back,
  contended,
  overloaded,
  mail_delayed,
  mail_given_up,
  mail_unopenable,
  mail_helper,
  audit_lost
};
inline constexpr std::size_t causes_count = 17;

enum class Severity : std::uint8_t { error, warning };

struct CauseText {
  std::string_view name;  // as in the log line and the metric's label
  Severity severity;
  std::string_view remedy;  // what it means for people, and what to do; one or two sentences
};
const CauseText& text_of(Cause cause);

Cause cause_of(store::StoreErrorKind kind);

class Alarms {
 public:
  using Log = std::function<void(Severity, const std::string& line)>;
  using Now = std::function<std::chrono::steady_clock::time_point()>;
  static constexpr auto quiet_for = std::chrono::seconds(60);

  explicit Alarms(Log log, Now now = std::chrono::steady_clock::now);

  // `detail`: what failed, with its reason; never a secret (K20). `account`: "" where it is no single
  // account's; it is written as a JSON string. From any thread.
  void raise(Cause cause, std::string_view detail, std::string_view account = {});
  // Says what was counted and not said since a line of its cause, once its minute is over. Call it each
  // second.
  void say_counted();
  // Occurrences of each cause since the start, in the order of Cause.
  std::array<std::uint64_t, causes_count> counts() const;

 private:
  struct State {
    std::uint64_t count = 0;
    std::uint64_t unsaid = 0;
    std::chrono::steady_clock::time_point quiet_until{};
  };

  Log log_;
  Now now_;
  mutable std::mutex mutex_;
  std::array<State, causes_count> states_{};
};

}  // namespace twinlock::service
