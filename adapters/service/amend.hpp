// Changes of a row outside the kernel's events, each with one audit entry: import, restore, rotation.
#pragma once

#include <functional>
#include <optional>

#include "adapters/service/decide.hpp"
#include "adapters/service/rows.hpp"

namespace twinlock::service {

struct Amended {
  std::optional<store::Change> change;  // nullopt: `edit` found nothing to change
  Seconds now = 0;
};

// Loads the row, lets `edit` change it and makes the change; Failure::sealed where the result is no valid
// record.
Expected<Amended> amend_row(const Context& context, const Account& account,
                            const Service::Amendment& amendment, const std::function<bool(Loaded&)>& edit);

}  // namespace twinlock::service
