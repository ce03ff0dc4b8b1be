// SPDX-License-Identifier: Apache-2.0
// Follows HTML byte by byte, so that the template knows where a hole is. Knows only the HTML that our pages
// use: double quotes around every value that a hole may stand in, no comments, nothing in <script> or
// <style>.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twinlock::pages::detail {

// Follows HTML just far enough to know what kind of place the next byte is.
class Tracker {
 public:
  enum class State : std::uint8_t {
    text,
    tag_name,
    in_tag,
    attribute_name,
    before_value,
    value,
    bare,
    declaration,
    raw
  };

  constexpr void feed(std::string_view html, std::size_t i) {
    const char c = html[i];
    switch (state_) {
      case State::text:
        if (c == '<') open(html, i);
        break;
      case State::declaration:
        if (c == '>') state_ = State::text;
        break;
      case State::tag_name:
        if (c == '>') {
          close(html, i);
        } else if (c == ' ' || c == '\n') {
          tag_ = html.substr(mark_, i - mark_);
          state_ = State::in_tag;
        }
        break;
      case State::in_tag:
        if (c == '>') {
          close(html, i);
        } else if (c != ' ' && c != '\n' && c != '/') {
          mark_ = i;
          state_ = State::attribute_name;
        }
        break;
      case State::attribute_name:
        if (c == '=') {
          name_ = html.substr(mark_, i - mark_);
          state_ = State::before_value;
        } else if (c == '>') {
          close(html, i);
        } else if (c == ' ' || c == '\n') {
          state_ = State::in_tag;
        }
        break;
      case State::before_value:
        state_ = c == '"' ? State::value : State::bare;
        mark_ = i + 1;
        break;
      case State::value:
        if (c == '"') state_ = State::in_tag;
        break;
      case State::raw:
        if (html.substr(i).starts_with("</")) open(html, i);
        break;
      case State::bare:
        break;
    }
  }

  constexpr State state() const { return state_; }
  constexpr bool in_style() const { return state_ == State::raw && tag_ == "style"; }
  constexpr std::string_view attribute() const { return name_; }
  constexpr bool at_value_start(std::size_t i) const { return i == mark_; }

 private:
  constexpr void open(std::string_view html, std::size_t i) {
    mark_ = i + 1;
    tag_ = {};
    state_ = html.substr(i + 1).starts_with('!') ? State::declaration : State::tag_name;
  }
  constexpr void close(std::string_view html, std::size_t i) {
    if (state_ == State::tag_name) tag_ = html.substr(mark_, i - mark_);
    state_ = State::text;
    if (tag_ == "style" || (tag_ == "script" && !html.substr(i + 1).starts_with("</script>")))
      state_ = State::raw;
  }

  State state_ = State::text;
  std::string_view tag_;
  std::string_view name_;
  std::size_t mark_ = 0;
};

}  // namespace twinlock::pages::detail
