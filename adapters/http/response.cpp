// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/response.hpp"

#include <algorithm>

#include "adapters/fastcgi/armour.hpp"

namespace twinlock::http {
namespace {

constexpr std::string_view policy = "Content-Security-Policy: default-src 'none'; ";
constexpr std::string_view policy_end = "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n";

bool has_control_byte(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

std::string head_of(const Response& response) {
  std::string head = "Status: " + std::to_string(response.status) + " ";
  head.append(reason_phrase(response.status)).append("\r\n");
  if (!response.body.empty()) head.append("Content-Type: ").append(response.content_type).append("\r\n");
  if (response.status != 204)  // RFC 9110, 8.6: it has none
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  head.append(policy).append(response.sources).append(policy_end).append(fastcgi::armour);
  for (const std::string& line : response.headers) head.append(line).append("\r\n");
  return head + "\r\n";
}

}  // namespace

Response& Response::add(std::string_view name, std::string_view value) {
  headers.push_back(std::string(name).append(": ").append(value));
  return *this;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

fastcgi::EncodedResponse finish(Response response, bool head_only) {
  std::string head = head_of(response);
  if (head.size() >= head_bytes_limit ||
      std::any_of(response.headers.begin(), response.headers.end(), has_control_byte)) {
    response = Response{};
    head = head_of(response);
  }
  return {std::move(head), head_only ? std::string() : std::move(response.body)};
}

}  // namespace twinlock::http
