// SPDX-License-Identifier: Apache-2.0
// Changes a row without a kernel event, for import, restore and rotation. Each change gets one audit entry.
#pragma once

#include <functional>
#include <optional>

#include "adapters/service/prepare.hpp"
#include "adapters/service/rows.hpp"

namespace twinlock::service {

struct Amended {
  std::optional<store::Change> change;  // nullopt: `edit` found nothing to change
  Seconds now = 0;
};

// Loads the row, calls `edit` on it and returns the change to commit; Failure::sealed if the result is not a
// valid record.
Expected<Amended> amend_row(const Context& context, const Account& account,
                            const Service::Amendment& amendment, const std::function<bool(Loaded&)>& edit);

}  // namespace twinlock::service
