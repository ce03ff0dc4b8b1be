// SPDX-License-Identifier: Apache-2.0
// What happens in a history of the service: who does what to which account, through which process, after how
// much time, and what goes wrong meanwhile. Weights are drawn per history and may be zero (swarm).
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "kernel/event.hpp"

namespace twinlock::service::test {

enum class Actor : std::uint8_t { person, attacker, operator_ };

enum class Mishap : std::uint8_t {
  none,
  load_fails,
  dies_before_commit,  // loaded and decided, then the process dies: nothing happened
  dies_after_commit,   // it happened, and nobody is told
  conflicts,           // the store says conflict, so many times
  overtaken            // between load and commit another actor commits through the other process
};

inline constexpr std::size_t actors = 3, mishaps = 6, accounts = 4;

struct Move {
  std::uint8_t account;
  std::uint32_t actor;  // weighed, as the next two
  std::uint32_t kind;
  std::uint32_t mishap;
  std::uint32_t time;
  int amount;
  int code;             // steps from now; above 2: wrong, or an old one
  std::uint32_t flags;  // bit 0 the process, 1 the lane, 2 to 9 what is shown wrong
  unsigned conflicts;
};

struct History {
  std::vector<int> actor_weights, mishap_weights, time_weights;
  std::vector<std::vector<int>> kind_weights;  // by actor, over all kinds
  std::vector<Move> moves;
  Rules rules;
};

void showValue(const Move& move, std::ostream& out);
void showValue(const History& history, std::ostream& out);

rc::Gen<History> service_histories();

// Picks by weight; all zero: `otherwise`.
std::size_t weighed(const std::vector<int>& weights, std::uint32_t pick, std::size_t otherwise);

// Seconds by which the clock moves.
std::int64_t seconds_of(const History& history, const Move& move);

}  // namespace twinlock::service::test
