// SPDX-License-Identifier: Apache-2.0
// How 128-bit secrets that the person or the browser holds are kept: never themselves, only as a digest over
// what they are for.
#pragma once

#include "kernel/event.hpp"

namespace twinlock {

enum class Purpose : std::uint8_t { recovery_code = 1, link = 2, asker = 3, grant = 4, ticket = 5 };

// Returns SHA-256 over a domain, the purpose, the account, the binding (enrollment id or epoch) and the
// value, cut to 128 bits: as long as what it hides, and never all zero. NIST SP 800-63B-4, 4.2 and 3.1.2.
[[nodiscard]] Token digest(Purpose purpose, const AccountTag& account, const Token& binding,
                           const Token& value) noexcept;

}  // namespace twinlock
