// What the daemon asks of its process: no core dumps, private files, signals as a queue, a word to systemd.
#pragma once

#include <functional>
#include <string_view>

namespace twinlock::daemon {

// No core dump and no ptrace by others ever holds a key (K20); files are created for their owner alone.
// False: refused by the system.
bool harden_process();

// What this process starts can gain no rights that it does not have (PR_SET_NO_NEW_PRIVS).
void forbid_new_rights();

// Blocks SIGTERM, SIGINT, SIGHUP in this thread and all that it starts, and ignores SIGPIPE. Call before any
// thread.
void hold_signals();

// Waits for SIGTERM or SIGINT, and calls `each_second` meanwhile; SIGHUP is taken and means nothing.
void wait_for_stop(const std::function<void()>& each_second);

// "READY=1", "STOPPING=1" to the socket in NOTIFY_SOCKET (sd_notify(3)); without one, nothing.
void notify_systemd(std::string_view state);

}  // namespace twinlock::daemon
