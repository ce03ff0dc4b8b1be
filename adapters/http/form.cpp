// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/form.hpp"

#include <algorithm>

#include "adapters/text/ascii.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::http {
namespace {

constexpr std::size_t shown_name_bytes_max = 40;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

}  // namespace

std::string_view Form::get(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (field == name) return value;
  }
  return {};
}

bool Form::has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [name](const auto& field) { return field.first == name; });
}

tl::expected<Form, std::string> parse_form(std::string_view body, const FieldNames& known) {
  Form form;
  while (!body.empty()) {
    const std::size_t end = body.find('&');
    const std::string_view pair = body.substr(0, end);
    const std::size_t equals = pair.find('=');
    const std::string_view raw_name = pair.substr(0, equals);
    std::string name;
    std::string value;
    const bool name_sound = text::form_decode(raw_name, name) && !name.empty() &&
                            equals != std::string_view::npos &&
                            std::find(known.begin(), known.end(), name) != known.end() && !form.has(name);
    if (!name_sound || !text::form_decode(pair.substr(equals + 1), value)) {
      return tl::unexpected(std::string(raw_name.substr(0, shown_name_bytes_max)));
    }
    form.fields_.emplace_back(std::move(name), std::move(value));
    if (end == std::string_view::npos) break;
    body.remove_prefix(end + 1);
    if (body.empty()) return tl::unexpected(std::string());
  }
  return form;
}

bool is_form_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  return text::equal_ignoring_case(content_type, form_type);
}

}  // namespace twinlock::http
