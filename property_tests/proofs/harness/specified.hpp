// SPDX-License-Identifier: Apache-2.0
// The specification, whole. Included before the kernel.
#pragma once

#include "property_tests/specification/records.cpp"
#include "property_tests/specification/throttle.cpp"
#include "property_tests/specification/verdicts.cpp"
#ifdef STEP_BY_CONTRACT
#define later specified_later
#define decided specified_decided
#include "property_tests/specification/events.cpp"
#include "property_tests/specification/time.cpp"
#undef later
#undef decided
#else
#include "property_tests/specification/events.cpp"
#include "property_tests/specification/time.cpp"
#endif
#include "property_tests/specification/specified.cpp"
