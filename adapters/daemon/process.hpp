// SPDX-License-Identifier: Apache-2.0
// What the daemon asks of its process besides adapters/system: private files, signals as a queue, a word to
// systemd.
#pragma once

#include <functional>
#include <string_view>

namespace twinlock::daemon {

// Files are created for their owner alone (umask).
void make_files_private();

// Blocks SIGTERM, SIGINT, SIGHUP in this thread and all that it starts, and ignores what nobody
// means to end it by (system::outlive_stray_signals). Call before any thread.
void hold_signals();

// Waits for SIGTERM or SIGINT, and calls `each_second` meanwhile; SIGHUP is taken and means nothing.
void wait_for_stop(const std::function<void()>& each_second);

// "READY=1", "STOPPING=1" to the socket in NOTIFY_SOCKET (sd_notify(3)); without one, nothing.
void notify_systemd(std::string_view state);

}  // namespace twinlock::daemon
