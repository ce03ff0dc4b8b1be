// SPDX-License-Identifier: Apache-2.0
// Reads a one-time code as a person typed it.
#pragma once

#include <optional>
#include <string_view>

#include "kernel/event.hpp"

namespace twinlock::http {

// Drops all spaces and hyphens; exactly six ASCII digits must remain. nullopt: misformed, which is never
// evaluated and never counted as a failure.
std::optional<Code> read_code(std::string_view typed);

}  // namespace twinlock::http
