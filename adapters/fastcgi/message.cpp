// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/message.hpp"

#include <algorithm>

namespace twinlock::fastcgi {

const Parameter* Request::find(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const Parameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

std::string_view Request::value(std::string_view name) const {
  const Parameter* parameter = find(name);
  return parameter == nullptr ? std::string_view() : std::string_view(parameter->value);
}

}  // namespace twinlock::fastcgi
