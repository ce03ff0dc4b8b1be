// SPDX-License-Identifier: Apache-2.0
// The stores that the contract is tested on.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "adapters/memory_store/memory_store.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::store {

// A test of the port's contract: the parameter names the store.
class Contract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string(GetParam()) == "memory") {
      store_ = std::make_unique<MemoryStore>();
    } else {
      store_ = open_sqlite(folder_.file());
    }
    ASSERT_NE(store_, nullptr);
  }

  Folder folder_;
  std::unique_ptr<Store> store_;
};

inline std::string contract_name(const testing::TestParamInfo<const char*>& info) { return info.param; }

}  // namespace twinlock::store
