// Mail addresses as Twinlock takes them: one plain ASCII addr-spec (RFC 5321, 4.1.2) without quoting,
// comments or a display name. Anything else is refused, so no header and no SMTP command can be injected.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::mail {

inline constexpr std::size_t address_bytes_max = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets
inline constexpr std::size_t local_part_bytes_max = 64;

bool valid_address(std::string_view address);

// "a***@e***.org": enough for the owner to recognise, too little for others. "***" for what is no valid
// address.
std::string masked(std::string_view address);

}  // namespace twinlock::mail
