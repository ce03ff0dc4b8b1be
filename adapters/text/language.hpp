// SPDX-License-Identifier: Apache-2.0
// Lists Twinlock's languages. A new one is one file beside en.cpp and one line here.
#pragma once

#include <cstdint>
#include <string_view>

namespace twinlock::text {

enum class Language : std::uint8_t { english = 0, german = 1 };

// Returns the language that an Accept-Language header prefers (RFC 9110, 12.5.4); `fallback` if we have none
// of those that it names.
Language negotiate(std::string_view accept_language, Language fallback);

std::string_view tag(Language language);  // "en", "de" (RFC 5646)

}  // namespace twinlock::text
