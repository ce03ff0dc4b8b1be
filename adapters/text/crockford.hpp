// SPDX-License-Identifier: Apache-2.0
// Writes and reads 128-bit codes for people: Crockford's base32 with its check symbol, in groups of four
// ("XXXX-XXXX-...").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/record.hpp"

namespace twinlock::text {

// Returns 26 symbols and the check symbol (modulo 37), in groups of four joined by hyphens.
std::string format(const Token& token);

// Says whether the check symbol is a letter or a digit, and not one of * ~ $ =, which people do not expect in
// a code. Four of 37 codes have one of these; who draws codes draws again.
[[nodiscard]] bool reads_plainly(const Token& token);

// Reads what a person typed: spaces and hyphens anywhere, any case, I L as 1, O as 0. nullopt: a typing error
// (length, symbol or check symbol); such a code is never evaluated and never counted as a failure.
std::optional<Token> parse(std::string_view typed);

}  // namespace twinlock::text
