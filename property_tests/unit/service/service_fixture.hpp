// SPDX-License-Identifier: Apache-2.0
// The fixture of the service's tests: every test runs over the memory store and over SQLite.
#pragma once

#include <gtest/gtest.h>

#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

class OverStore : public testing::TestWithParam<const char*> {
 protected:
  OverStore() : world(GetParam()) {}
  World world;
};

inline std::string store_name(const testing::TestParamInfo<const char*>& info) { return info.param; }

inline bool same(const Token& a, const Token& b) {
  return std::equal(std::begin(a.b), std::end(a.b), std::begin(b.b));
}

}  // namespace twinlock::service::test
