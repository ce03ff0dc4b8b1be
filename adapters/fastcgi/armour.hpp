// SPDX-License-Identifier: Apache-2.0
// The headers that every answer has, whatever it answers: what a browser must not do with it. The gate's yes
// alone has none of them (spec 6.3).
#pragma once

#include <string_view>

namespace twinlock::fastcgi {

// Never stored, never framed, never read by or opened together with another site; and no use of devices that
// the pages do not need (clipboard-write stays: "Copy"). Each line ends with CRLF.
// OWASP Secure Headers Project; ASVS 5, chapter 3.4 (COOP 3.4.8, nosniff 3.4.4, Referrer-Policy 3.4.5).
inline constexpr std::string_view armour =
    "Cache-Control: no-store\r\n"
    "Referrer-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "X-Permitted-Cross-Domain-Policies: none\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), clipboard-read=(), display-capture=(), fullscreen=(), geolocation=(), "
    "microphone=(), payment=(), usb=()\r\n";

}  // namespace twinlock::fastcgi
