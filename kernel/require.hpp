// SPDX-License-Identifier: Apache-2.0
// Preconditions that are checked. REQUIRE(condition) stops the program in builds that define TWINLOCK_CHECKED
// (dev, asan, fuzz) and is nothing in the others. The proof harnesses define it as an assertion before they
// include the kernel, so that every call is proved to keep it.
#pragma once

#ifndef REQUIRE
#ifdef TWINLOCK_CHECKED
#define REQUIRE(condition) ((condition) ? static_cast<void>(0) : __builtin_trap())
#else
#define REQUIRE(condition) static_cast<void>(0)
#endif
#endif
