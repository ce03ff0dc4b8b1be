// SPDX-License-Identifier: Apache-2.0
// FastCGI streams as a mutator sees them: records, and in PARAMS the name-value pairs. Whatever is done to
// them, what is written is well formed again.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace twinlock::fuzz {

struct Record {
  std::uint8_t type = 0;
  std::uint16_t id = 0;
  std::string content = {};
  std::uint8_t padding = 0;
  std::uint8_t reserved = 0;
};
using Records = std::vector<Record>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// What does not make a whole record at the end is left out.
Records read_records(const std::uint8_t* data, std::size_t size);
std::string write_records(const Records& records);

Pairs read_pairs(const std::string& content);
std::string write_pairs(const Pairs& pairs);

}  // namespace twinlock::fuzz
