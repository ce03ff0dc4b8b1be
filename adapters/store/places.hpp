// SPDX-License-Identifier: Apache-2.0
// Decides which mail may be in flight beside the mail that is: mail that hangs at one destination, and any
// number of notices, leave places for the other links.
#pragma once

#include <cstddef>
#include <vector>

#include "adapters/store/port.hpp"

namespace twinlock::store {

struct PlaceLimits {
  std::size_t all = 0;
  std::size_t notices = 0;                  // of `all`: mail that is not urgent
  std::size_t one_destination = 0;          // of `all`: to the same destination
  std::size_t one_destination_notices = 0;  // of `one_destination`: mail that is not urgent
};

class Places {
 public:
  explicit Places(const PlaceLimits& limits) : limits_(limits) {}

  // take gives a mail a place, if its kind has one left.
  bool take(bool urgent, Destination destination);

  bool full() const { return taken_.size() >= limits_.all; }
  bool refused() const { return refused_; }  // a mail got no place: look again when one is free

 private:
  struct Taken {
    bool urgent;
    Destination destination;
  };
  bool room(bool urgent, Destination destination) const;

  PlaceLimits limits_;
  std::vector<Taken> taken_;
  bool refused_ = false;
};

}  // namespace twinlock::store
