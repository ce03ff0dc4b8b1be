// SPDX-License-Identifier: Apache-2.0
// One case of the exhaustive tests: a situation made into a record by hand, a request made into an event, the
// kernel's answer held against the table of kernel_expected.cpp, and the record that follows read back.
#pragma once

#include "property_tests/exhaustive/kernel_expected.hpp"

namespace twinlock::exhaustive {

// Cases checked so far.
extern std::uint64_t cases;

// `elapsed`: seconds between the last commit and the request's clock. Fails the running test where the kernel
// answers otherwise.
void check(const Standing& s, std::int64_t elapsed, const Request& q, const Configured& configured);

}  // namespace twinlock::exhaustive
