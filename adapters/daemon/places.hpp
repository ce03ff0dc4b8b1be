// Where the programs of Twinlock lie.
#pragma once

#include <string>

namespace twinlock::daemon {

// The mailer's program: beside this executable, else the first in PATH; "": not found.
std::string mailer_program();

}  // namespace twinlock::daemon
