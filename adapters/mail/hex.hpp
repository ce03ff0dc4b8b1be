// SPDX-License-Identifier: Apache-2.0
// A mail's id as the mailer and the Message-ID carry it.
#pragma once

#include <string>

#include "adapters/store/port.hpp"

namespace twinlock::mail {

// 32 lower-case hexadecimal digits.
inline std::string to_hex(const store::MailId& id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : id) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

}  // namespace twinlock::mail
