// SPDX-License-Identifier: Apache-2.0
// Reads where a person goes after the sign-in: always a path of this site, never another site (open
// redirect).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twinlock::pages {

inline constexpr std::size_t next_bytes_max = 2048;  // keeps an answer's head below 4 KiB

// A path with perhaps a query: starts with one '/' that neither '/' nor '\' follows; printable ASCII without
// '\', '"', '<',
// '>' and '#', at most next_bytes_max bytes. Browsers see in such text only a path of the same origin (WHATWG
// URL, 4.4).
bool is_local_path(std::string_view text);

// The challenge's query: "" or "next=" and the path, raw to the end of the query, because nginx cannot escape
// it there. Returns false when the query is anything else. A `next` that is no local path comes out empty.
bool read_next(std::string_view query, std::string& next);

// A decoded path, and a raw query, as a local path again (Apache's REDIRECT_URL comes decoded); "" if it
// cannot be one.
std::string to_local_path(std::string_view decoded_path, std::string_view raw_query);

}  // namespace twinlock::pages
