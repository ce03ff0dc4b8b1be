// SPDX-License-Identifier: Apache-2.0
// What each program of Twinlock asks of its own process first.
#pragma once

namespace twinlock::system {

// No core dump and no other process of the same user reads the memory, which holds keys, passwords or links
// (K20). Not inherited by a program that this one starts. False: refused by the system.
bool forbid_core_dumps();

// What this process starts can gain no rights that it does not have (PR_SET_NO_NEW_PRIVS).
void forbid_new_rights();

// Writing to a peer that is gone is an error (EPIPE), not the end of the process.
void ignore_broken_pipes();

// Opens /dev/null in the place of each of the descriptors 0, 1 and 2 that is closed, so that no file or
// socket that is opened later takes its number and is written to as standard error. Call it first in main().
void fill_standard_descriptors();

}  // namespace twinlock::system
