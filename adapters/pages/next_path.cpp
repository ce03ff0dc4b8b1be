// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/next_path.hpp"

#include <algorithm>

#include "adapters/text/encoding.hpp"

namespace twinlock::pages {
namespace {

constexpr std::string_view field = "next=";

bool allowed(char c) {
  return c > 0x20 && c < 0x7F && c != '\\' && c != '"' && c != '<' && c != '>' && c != '#';
}

}  // namespace

bool is_local_path(std::string_view text) {
  if (text.empty() || text.size() > next_bytes_max || text.front() != '/') return false;
  if (text.size() > 1 && text[1] == '/') return false;
  return std::all_of(text.begin(), text.end(), allowed);
}

bool read_next(std::string_view query, std::string& next) {
  next.clear();
  if (query.empty()) return true;
  if (!query.starts_with(field)) return false;
  query.remove_prefix(field.size());
  if (is_local_path(query)) next = query;
  return true;
}

std::string to_local_path(std::string_view decoded_path, std::string_view raw_query) {
  std::string path = text::percent_encode(decoded_path, "/");
  if (!raw_query.empty()) path.append("?").append(raw_query);
  return is_local_path(path) ? path : std::string();
}

}  // namespace twinlock::pages
