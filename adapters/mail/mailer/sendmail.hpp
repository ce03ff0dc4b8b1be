// SPDX-License-Identifier: Apache-2.0
// Mail by a local command that reads the message on its standard input, as sendmail does.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/mail/mailer/transport.hpp"

namespace twinlock::mail::mailer {

// `command` is run as it is, without a shell; its output is thrown away, its exit status says what became of
// the mail (0, or one of sysexits.h). Killed after `timeout`.
std::unique_ptr<Transport> sendmail_transport(std::vector<std::string> command, std::chrono::seconds timeout);

}  // namespace twinlock::mail::mailer
