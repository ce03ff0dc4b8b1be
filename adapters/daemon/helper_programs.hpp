// SPDX-License-Identifier: Apache-2.0
// Finds the programs that the daemon and the command line start.
#pragma once

#include <string>

namespace twinlock::daemon {

// Returns the path of a helper's program: beside this executable, or in the sbin beside its folder, or else
// the first in PATH; "": not found.
std::string mailer_program();
std::string probe_program();

}  // namespace twinlock::daemon
