// SPDX-License-Identifier: Apache-2.0
// JSON strings as they are written. For reading, see simdjson.
#pragma once

#include <string>
#include <string_view>

namespace twinlock::text {

// C0: what JSON demands to be escaped beside the quotation mark and the reverse solidus.
constexpr bool is_json_control(char32_t code) { return code < 0x20; }

// `text` as a JSON string with its quotes (RFC 8259, 7). Bytes that are not well-formed UTF-8 become U+FFFD,
// and the characters for which `escaped` is true \uNNNN; it must be true for what is_json_control() is.
std::string json_string(std::string_view text, bool (*escaped)(char32_t) = is_json_control);

}  // namespace twinlock::text
