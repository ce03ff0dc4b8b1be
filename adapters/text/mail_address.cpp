// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/mail_address.hpp"

namespace twinlock::text {
namespace {

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Dot-separated parts, none empty, of letters, digits and `also`.
bool dotted(std::string_view s, std::string_view also) {
  bool part_empty = true;
  for (const char c : s) {
    if (c == '.') {
      if (part_empty) return false;
      part_empty = true;
      continue;
    }
    if (!alphanumeric(c) && also.find(c) == std::string_view::npos) return false;
    part_empty = false;
  }
  return !part_empty;
}

}  // namespace

bool valid_mail_address(std::string_view address) {
  if (address.size() > mail_address_bytes_max) return false;
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at > local_part_bytes_max) return false;
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = address.substr(at + 1);
  // A leading hyphen could be read as an option where an address becomes an argument.
  return dotted(local, "!#$%&'*+-/=?^_`{|}~") && local.front() != '-' && dotted(domain, "-");
}

}  // namespace twinlock::text
