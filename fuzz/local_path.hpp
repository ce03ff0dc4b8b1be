// SPDX-License-Identifier: Apache-2.0
// What a browser makes of a path that it is told to go to.
#pragma once

#include <string>
#include <string_view>

namespace twinlock::fuzz {

// The beginning of WHATWG URL's basic parser against a base of https, written anew: leading C0 controls and
// blanks are dropped, tabs and line ends anywhere; '\' is '/'; two slashes start a host; a letter and a colon
// later start a scheme.
inline bool stays_on_the_site(std::string_view text) {
  std::string url;
  for (const char c : text) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (url.empty() && static_cast<unsigned char>(c) <= 0x20) continue;
    url += c == '\\' ? '/' : c;
  }
  if (url.empty() || url[0] != '/') return false;
  return url.size() == 1 || url[1] != '/';
}

}  // namespace twinlock::fuzz
