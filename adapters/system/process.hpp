// SPDX-License-Identifier: Apache-2.0
// What each program of Twinlock asks of its own process first.
#pragma once

#include <cstddef>

namespace twinlock::system {

// No core dump and no other process of the same user reads the memory, which holds keys, passwords or links
// (K20). Not inherited by a program that this one starts. False: refused by the system.
bool forbid_core_dumps();

// What this process starts can gain no rights that it does not have (PR_SET_NO_NEW_PRIVS).
void forbid_new_rights();

// A write that cannot be is an error, not the end of the process: to a peer that is gone (EPIPE), to a file
// at its size limit (EFBIG).
void make_failed_writes_errors();

// The same, and no signal ends the process that nobody means to end it by: hang-up, alarms, those for users'
// own purposes, real-time ones. Those that ask it to end (SIGTERM, SIGINT, SIGQUIT), tell of an error of its
// own or of a limit of CPU time stay as they are.
void outlive_stray_signals();

// Lets this process open `count` files where the system's hard limit allows so many. Returns how many it may
// open.
std::size_t allow_open_files(std::size_t count);

// Opens /dev/null in the place of each of the descriptors 0, 1 and 2 that is closed, so that no file or
// socket that is opened later takes its number and is written to as standard error. Call it first in main().
void fill_standard_descriptors();

}  // namespace twinlock::system
