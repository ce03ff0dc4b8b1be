// SPDX-License-Identifier: Apache-2.0
// Reads a posted form, or a page's query, strictly: application/x-www-form-urlencoded, known fields, each at
// most once.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace twinlock::http {

inline constexpr std::size_t fields_max = 4;  // that one page may know

// The names of the fields that a page takes; unused elements are "".
using FieldNames = std::array<std::string_view, fields_max>;

class Form {
 public:
  // "" where the field was not sent.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;

 private:
  friend tl::expected<Form, std::string> parse_form(std::string_view, const FieldNames&);
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The error is the name of the field that is unknown, repeated or badly encoded, as sent, cut to 40 bytes.
tl::expected<Form, std::string> parse_form(std::string_view body, const FieldNames& known);

// Returns whether a CONTENT_TYPE is that of a form; parameters such as charset are ignored.
bool is_form_type(std::string_view content_type);

}  // namespace twinlock::http
