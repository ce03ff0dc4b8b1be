// SPDX-License-Identifier: Apache-2.0
// Decides whether a host is this machine itself, where traffic needs no TLS.
#pragma once

#include <netinet/in.h>

#include <string_view>

namespace twinlock::system {

// Returns whether `host`, spelled as in a URL, is this machine: `localhost` in any letter case (RFC 6761,
// 6.3), `[::1]`, or four decimal numbers of 127.0.0.0/8 (RFC 1122, 3.2.1.3). Resolves no name.
bool is_loopback_host(std::string_view host);

// Returns whether the address is ::1, or an IPv4-mapped one (::ffff:127.x.x.x) of 127.0.0.0/8.
bool is_loopback(const in6_addr& address);

}  // namespace twinlock::system
