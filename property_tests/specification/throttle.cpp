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

Number failures_in_a_row(const Account& a) noexcept { return a.failures[0] + a.failures[1] + a.failures[2]; }

void clear_failures(Account& a) noexcept {
  for (std::uint32_t i = 0; i < 2; ++i) {
    a.failures[i] = 0;
    a.wait_left[i] = 0;
  }
  a.failures[2] = 0;
}

// Seconds until a budget of so many failures, each worth `unit` seconds, has room for one more.
static Number room_in(Number used, Number unit, Number failures) noexcept {
  return at_least_0(used - (failures - 1) * unit);
}

// The last 20 of the 100 are for known browsers.
Number wait_for_code(const Account& a, Lane lane) noexcept {
  const Number pause = a.wait_left[static_cast<std::uint8_t>(lane)];
  if (lane == Lane::known) return larger(pause, room_in(a.budget_used, 25920, 100));
  return larger(pause, room_in(a.budget_used, 25920, 80));
}

Number wait_to_begin(const Account& a) noexcept { return room_in(a.begin_used, minute, 20); }

bool recovery_budget_has_room(const Account& a) noexcept {
  return room_in(a.recovery_used, 6 * minute, 10) == 0;
}

static void charge_lane(Account& a, std::uint8_t i) noexcept {
  a.failures[i] = a.failures[i] + 1;
  a.wait_left[i] = hour;
  if (a.failures[i] < 13) a.wait_left[i] = pause_after[a.failures[i]];
  a.budget_used = a.budget_used + 25920;
}

Notice charge_code(Account& a, Lane lane, bool by_ticket) noexcept {
  if (by_ticket) {
    a.failures[2] = a.failures[2] + 1;
    a.ticket_codes = a.ticket_codes - 1;
    if (a.ticket_codes == 0) end_voucher(a);
  } else {
    charge_lane(a, static_cast<std::uint8_t>(lane));
  }
  if (failures_in_a_row(a) == 10) return Notice::ten_failures;
  if (failures_in_a_row(a) == 100) return Notice::locked;
  return Notice::none;
}

}  // namespace specification
