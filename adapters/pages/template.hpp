// SPDX-License-Identifier: Apache-2.0
// Checks HTML pages when they are compiled, and fills them. A hole may be in text, in a quoted attribute that
// only shows something, or at the start of an attribute that holds a local URL. A hole in any other place
// does not compile.
//
//   <style>{{style}}</style>   the style sheet, for pages that load nothing
//   {{t:name}}   a sentence of the text table           {{if:name}} ... {{end}}      only when the value is
//   not empty
//   {{v:name}}   a value of the page                    {{unless:name}} ... {{end}}  only when it is empty
//
// Sections may wrap whole tags or whole attributes: `if` and `end` stand at the same kind of place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/pages/html_tracker.hpp"
#include "adapters/text/texts.hpp"

namespace twinlock::pages {

// What pages may show beside the text table. Each value is plain text; escaping is the template's business.
// clang-format off
#define TWINLOCK_PAGE_VALUES(X) \
  /* every page */ X(bare) X(lang) X(issuer) X(prefix) X(title) X(account) X(help) X(error) X(notice) \
  /* forms: one token for each action */ X(form) X(form_cancel) X(form_sign_out) X(form_everywhere) X(next) \
  /* account */ X(on) X(required) X(enrolling) X(recovering) X(undrawn) X(unsaved) X(since) X(since_iso) X(used) X(used_iso) \
  /* setting up */ X(again) X(deadline) X(key) X(qr_path) X(qr_view) \
  /* recovery */ X(recovery_code) X(rest) X(enabled) X(sent) X(token) X(ask_code) X(contact) X(has_grant) X(signed_in) \
  /* the prompt */ X(ticket) X(ticket_error) X(ask_ticket) \
  /* messages */ X(message) X(detail) X(link) X(link_text)
// clang-format on

enum class Value : std::uint8_t {
#define TWINLOCK_VALUE(name) name,
  TWINLOCK_PAGE_VALUES(TWINLOCK_VALUE)
#undef TWINLOCK_VALUE
};

inline constexpr auto value_names = std::to_array<std::string_view>({
#define TWINLOCK_VALUE(name) #name,
    TWINLOCK_PAGE_VALUES(TWINLOCK_VALUE)
#undef TWINLOCK_VALUE
});

class Values {
 public:
  std::string& operator[](Value v) { return values_[static_cast<std::size_t>(v)]; }
  const std::string& at(std::size_t index) const { return values_[index]; }

 private:
  std::array<std::string, value_names.size()> values_;
};

enum class PartKind : std::uint8_t { literal, style, text, value, section_if, section_unless, end };
enum class Place : std::uint8_t { text, attribute, url };

struct Part {
  PartKind kind = PartKind::literal;
  Place place = Place::text;
  std::uint16_t name = 0;   // text, value, sections: index into the names
  std::uint16_t jump = 0;   // sections: index of their end
  std::uint32_t begin = 0;  // literal: where in the HTML
  std::uint32_t size = 0;
};

enum class TemplateError : std::uint8_t {
  none,
  unknown_name,    // no such text or value
  unclosed,        // "{{" without "}}", a section without its end, or a tag that the file does not finish
  stray_end,       // {{end}} without a section, or at another kind of place than its beginning
  hole_place,      // a hole inside a tag, a tag's name, an unquoted attribute, a comment
  attribute_name,  // a hole in an attribute that does not merely show something (style, on..., srcdoc)
  url_start,       // a hole in a URL that is not its start
  raw_text,        // content in <script>, or in <style> other than {{style}}
  too_many         // parts or nested sections
};

inline constexpr std::size_t parts_max = 224;
inline constexpr std::size_t sections_max = 8;  // nested

struct Compiled {
  std::array<Part, parts_max> parts{};
  std::size_t count = 0;
  TemplateError error = TemplateError::none;
};

// Attributes in which a hole may stand.
inline constexpr auto shown_attributes = std::to_array<std::string_view>(
    {"value", "content", "lang", "alt", "title", "datetime", "viewBox", "d", "aria-label", "data-file"});
inline constexpr auto url_attributes = std::to_array<std::string_view>({"href", "src", "action"});

namespace detail {

template <std::size_t N>
constexpr bool among(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view each : names) {
    if (each == name) return true;
  }
  return false;
}

constexpr std::uint16_t text_index(std::string_view name) {
  for (std::size_t i = 0; i < text::page_text_names.size(); ++i) {
    if (text::page_text_names[i].name == name) return static_cast<std::uint16_t>(i);
  }
  return UINT16_MAX;
}

constexpr std::uint16_t value_index(std::string_view name) {
  for (std::size_t i = 0; i < value_names.size(); ++i) {
    if (value_names[i] == name) return static_cast<std::uint16_t>(i);
  }
  return UINT16_MAX;
}

class Parser {
 public:
  constexpr explicit Parser(std::string_view html) : html_(html) {}

  constexpr Compiled run() {
    std::size_t literal = 0;
    std::size_t i = 0;
    while (i < html_.size() && out_.error == TemplateError::none) {
      if (!html_.substr(i).starts_with("{{")) {
        if (tracker_.state() == Tracker::State::raw && html_[i] != '<')
          return failed(TemplateError::raw_text);
        tracker_.feed(html_, i++);
        continue;
      }
      const std::size_t end = html_.find("}}", i);
      if (end == std::string_view::npos) return failed(TemplateError::unclosed);
      add({.kind = PartKind::literal,
           .begin = static_cast<std::uint32_t>(literal),
           .size = static_cast<std::uint32_t>(i - literal)});
      hole(html_.substr(i + 2, end - i - 2), i);
      i = literal = end + 2;
    }
    if (out_.error != TemplateError::none) return out_;
    if (tracker_.state() == Tracker::State::raw) return failed(TemplateError::raw_text);
    if (depth_ != 0 || tracker_.state() != Tracker::State::text) return failed(TemplateError::unclosed);
    add({.kind = PartKind::literal,
         .begin = static_cast<std::uint32_t>(literal),
         .size = static_cast<std::uint32_t>(html_.size() - literal)});
    return out_;
  }

 private:
  constexpr Compiled failed(TemplateError error) {
    out_.error = error;
    return out_;
  }

  constexpr void add(Part part) {
    if (out_.error != TemplateError::none || (part.kind == PartKind::literal && part.size == 0)) return;
    if (out_.count == parts_max) {
      out_.error = TemplateError::too_many;
      return;
    }
    out_.parts[out_.count++] = part;
  }

  constexpr void hole(std::string_view name, std::size_t i) {
    if (name == "end") {
      end_section();
    } else if (name == "style") {
      if (!tracker_.in_style()) out_.error = TemplateError::raw_text;
      add({.kind = PartKind::style});
    } else if (name.starts_with("if:")) {
      section(PartKind::section_if, value_index(name.substr(3)));
    } else if (name.starts_with("unless:")) {
      section(PartKind::section_unless, value_index(name.substr(7)));
    } else if (name.starts_with("t:")) {
      shown(PartKind::text, text_index(name.substr(2)), i);
    } else if (name.starts_with("v:")) {
      shown(PartKind::value, value_index(name.substr(2)), i);
    } else {
      out_.error = TemplateError::unknown_name;
    }
  }

  constexpr void shown(PartKind kind, std::uint16_t index, std::size_t i) {
    Place place = Place::text;
    if (tracker_.state() == Tracker::State::value) {
      place = among(url_attributes, tracker_.attribute()) ? Place::url : Place::attribute;
      if (place == Place::attribute && !among(shown_attributes, tracker_.attribute()))
        out_.error = TemplateError::attribute_name;
      if (place == Place::url && (kind != PartKind::value || !tracker_.at_value_start(i)))
        out_.error = TemplateError::url_start;
    } else if (tracker_.state() == Tracker::State::raw) {
      out_.error = TemplateError::raw_text;
    } else if (tracker_.state() != Tracker::State::text) {
      out_.error = TemplateError::hole_place;
    }
    if (out_.error == TemplateError::none && index == UINT16_MAX) out_.error = TemplateError::unknown_name;
    add({.kind = kind, .place = place, .name = index});
  }

  constexpr void section(PartKind kind, std::uint16_t index) {
    if (index == UINT16_MAX) out_.error = TemplateError::unknown_name;
    if (tracker_.state() != Tracker::State::text && tracker_.state() != Tracker::State::in_tag)
      out_.error = TemplateError::hole_place;
    if (depth_ == sections_max) out_.error = TemplateError::too_many;
    if (out_.error != TemplateError::none) return;
    open_[depth_] = static_cast<std::uint16_t>(out_.count);
    place_[depth_++] = tracker_.state();
    add({.kind = kind, .name = index});
  }

  constexpr void end_section() {
    if (depth_ == 0 || place_[depth_ - 1] != tracker_.state()) {
      out_.error = TemplateError::stray_end;
      return;
    }
    out_.parts[open_[--depth_]].jump = static_cast<std::uint16_t>(out_.count);
    add({.kind = PartKind::end});
  }

  std::string_view html_;
  Tracker tracker_;
  Compiled out_;
  std::size_t depth_ = 0;
  std::array<std::uint16_t, sections_max> open_{};
  std::array<Tracker::State, sections_max> place_{};
};

}  // namespace detail

// Reads a page; `error` says what is wrong with it.
constexpr Compiled examine(std::string_view html) { return detail::Parser(html).run(); }

struct Template {
  std::string_view html;
  Compiled compiled;
};

// Compiles a page; a page with an error does not compile.
consteval Template sound(std::string_view html) {
  const Compiled compiled = examine(html);
  if (compiled.error != TemplateError::none)
    throw "a hole in this page stands where it must not, or its name is unknown";
  return {html, compiled};
}

// Fills the holes, each escaped for its place. A URL that is not a local path becomes "#".
std::string render(const Template& page, const text::PageTexts& texts, const Values& values,
                   std::string_view style);

// Text for HTML: & < > " ' escaped; control bytes and what is not UTF-8 become U+FFFD.
void escape_into(std::string& out, std::string_view text);

}  // namespace twinlock::pages
