// SPDX-License-Identifier: Apache-2.0
// Checks single values and the rules between keys, after types and ranges. Reads no file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/config/config.hpp"

namespace twinlock::config {

// "section.key" -> the line on which the file sets it.
using Lines = std::map<std::string, std::uint32_t>;

struct Broken {
  std::uint32_t line;  // 1 where the file does not name the key
  std::string reason;  // "reason; what to do"
};

// Does what parse does, and returns the lines of the keys that were set.
tl::expected<Config, std::string> parse(std::string_view toml, const std::string& name, Lines& lines);

std::optional<Broken> broken_rule(const Config& config, const Lines& lines);

}  // namespace twinlock::config
