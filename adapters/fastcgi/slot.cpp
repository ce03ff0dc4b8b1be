// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/slot.hpp"

#include <string.h>

#include "adapters/fastcgi/codec.hpp"

namespace twinlock::fastcgi {

std::string_view unavailable_head() {
  return "Status: 503 Service Unavailable\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n"
         "Cache-Control: no-store\r\n"
         "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
         "Referrer-Policy: same-origin\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         "Retry-After: 1\r\n"
         "Content-Length: 0\r\n"
         "\r\n";
}

bool well_formed_head(std::string_view head) {
  constexpr std::string_view end = "\r\n\r\n";
  return head.size() <= head_bytes_max && head.starts_with("Status: ") &&
         head.find(end) == head.size() - end.size();
}

void wipe(EncodedResponse& answer) {
  explicit_bzero(answer.head.data(), answer.head.size());
  explicit_bzero(answer.body.data(), answer.body.size());
  answer = {};
}

}  // namespace twinlock::fastcgi
