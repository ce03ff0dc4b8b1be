// SPDX-License-Identifier: Apache-2.0
// Turns among processes that change the files of one folder.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "adapters/system/descriptor.hpp"

namespace twinlock::system {

// Held until it goes, or its process ends. A second lock waits, also one of the same process.
class FolderLock {
 public:
  // Waits for the turn. The error is one line that says what to do.
  static tl::expected<FolderLock, std::string> take(const std::string& folder);

 private:
  explicit FolderLock(Descriptor folder) : folder_(std::move(folder)) {}

  Descriptor folder_;
};

}  // namespace twinlock::system
