// SPDX-License-Identifier: Apache-2.0
// Writes a mail in its transport form (RFC 5322, MIME): no text can inject a header; the body is
// quoted-printable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/mail/wire.hpp"

namespace twinlock::mail::mailer {

// Lines end with CRLF. Message-ID is made from the request's id and the sender's domain alone, so that a mail
// that is sent again can be recognised. Requires: `from` and `request.to` are valid addresses, request.id is
// 32 hexadecimal digits.
std::string internet_message(const wire::Request& request, std::string_view from, std::uint64_t now_s);

// The subject as header text: as it is when it is short printable ASCII, else encoded words (RFC 2047, 2) on
// folded lines.
std::string encoded_subject(std::string_view utf8);

// RFC 2045, 6.7: lines of at most 76 characters. A dot that begins a line is encoded too, so that no
// transport sees one.
std::string quoted_printable(std::string_view text);

// "Tue, 24 Nov 2026 04:01:22 +0000" (RFC 5322, 3.3)
std::string message_date(std::uint64_t now_s);

}  // namespace twinlock::mail::mailer
