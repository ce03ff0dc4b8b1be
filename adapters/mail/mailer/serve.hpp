// SPDX-License-Identifier: Apache-2.0
// Runs the mailer's loop: reads requests from a socket, sends mail, writes replies.
#pragma once

#include <string>

#include "adapters/mail/mailer/transport.hpp"

namespace twinlock::mail::mailer {

// Serves until the input ends and what is in flight is finished: 0. Returns 1 when the peer is gone, 2 when
// it does not keep to the protocol (wire.hpp). Requires: `from` is a valid address.
int serve(int socket, Transport& transport, const std::string& from);

}  // namespace twinlock::mail::mailer
