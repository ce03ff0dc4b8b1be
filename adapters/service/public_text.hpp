// SPDX-License-Identifier: Apache-2.0
// Cleans text that came from outside for audit entries: valid UTF-8, no control characters, bounded length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::service {

// Replaces every byte that is not part of well-formed UTF-8 (RFC 3629) and every control character by '?',
// and cuts at a whole character at or below `bytes_max`.
std::string public_text(std::string_view text, std::size_t bytes_max);

}  // namespace twinlock::service
