// SPDX-License-Identifier: Apache-2.0
// Parses TOML into a Config: only known keys, of the right type, numbers in range; then checks the rules
// between keys (rules.cpp).
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "adapters/config/rules.hpp"
#include "adapters/config/schema.hpp"

namespace twinlock::config {

namespace {

using Line = toml::source_index;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// Returns the name that `typed` most likely meant; "": none is close.
std::string suggestion(std::string_view typed, const std::vector<std::string>& names) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, typed.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t d = distance(typed, name);
    if (d < best_distance) {
      best_distance = d;
      best = name;
    }
  }
  return best;
}

class Reader {
 public:
  Reader(const std::string& name, Config& config) : name_(name), config_(config) {}

  const std::string& error() const { return error_; }
  const Lines& lines() const { return lines_; }

  bool read(const toml::table& root) {
    for (const auto& [section, node] : root) {
      if (!known_section(section.str())) return unknown_section(section);
      const toml::table* table = node.as_table();
      if (table == nullptr)
        return fail(node.source().begin.line,
                    fmt::format("'{0}' is a section; write [{0}] and its keys below it", section.str()));
      for (const auto& [key, value] : *table)
        if (!read_key(section.str(), key, value)) return false;
    }
    return true;
  }

 private:
  bool fail(Line line, const std::string& reason) {
    error_ = fmt::format("{}:{}: {}", name_, line, reason);
    return false;
  }

  static bool known_section(std::string_view section) {
    return std::ranges::any_of(schema(), [&](const Key& k) { return k.section == section; });
  }

  bool unknown_section(const toml::key& section) {
    std::vector<std::string> names;
    for (const Key& key : schema()) names.emplace_back(key.section);
    const std::string near = suggestion(section.str(), names);
    // Assumes a key before the first [section]: that slip is more common than a misspelt section.
    for (const Key& key : schema())
      if (key.name == section.str())
        return fail(section.source().begin.line,
                    fmt::format("{} must stand under [{}]; move it there", section.str(), key.section));
    return fail(section.source().begin.line,
                fmt::format("unknown section '{}'{}", section.str(),
                            near.empty() ? "; remove it or see docs/configuration.md"
                                         : fmt::format(" (did you mean '{}'?); correct its name", near)));
  }

  bool unknown_key(std::string_view section, const toml::key& key) {
    std::vector<std::string> names;
    std::string elsewhere;
    for (const Key& known : schema()) {
      if (known.section == section) names.emplace_back(known.name);
      if (known.name == key.str()) elsewhere = known.section;
    }
    const std::string near = suggestion(key.str(), names);
    std::string hint = "; remove it or see docs/configuration.md";
    if (!elsewhere.empty()) hint = fmt::format(" (it belongs to [{}]); move it there", elsewhere);
    if (!near.empty()) hint = fmt::format(" (did you mean '{}'?); correct its name", near);
    return fail(key.source().begin.line, fmt::format("unknown key '{}.{}'{}", section, key.str(), hint));
  }

  bool read_key(std::string_view section, const toml::key& key, const toml::node& value) {
    for (const Key& known : schema()) {
      if (known.section != section || known.name != key.str()) continue;
      const std::string full = fmt::format("{}.{}", section, key.str());
      lines_[full] = value.source().begin.line;
      return std::visit([&](const auto& kind) { return take(kind, full, value); }, known.kind);
    }
    return unknown_key(section, key);
  }

  bool wrong_type(const std::string& key, const toml::node& value, std::string_view wanted) {
    return fail(value.source().begin.line, fmt::format("{} must be {}", key, wanted));
  }

  bool take(const Text& kind, const std::string& key, const toml::node& value) {
    const auto* text = value.as_string();
    if (text == nullptr) return wrong_type(key, value, "a quoted string");
    if (has_control(text->get())) return control_character(key, value);
    kind.field(config_) = text->get();
    return true;
  }

  static bool has_control(const std::string& s) {
    return std::ranges::any_of(s, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  }

  bool control_character(const std::string& key, const toml::node& value) {
    return fail(value.source().begin.line,
                fmt::format("{} must not contain control characters; remove them", key));
  }

  bool take(const Flag& kind, const std::string& key, const toml::node& value) {
    const auto* flag = value.as_boolean();
    if (flag == nullptr) return wrong_type(key, value, "true or false");
    kind.field(config_) = flag->get();
    return true;
  }

  bool take(const Number& kind, const std::string& key, const toml::node& value) {
    const auto* number = value.as_integer();
    if (number == nullptr)
      return wrong_type(key, value, kind.octal ? "a file mode such as 0o660" : "a whole number");
    const std::int64_t n = number->get();
    if (n < static_cast<std::int64_t>(kind.min) || n > static_cast<std::int64_t>(kind.max)) {
      const std::string range = kind.octal ? std::string("0o0 to 0o777 (octal, such as 0o660)")
                                           : fmt::format("{} to {}", kind.min, kind.max);
      return fail(value.source().begin.line, fmt::format("{} is {}; it must be {}", key, n, range));
    }
    kind.field(config_) = static_cast<std::uint32_t>(n);
    return true;
  }

  bool take(const Numbers& kind, const std::string& key, const toml::node& value) {
    const auto* array = value.as_array();
    if (array == nullptr) return wrong_type(key, value, "a list of numbers such as [33]");
    std::vector<std::uint32_t> numbers;
    for (const toml::node& item : *array) {
      const auto* number = item.as_integer();
      if (number == nullptr || number->get() < 0 || number->get() >= UINT32_MAX)
        return fail(item.source().begin.line,
                    fmt::format("{} must be a list of user ids, each from 0 to {}", key, UINT32_MAX - 1));
      numbers.push_back(static_cast<std::uint32_t>(number->get()));
    }
    kind.field(config_) = std::move(numbers);
    return true;
  }

  bool take(const Texts& kind, const std::string& key, const toml::node& value) {
    const auto* array = value.as_array();
    if (array == nullptr)
      return wrong_type(key, value,
                        fmt::format("a list of quoted strings; write it as an array: {}", kind.example));
    std::vector<std::string> texts;
    for (const toml::node& item : *array) {
      const auto* text = item.as_string();
      if (text == nullptr) return wrong_type(key, item, "a list of quoted strings");
      if (has_control(text->get())) return control_character(key, item);
      texts.push_back(text->get());
    }
    kind.field(config_) = std::move(texts);
    return true;
  }

  bool take(const Moment& kind, const std::string& key, const toml::node& value) {
    std::optional<std::uint64_t> seconds;
    std::ostringstream text;
    if (const auto* date = value.as_date()) text << date->get();
    if (const auto* moment = value.as_date_time()) text << moment->get();
    seconds = read_moment(text.str());
    if (!seconds)
      return wrong_type(key, value,
                        "a date such as 2026-11-24, or a time with its offset such as 2026-11-24T08:00:00Z, "
                        "from 1970 on");
    kind.field(config_) = *seconds;
    return true;
  }

  bool take(const Choice& kind, const std::string& key, const toml::node& value) {
    const auto* text = value.as_string();
    for (std::size_t i = 0; text != nullptr && i < kind.words.size(); ++i) {
      if (kind.words[i] != text->get()) continue;
      kind.set(config_, i);
      return true;
    }
    return wrong_type(key, value, fmt::format("\"{}\" or \"{}\"", kind.words[0], kind.words[1]));
  }

  const std::string& name_;
  Config& config_;
  Lines lines_;
  std::string error_;
};

}  // namespace

tl::expected<Config, std::string> parse(std::string_view toml_text, const std::string& name, Lines& lines) {
  try {
    const toml::table root = toml::parse(toml_text, name);
    Config config;
    Reader reader(name, config);
    if (!reader.read(root)) return tl::unexpected(reader.error());
    lines = reader.lines();
    if (const auto broken = broken_rule(config, lines))
      return tl::unexpected(fmt::format("{}:{}: {}", name, broken->line, broken->reason));
    return config;
  } catch (const toml::parse_error& e) {
    return tl::unexpected(fmt::format("{}:{}: this is not valid TOML: {}; correct the line", name,
                                      e.source().begin.line, std::string_view(e.description())));
  }
}

tl::expected<Config, std::string> parse(std::string_view toml_text, const std::string& name) {
  Lines lines;
  return parse(toml_text, name, lines);
}

}  // namespace twinlock::config
