// SPDX-License-Identifier: Apache-2.0
// The pages by name. Their HTML is compiled in from html/*.html, each between frame_top.html and
// frame_bottom.html.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/pages/template.hpp"
#include "kernel/limits.hpp"

namespace twinlock::pages {

enum class Page : std::uint8_t {
  security,
  enroll_start,
  enroll,
  recovery_code,
  challenge,
  disable,
  renew,
  saved,
  recover,
  recover_sent,
  no_address,
  recover_confirm,
  recovered,
  cancel_recovery,
  replacing,
  locked,
  message
};

inline constexpr std::size_t pages_max = 17;

// Renders a page. Uses the page's own title unless `values` has one; puts an error first in the title
// (WCAG 2.4.2).
std::string render_page(Page page, const text::PageTexts& texts, Values& values);

std::string_view style_sheet();
// What a page that holds its style and loads nothing tells the browser, as http::Response::sources.
std::string_view style_of_page();
std::string_view script();
std::string_view icon();

// "Try again in {wait}." with every {name} replaced.
std::string fill(std::string_view sentence, std::string_view name, std::string_view value);

// "40 seconds", "2 minutes", "3 hours": rounded up.
std::string say_wait(const text::PageTexts& texts, Seconds s);

// "2026-11-24 04:01 UTC" and "2026-11-24T04:01:00Z".
std::string say_time(Seconds time);
std::string iso_time(Seconds time);

}  // namespace twinlock::pages
