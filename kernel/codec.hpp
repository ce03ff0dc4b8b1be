// SPDX-License-Identifier: Apache-2.0
// The record's bytes: canonical, fixed size, little-endian. decode takes exactly what encode gives (K14).
#pragma once

#include <cstdint>

#include "kernel/record.hpp"

namespace twinlock {

struct Encoded {
  std::uint8_t b[record_bytes];
};

// Returns false, and all zero bytes, when `r` is not valid.
[[nodiscard]] bool encode(const Record& r, Encoded& out) noexcept;

// Returns false, and a new record, when `in` is not the encoding of a valid record.
[[nodiscard]] bool decode(const Encoded& in, Record& out) noexcept;

}  // namespace twinlock
