// SPDX-License-Identifier: Apache-2.0
// Reads a request's JSON body strictly: one object, known members, each once and of its own type.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace twinlock::api {

enum class Type : std::uint8_t { text, flag, number };  // a number: whole, not negative

struct Member {
  std::string_view name;
  Type type = Type::text;
  bool required = false;
};

class Body {
 public:
  Body() = default;
  Body(Body&&) noexcept = default;
  Body& operator=(Body&&) noexcept = default;
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body();  // wipes

  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::string_view text(std::string_view name) const;                // "" where it was not sent
  bool flag(std::string_view name) const;                            // false where it was not sent
  std::optional<std::uint64_t> number(std::string_view name) const;  // nullopt where it was not sent

 private:
  friend class BodyReader;
  struct Value {
    std::string_view name;
    std::string text;
    bool flag = false;
    std::uint64_t number = 0;
  };
  const Value* find(std::string_view name) const;
  std::vector<Value> values_;
};

struct BodyFault {
  std::string detail;
  std::string field;  // "": none is at fault
};

// The field is named as sent, made printable and cut to 40 bytes.
tl::expected<Body, BodyFault> read_body(std::string_view json, std::span<const Member> known);

// Whether a CONTENT_TYPE is JSON's; the one parameter that it may have is charset=utf-8.
bool is_json_type(std::string_view content_type);

}  // namespace twinlock::api
