// SPDX-License-Identifier: Apache-2.0
// Starting a program with exactly three descriptors.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/system/descriptor.hpp"

namespace twinlock::helper {

// Starts `command` (its first word is a path, or is looked for in PATH) without a shell, with `descriptors`
// as its 0, 1 and 2, no other descriptor, no blocked signal and no ignored one. The error is errno's text.
tl::expected<pid_t, std::string> spawn(const std::vector<std::string>& command,
                                       std::array<int, 3> descriptors);

// Waits for the end of `pid`, a child, for at most `ms_max`.
void wait_for_exit(pid_t pid, int ms_max);

// A descriptor that becomes readable when `pid`, a child, has ended.
system::Descriptor exit_descriptor(pid_t pid);

}  // namespace twinlock::helper
