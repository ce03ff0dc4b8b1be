// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/code.hpp"

#include <cstddef>

namespace twinlock::http {

std::optional<Code> read_code(std::string_view typed) {
  Code code{};
  std::size_t digits = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9' || digits == code_digits) return std::nullopt;
    code.digit[digits++] = static_cast<std::uint8_t>(c);
  }
  if (digits != code_digits) return std::nullopt;
  return code;
}

}  // namespace twinlock::http
