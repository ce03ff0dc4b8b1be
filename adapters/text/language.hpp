// SPDX-License-Identifier: Apache-2.0
// The languages that Twinlock speaks. A new one is one file beside en.cpp and one line here.
#pragma once

#include <cstdint>
#include <string_view>

namespace twinlock::text {

enum class Language : std::uint8_t { english = 0, german = 1 };

// The best of what an Accept-Language header asks for (RFC 9110, 12.5.4); `fallback` where it asks for
// nothing that we speak.
Language negotiate(std::string_view accept_language, Language fallback);

std::string_view tag(Language language);  // "en", "de" (RFC 5646)

}  // namespace twinlock::text
