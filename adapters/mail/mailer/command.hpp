// SPDX-License-Identifier: Apache-2.0
// Splits a command line from the configuration without a shell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::mail::mailer {

// Words parted by blanks; '...' and "..." hold blanks together, a backslash outside '...' takes the next
// character as it is. Nothing is expanded. nullopt: an open quotation, a backslash at the end, or no word at
// all.
std::optional<std::vector<std::string>> split_command(std::string_view line);

}  // namespace twinlock::mail::mailer
