// SPDX-License-Identifier: Apache-2.0
// Writes a secret for an authenticator app: as otpauth URI, as QR code, and as text for typing.
#pragma once

#include <string>
#include <string_view>

#include "kernel/record.hpp"

namespace twinlock::http {

// otpauth://totp/ISSUER:LABEL?secret=...&issuer=ISSUER&algorithm=SHA1&digits=6&period=30 (Google's key URI
// format).
std::string otpauth_uri(const Secret& secret, std::string_view issuer, std::string_view label);

// Returns the key in base32, in groups of four.
std::string grouped_key(const Secret& secret);

struct Qr {
  std::string path;      // SVG path of the dark modules, one unit each; "": the text does not fit a QR code
  std::string view_box;  // with the quiet zone of four modules (ISO/IEC 18004, 6.3.8)
  std::size_t size = 0;  // modules a side, quiet zone included
};
Qr draw_qr(std::string_view text);

// A whole SVG picture, black on white.
std::string qr_svg(std::string_view text);

}  // namespace twinlock::http
