// SPDX-License-Identifier: Apache-2.0
// Lists the configuration's keys in a table: where each is stored, which values it takes, how its default is
// written.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/config/config.hpp"

namespace twinlock::config {

struct Text {
  std::string& (*field)(Config&);
};

struct Flag {
  bool& (*field)(Config&);
};

struct Number {
  std::uint32_t& (*field)(Config&);
  std::uint32_t min;
  std::uint32_t max;
  bool octal;  // a file mode: written 0o660
};

struct Numbers {
  std::vector<std::uint32_t>& (*field)(Config&);
};

struct Texts {
  std::vector<std::string>& (*field)(Config&);
  std::string_view example;  // as TOML; shown to who writes another type
};

// A date, or a date with a time and an offset; 1970-01-01: always.
struct Moment {
  std::uint64_t& (*field)(Config&);
};

// One of two words.
struct Choice {
  std::array<std::string_view, 2> words;
  void (*set)(Config&, std::size_t);
  std::size_t (*get)(const Config&);
};

struct Key {
  std::string_view section;
  std::string_view name;
  std::variant<Text, Flag, Number, Numbers, Texts, Moment, Choice> kind;
};

std::span<const Key> schema();

// Returns a moment as read_moment() takes it: a date where it is midnight in UTC.
std::string moment_text(std::uint64_t seconds);

// value_toml returns the value of `key` in `config` as TOML.
std::string value_toml(const Key& key, const Config& config);

}  // namespace twinlock::config
