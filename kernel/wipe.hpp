// SPDX-License-Identifier: Apache-2.0
// Overwriting secrets with zero, so that the compiler keeps the writes (K11): a barrier follows each, else
// g++ and clang drop them as dead.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/event.hpp"

namespace twinlock {

// Overwrites n bytes with zero.
void wipe_bytes(std::uint8_t* p, std::size_t n) noexcept;

void wipe(Secret& s) noexcept;
void wipe(TotpKey& k) noexcept;
void wipe(Token& t) noexcept;

// Overwrites the stack that the call before it used, with what SHA-1 and SHA-256 left there.
void scrub_stack() noexcept;

// Overwrite every secret, token and hash inside; states, counts and times stay.
void wipe(Record& r) noexcept;
void wipe(Event& e) noexcept;
void wipe(Fresh& f) noexcept;
void wipe(Outcome& o) noexcept;

}  // namespace twinlock
