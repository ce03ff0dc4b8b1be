// SPDX-License-Identifier: Apache-2.0
// Decides which mail is on its way at once, when one is tried again, and when it is given up.
#pragma once

#include <algorithm>
#include <cstdint>

#include "adapters/mail/wire.hpp"
#include "adapters/store/places.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::mail {

inline constexpr store::Seconds lease_s = 60;  // longer than the mailer takes for one message (at most 54 s)
inline constexpr store::Seconds retry_s_first = 30;  // doubles with each attempt
inline constexpr store::Seconds retry_s_max = 3600;
inline constexpr store::Seconds refused_s_max = 86'400;  // a mail that is refused for good is tried for a day
inline constexpr store::Seconds deferred_s_max = 432'000;  // others for five (RFC 5321, 4.5.4.1)

// Mail to one destination can hang for as long as the mailer's timeout. Half of the places are kept for
// links, for which somebody waits, and most for other destinations; also at each destination one is kept for
// a link.
inline constexpr store::PlaceLimits place_limits{
    .all = wire::in_flight_max, .notices = 4, .one_destination = 3, .one_destination_notices = 2};
static_assert(place_limits.notices < place_limits.all);
static_assert(place_limits.one_destination < place_limits.all);
static_assert(place_limits.one_destination_notices < place_limits.one_destination);

// Returns how long to wait after an attempt that had `attempts` before it.
constexpr store::Seconds retry_after_s(std::uint32_t attempts) {
  constexpr std::uint32_t doublings_max = 7;
  static_assert(retry_s_first << doublings_max >= retry_s_max);
  return std::min(retry_s_first << std::min(attempts, doublings_max), retry_s_max);
}

constexpr bool give_up(store::Seconds created, store::Seconds now, wire::Result result) {
  const store::Seconds limit = result == wire::Result::failed ? refused_s_max : deferred_s_max;
  return now >= created && now - created >= limit;
}

constexpr bool expired(store::Seconds not_after, store::Seconds now) {
  return not_after != 0 && now > not_after;
}

}  // namespace twinlock::mail
