// SPDX-License-Identifier: Apache-2.0
// Sends operator_restored to accounts whose records come from a backup (spec 2.2.15).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::cli {

struct RestoredAccounts {
  std::uint64_t done = 0;
  std::uint64_t sealed = 0;  // do not open, and stay as they are: an error for who asks, never a yes
  std::uint64_t failed = 0;  // by store, clock or random source
};

// Many at once, in the commits of the service's writer, which it starts and stops.
RestoredAccounts send_restored(service::Service& service, const std::vector<store::Account>& accounts,
                               const std::string& operator_name, const std::string& reason);

// All accounts of the store, in byte order.
store::Result<std::vector<store::Account>> all_accounts(store::Store& store);

}  // namespace twinlock::cli
