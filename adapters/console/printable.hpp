// SPDX-License-Identifier: Apache-2.0
// Writes bytes from outside as text that cannot control a terminal or break a JSON reader.
#pragma once

#include <string>
#include <string_view>

namespace twinlock::console {

// printable keeps well-formed UTF-8 that has a picture; every other byte becomes \xNN, every control,
// direction or zero-width character \u{N}, and a backslash \\. So two different accounts never read the same.
std::string printable(std::string_view bytes);

// json_text is a JSON string with its quotes (RFC 8259, 7): ill-formed UTF-8 becomes U+FFFD, and what
// printable would escape becomes \uNNNN.
std::string json_text(std::string_view bytes);

}  // namespace twinlock::console
