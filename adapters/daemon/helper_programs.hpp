// SPDX-License-Identifier: Apache-2.0
// Where the programs of Twinlock lie.
#pragma once

#include <string>

namespace twinlock::daemon {

// A helper's program: beside this executable or in the sbin beside its folder, else the first in PATH; "":
// not found.
std::string mailer_program();
std::string probe_program();

}  // namespace twinlock::daemon
