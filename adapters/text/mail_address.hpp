// SPDX-License-Identifier: Apache-2.0
// The mail addresses that Twinlock takes: one plain ASCII addr-spec (RFC 5321, 4.1.2) without quoting,
// comments or a display name. Anything else is refused, so no header and no SMTP command can be injected.
#pragma once

#include <cstddef>
#include <string_view>

namespace twinlock::text {

inline constexpr std::size_t mail_address_bytes_max = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets
inline constexpr std::size_t local_part_bytes_max = 64;

bool valid_mail_address(std::string_view address);

}  // namespace twinlock::text
