// SPDX-License-Identifier: Apache-2.0
// Builds a response with the headers that every response has, and encodes it as a CGI header and a body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/message.hpp"
#include "kernel/limits.hpp"

namespace twinlock::http {

inline constexpr std::size_t head_bytes_limit = 4096;  // servers give up at about 8 KiB (spec 5.3)

// Sources of a Content-Security-Policy (CSP 3, 2.3): this site's own files.
inline constexpr std::string_view own_files = "style-src 'self'; script-src 'self'; img-src 'self'";

struct Response {
  int status = 500;
  std::string_view content_type = "text/html; charset=utf-8";
  std::string body;
  std::string_view sources = own_files;  // where a page may load from; a text that lives on
  std::vector<std::string> headers;  // "Name: value"; one with a control byte makes the whole answer a 500

  Response& add(std::string_view name, std::string_view value);
};

std::string_view reason_phrase(int status);  // RFC 9110, 15

// Status first, Content-Length, CSP and fastcgi::armour. HEAD: the same head, no body. A head that would
// reach head_bytes_limit becomes a bare 500.
fastcgi::EncodedResponse finish(Response response, bool head_only);

}  // namespace twinlock::http
