// SPDX-License-Identifier: Apache-2.0
// Writes one character as UTF-8.
#pragma once

#include <string>

namespace twinlock::text {

// RFC 3629, 3, the other way around.
inline std::string encoded(char32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6U), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

}  // namespace twinlock::text
