// SPDX-License-Identifier: Apache-2.0
// Counts what the process asks of its heap, in whatever library: malloc and its kin are the program's own,
// which the dynamic linker prefers to the C library's.
#pragma once

#include <cstddef>

namespace twinlock::test {

// Calls of malloc, calloc, realloc, aligned_alloc, posix_memalign, memalign and free so far.
[[nodiscard]] std::size_t heap_calls();

}  // namespace twinlock::test
