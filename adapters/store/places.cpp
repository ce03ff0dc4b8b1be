// SPDX-License-Identifier: Apache-2.0
#include "adapters/store/places.hpp"

#include <algorithm>

namespace twinlock::store {

bool Places::room(bool urgent, Destination destination) const {
  const auto count = [this](const auto& is) {
    return static_cast<std::size_t>(std::count_if(taken_.begin(), taken_.end(), is));
  };
  const auto there = [destination](const Taken& t) { return t.destination == destination; };
  const auto notice = [](const Taken& t) { return !t.urgent; };
  if (full() || count(there) >= limits_.one_destination) return false;
  if (urgent) return true;
  return count(notice) < limits_.notices &&
         count([&](const Taken& t) { return there(t) && notice(t); }) < limits_.one_destination_notices;
}

bool Places::take(bool urgent, Destination destination) {
  if (!room(urgent, destination)) {
    refused_ = true;
    return false;
  }
  taken_.push_back({urgent, destination});
  return true;
}

}  // namespace twinlock::store
