// SPDX-License-Identifier: Apache-2.0
// Cleans text from outside for use in a mail.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::mail {

// Returns valid UTF-8 of at most `characters_max` code points: bad bytes become U+FFFD; control characters,
// line and paragraph separators and bidirectional formatting become a space; what was cut off shows as an
// ellipsis.
std::string clean(std::string_view text, std::size_t characters_max);

// Breaks each line of valid UTF-8 at spaces so that it has at most `columns_max` code points; a longer word
// stays whole.
std::string wrap(std::string_view utf8, std::size_t columns_max);

}  // namespace twinlock::mail
