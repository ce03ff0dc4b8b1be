// SPDX-License-Identifier: Apache-2.0
// Prints what doctor finds: one line for each check at once, or one JSON array at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace twinlock::doctor {

enum class Level : std::uint8_t { ok, warn, fail };

class Report {
 public:
  explicit Report(bool json) : json_(json) {}

  // `finding` is "finding; what to do" unless ok.
  void add(std::string what, Level level, std::string finding);

  // 0: all ok, 1: something to look at, 2: something is broken.
  int finish() const;

 private:
  struct Check {
    std::string what;
    Level level;
    std::string finding;
  };

  bool json_;
  std::vector<Check> checks_;
};

}  // namespace twinlock::doctor
