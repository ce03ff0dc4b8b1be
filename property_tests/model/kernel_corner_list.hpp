// SPDX-License-Identifier: Apache-2.0
// The corners of the records that valid() admits, by name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernel/record.hpp"

namespace twinlock::test {

inline constexpr Seconds last_second = (Seconds{1} << 40U) - 1;

struct Corner {
  std::string name;
  std::function<bool(const Record&)> is;
};

[[nodiscard]] std::vector<Corner> corners();

// 100 failures in a row.
[[nodiscard]] bool locked(const Record& r);

// Seconds from the last-seen time to `until`; 0: free.
[[nodiscard]] Seconds left(Seconds until, const Record& r);

}  // namespace twinlock::test
