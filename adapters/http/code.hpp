// SPDX-License-Identifier: Apache-2.0
// What a person typed as a one-time code, read once at the edge.
#pragma once

#include <optional>
#include <string_view>

#include "kernel/event.hpp"

namespace twinlock::http {

// Spaces and hyphens are dropped wherever they stand; what remains must be exactly six ASCII digits. nullopt:
// misformed, which is never evaluated and never charged.
std::optional<Code> read_code(std::string_view typed);

}  // namespace twinlock::http
