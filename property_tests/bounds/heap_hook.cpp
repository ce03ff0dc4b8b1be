// SPDX-License-Identifier: Apache-2.0
#include "property_tests/bounds/heap_hook.hpp"

#include <cerrno>
#include <cstdlib>

extern "C" {
// The C library's own, under the names that it keeps for this (glibc).
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {
std::size_t calls = 0;
}

namespace twinlock::test {
std::size_t heap_calls() { return __atomic_load_n(&calls, __ATOMIC_RELAXED); }
}  // namespace twinlock::test

static void counted() { __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED); }

extern "C" {

void* malloc(std::size_t size) noexcept {
  counted();
  return __libc_malloc(size);
}

void* calloc(std::size_t n, std::size_t size) noexcept {
  counted();
  return __libc_calloc(n, size);
}

void* realloc(void* p, std::size_t size) noexcept {
  counted();
  return __libc_realloc(p, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  counted();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  counted();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  counted();
  *out = __libc_memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}

void free(void* p) noexcept {
  counted();
  __libc_free(p);
}
}
