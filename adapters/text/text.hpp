// SPDX-License-Identifier: Apache-2.0
// Holds one sentence of a text table. It has no default and cannot be empty, so a table without one of its
// sentences does not compile.
#pragma once

#include <string_view>

namespace twinlock::text {

class Text {
 public:
  consteval Text(const char* utf8) : view_(utf8) {  // implicit: tables are written as plain literals
    if (view_.empty()) throw "a text is missing";
  }
  constexpr operator std::string_view() const { return view_; }
  constexpr std::string_view view() const { return view_; }

 private:
  std::string_view view_;
};

}  // namespace twinlock::text
