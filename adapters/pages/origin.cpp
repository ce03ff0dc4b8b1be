// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/origin.hpp"

#include <algorithm>

#include "adapters/text/ascii.hpp"

namespace twinlock::pages {
namespace {

// A browser leaves out the scheme's own port.
std::string_view without_default_port(std::string_view url) {
  if (url.starts_with("https://") && url.ends_with(":443")) url.remove_suffix(4);
  if (url.starts_with("http://") && url.ends_with(":80")) url.remove_suffix(3);
  return url;
}

}  // namespace

bool same_origin(std::optional<std::string_view> sec_fetch_site, std::optional<std::string_view> origin,
                 std::string_view base_url) {
  if (sec_fetch_site) return *sec_fetch_site == "same-origin";
  if (!origin) return false;
  const std::string_view ours = without_default_port(base_url);
  return std::equal(origin->begin(), origin->end(), ours.begin(), ours.end(),
                    [](char a, char b) { return a == text::lower(b); });
}

}  // namespace twinlock::pages
