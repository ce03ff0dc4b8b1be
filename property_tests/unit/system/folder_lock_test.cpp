// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/folder_lock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "property_tests/unit/system/temporary_folder.hpp"

namespace twinlock::system {
namespace {

TEST(FolderLock, ASecondWaitsForTheFirst) {
  const TemporaryFolder folder;
  std::atomic<bool> given_back = false;
  std::atomic<bool> overtook = false;
  auto first = FolderLock::take(folder.path());
  ASSERT_TRUE(first) << first.error();
  std::thread other([&] {
    const auto second = FolderLock::take(folder.path());
    overtook = !second || !given_back;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  {
    const FolderLock held = std::move(*first);
    given_back = true;
  }
  other.join();
  EXPECT_FALSE(overtook);
}

TEST(FolderLock, AFolderThatIsNotThereIsNamed) {
  const auto lock = FolderLock::take("/nowhere/at/all");
  ASSERT_FALSE(lock);
  EXPECT_TRUE(lock.error().starts_with("/nowhere/at/all: ")) << lock.error();
}

}  // namespace
}  // namespace twinlock::system
