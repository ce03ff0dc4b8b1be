// SPDX-License-Identifier: Apache-2.0
// Writes a row again without a kernel event, for notes and rotation: the same record and address, one audit
// entry more. What it writes is what it read, so that nothing outside the kernel changes a record.
#pragma once

#include <functional>
#include <optional>

#include "adapters/service/prepare.hpp"
#include "adapters/service/rows.hpp"

namespace twinlock::service {

struct Amended {
  std::optional<store::Change> change;  // nullopt: `wanted` said no
  Seconds now = 0;
};

// Loads the row and, if `wanted` says so, returns the change to commit.
Expected<Amended> amend_row(const Context& context, const Account& account, const Service::Note& note,
                            const std::function<bool(const Loaded&)>& wanted);

}  // namespace twinlock::service
