// SPDX-License-Identifier: Apache-2.0
// Mail by SMTP (RFC 5321) with libcurl, one connection and one thread for each message.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "adapters/mail/mailer/transport.hpp"

namespace twinlock::mail::mailer {

struct SmtpOptions {
  std::string url;  // "smtp://host[:port]" (STARTTLS) or "smtps://host[:port]" (TLS from the first byte)
  bool tls_required = true;  // false: only where the host is this machine
  std::string ca_file;       // PEM: nothing else is trusted; "": the system's
  std::string user;          // "": no AUTH
  std::string password;
  // For one message, from connecting to the last reply. After it libcurl may wait as long once more for the
  // answer to QUIT, so twice this must stay below the pump's answer_within.
  std::chrono::seconds timeout{25};
};

// The error is one line for the operator.
tl::expected<std::unique_ptr<Transport>, std::string> smtp_transport(SmtpOptions options);

}  // namespace twinlock::mail::mailer
