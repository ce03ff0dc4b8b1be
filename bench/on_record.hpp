// SPDX-License-Identifier: Apache-2.0
// The record of an account that is on, as the kernel's own events made it, and the codes of its secret.
#pragma once

#include "kernel/twinlock.hpp"

namespace twinlock::bench {

inline constexpr Clock at{1'700'000'010, 1'700'000'010 / step_s};  // the first second of a step

Fresh some_fresh();
Record on_record();

// The code of the step, or the smallest that is right at none of the three steps around it.
Code right_code(const Secret& secret, Step step);
Code wrong_code(const Secret& secret, Step step);

}  // namespace twinlock::bench
