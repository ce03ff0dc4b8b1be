// SPDX-License-Identifier: Apache-2.0
// One event of a story, with everything that it must lead to.
#pragma once

#include <gtest/gtest.h>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {

inline void expect(World& w, const Event& e, Verdict verdict, State state, Notice notice) {
  EXPECT_EQ(w.send(e), verdict);
  EXPECT_EQ(w.record.state, state);
  EXPECT_EQ(w.out.notice, notice);
}

inline Event reset(bool replace) {
  Event e = event(Kind::operator_reset);
  e.replace = replace;
  return e;
}

}  // namespace twinlock::test
