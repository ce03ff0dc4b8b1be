// SPDX-License-Identifier: Apache-2.0
// Bytes as text and back: hexadecimal, base32 (RFC 4648, 6), percent-encoding (RFC 3986, 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twinlock::text {

std::string to_hex(std::span<const std::uint8_t> bytes);  // lower case

// Fills `out` exactly. False: another length, or a digit that is not lower-case hexadecimal (one spelling
// only).
bool from_hex(std::string_view hex, std::span<std::uint8_t> out);

std::string to_base32(std::span<const std::uint8_t> bytes);  // A-Z 2-7, without padding

// Everything but letters, digits, "-._~" and the bytes of `kept` becomes %XX.
std::string percent_encode(std::string_view bytes, std::string_view kept = {});

// Decodes %XX, in either letter case, to a byte; everything else stands for itself, '+' too. nullopt: a '%'
// without two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view encoded);

// Decodes a form's name or value: as percent_decode, but '+' is a space. False: as its nullopt.
bool form_decode(std::string_view encoded, std::string& out);

}  // namespace twinlock::text
