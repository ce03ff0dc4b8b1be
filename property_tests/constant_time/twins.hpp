// SPDX-License-Identifier: Apache-2.0
// Leaky twins: each does what a function of the kernel or of BoringSSL does, with the same result, and leaks.
// A case that runs with one in place must be reported; where it is not, the tool is blind and the tier fails.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/totp.hpp"

namespace twinlock::ct {

enum class Twin : std::uint8_t {
  none,
  same_early_exit,     // stops at the first byte that differs
  same_memcmp,         // the C library's
  is_code_early_exit,  // branches on a digit
  code_value_table,    // looks a digit up
  match_early_exit,    // stops at the candidate that matches
  truncate_indexed,    // RFC 4226 5.3 as it is written: reads at the offset that the last nibble names
  mac_early_exit       // stands in for CRYPTO_memcmp
};

// Which twin the boundaries call instead of the real function.
extern Twin active_twin;

[[nodiscard]] bool leaky_same_early_exit(const Token& a, const Token& b);
[[nodiscard]] bool leaky_same_memcmp(const Token& a, const Token& b);
[[nodiscard]] bool leaky_is_code(const Code& code);
[[nodiscard]] std::uint32_t leaky_code_value(const Code& code);
[[nodiscard]] CodeMatch leaky_match(const Codes& codes, std::uint32_t presented, Step now, Step last,
                                    bool strict);
[[nodiscard]] std::uint32_t leaky_truncate(const std::uint8_t (&mac)[secret_bytes]);
[[nodiscard]] int leaky_mac(const std::uint8_t* a, const std::uint8_t* b, std::size_t n);

// No case runs this one, for memcheck does not see divisions: the disassembly check must find it.
[[nodiscard]] std::uint32_t leaky_remainder(std::uint32_t value, std::uint32_t divisor);

}  // namespace twinlock::ct
