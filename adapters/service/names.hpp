// SPDX-License-Identifier: Apache-2.0
// Names the kernel's enumerators, for audit entries, the JSON API and the command line. A value out of range
// is "unknown".
#pragma once

#include <string_view>

#include "kernel/event.hpp"

namespace twinlock::service {

std::string_view name(State state);
std::string_view name(Policy policy);
std::string_view name(Lane lane);
std::string_view name(HostWord host_word);
std::string_view name(Kind kind);
std::string_view name(Verdict verdict);
std::string_view name(Notice notice);

}  // namespace twinlock::service
