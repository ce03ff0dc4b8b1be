// SPDX-License-Identifier: Apache-2.0
#include "kernel/throttle.hpp"

#include "kernel/clock.hpp"
#include "kernel/require.hpp"

namespace twinlock {

static Seconds later(Seconds a, Seconds b) noexcept { return a > b ? a : b; }

// min(30 * 2^(n - 5), 3600) s after the n-th consecutive failure; none before the fifth.
static Seconds backoff(std::uint32_t failures) noexcept {
  if (failures <= free_failures_max) return 0;
  const std::uint32_t doublings = failures - free_failures_max - 1U;
  if (doublings >= backoff_doublings_limit) return backoff_s_max;
  return backoff_s_first << doublings;
}

// When `used` seconds of a budget, counted from `now_s`, will have left room for one more unit below `full`.
static Seconds budget_free_at(Seconds until, Seconds unit, Seconds full, Seconds now_s) noexcept {
  const Seconds used = remaining(until, now_s);
  if (used + unit <= full) return now_s;
  return now_s + (used + unit - full);
}

std::uint32_t consecutive_failures(const Throttle& t) noexcept {
  return static_cast<std::uint32_t>(t.failures[0]) + static_cast<std::uint32_t>(t.failures[1]) +
         static_cast<std::uint32_t>(t.ticket_failures);
}

bool is_locked(const Throttle& t) noexcept { return consecutive_failures(t) >= lock_failures; }

Seconds code_free_at(const Throttle& t, Lane lane, Seconds now_s) noexcept {
  REQUIRE(static_cast<std::uint8_t>(lane) < lanes_count);
  const Seconds wait = t.wait_until[static_cast<std::uint8_t>(lane)];
  const Seconds full = lane == Lane::known ? budget_s_full : budget_s_others;
  return later(wait, budget_free_at(t.budget_until, budget_s_unit, full, now_s));
}

void charge_code(Throttle& t, Lane lane, Seconds now_s) noexcept {
  REQUIRE(!is_locked(t) && code_free_at(t, lane, now_s) <= now_s);
  const std::uint8_t i = static_cast<std::uint8_t>(lane);
  t.failures[i] = static_cast<std::uint8_t>(t.failures[i] + 1U);
  const Seconds pause = backoff(t.failures[i]);
  t.wait_until[i] = 0;
  if (pause > 0) t.wait_until[i] = now_s + pause;
  t.budget_until = later(t.budget_until, now_s) + budget_s_unit;
}

void charge_ticket(Throttle& t) noexcept {
  REQUIRE(!is_locked(t));
  t.ticket_failures = static_cast<std::uint8_t>(t.ticket_failures + 1U);
}

void clear_failures(Throttle& t) noexcept {
  for (std::uint32_t i = 0; i < lanes_count; ++i) {
    t.failures[i] = 0;
    t.wait_until[i] = 0;
  }
  t.ticket_failures = 0;
}

bool charge_recovery(Throttle& t, Seconds now_s) noexcept {
  if (budget_free_at(t.recovery_until, recovery_budget_s_unit, recovery_budget_s_full, now_s) > now_s)
    return false;
  t.recovery_until = later(t.recovery_until, now_s) + recovery_budget_s_unit;
  return true;
}

Seconds begin_free_at(const Throttle& t, Seconds now_s) noexcept {
  return budget_free_at(t.begin_until, begin_budget_s_unit, begin_budget_s_full, now_s);
}

void charge_begin(Throttle& t, Seconds now_s) noexcept {
  REQUIRE(begin_free_at(t, now_s) <= now_s);
  t.begin_until = later(t.begin_until, now_s) + begin_budget_s_unit;
}

Seconds link_free_at(const Throttle& t) noexcept { return t.link_until[0]; }

void charge_link(Throttle& t, Seconds now_s) noexcept {
  REQUIRE(link_free_at(t) <= now_s);
  for (std::size_t i = 0; i + 1 < links_count; ++i) t.link_until[i] = t.link_until[i + 1];
  t.link_until[links_count - 1] = now_s + link_s_window;
}

}  // namespace twinlock
