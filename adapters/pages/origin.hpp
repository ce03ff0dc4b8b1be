// SPDX-License-Identifier: Apache-2.0
// Checks whether a form came from our own pages, by the browser's headers (Fetch Metadata; RFC 6454).
#pragma once

#include <optional>
#include <string_view>

namespace twinlock::pages {

// nullopt: the header was not sent. Sec-Fetch-Site decides where it is; otherwise Origin must be the base
// URL's; without either the answer is no.
bool same_origin(std::optional<std::string_view> sec_fetch_site, std::optional<std::string_view> origin,
                 std::string_view base_url);

}  // namespace twinlock::pages
