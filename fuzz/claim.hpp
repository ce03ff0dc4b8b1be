// SPDX-License-Identifier: Apache-2.0
// How every target says what it found: a claim that does not hold ends the program and names its line.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace twinlock::fuzz {

inline void claim(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "claim does not hold: %s:%d\n", file, line);
  std::abort();
}

}  // namespace twinlock::fuzz
