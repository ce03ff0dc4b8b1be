// SPDX-License-Identifier: Apache-2.0
// spec 2.4: throttling.
#include "property_tests/specification/specification.hpp"

namespace specification {

// spec 2.4.1: seconds that a lane waits after its n-th failure in a row; after more, an hour.
static const Number pause_after[13] = {0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600};

Number larger(Number a, Number b) noexcept {
  if (a > b) return a;
  return b;
}

Number failures_in_a_row(const Account& a) noexcept { return a.failures[0] + a.failures[1]; }

void clear_failures(Account& a) noexcept {
  for (std::uint32_t i = 0; i < 2; ++i) {
    a.failures[i] = 0;
    a.wait_left[i] = 0;
  }
}

// Seconds until a budget of so many failures, each worth `unit` seconds, has room for one more.
static Number room_in(Number used, Number unit, Number failures) noexcept {
  return at_least_0(used - (failures - 1) * unit);
}

// The last 20 of the 100 are for known browsers. With credit from an unlock the budget does not count.
Number wait_for_code(const Account& a, Lane lane) noexcept {
  const Number pause = a.wait_left[static_cast<std::uint8_t>(lane)];
  if (a.credit > 0) return pause;
  if (lane == Lane::known) return larger(pause, room_in(a.budget_used, 25920, 100));
  return larger(pause, room_in(a.budget_used, 25920, 80));
}

Number wait_for_recovery_code(const Account& a) noexcept { return room_in(a.recovery_used, minute, 100); }

Notice charge_code(Account& a, Lane lane) noexcept {
  const std::uint8_t i = static_cast<std::uint8_t>(lane);
  a.failures[i] = a.failures[i] + 1;
  a.wait_left[i] = hour;
  if (a.failures[i] < 13) a.wait_left[i] = pause_after[a.failures[i]];
  if (a.credit > 0) {
    a.credit = a.credit - 1;
  } else {
    a.budget_used = a.budget_used + 25920;
  }
  if (failures_in_a_row(a) == 10) return Notice::ten_failures;
  if (failures_in_a_row(a) == 100) return Notice::locked;
  return Notice::none;
}

}  // namespace specification
