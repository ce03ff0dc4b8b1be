// SPDX-License-Identifier: Apache-2.0
#include "adapters/probe/wire.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "adapters/helper/frames.hpp"
#include "adapters/text/json.hpp"
#include "adapters/text/utf8.hpp"

namespace twinlock::probe {

namespace {

using simdjson::dom::element;

constexpr std::array<std::string_view, 3> trouble_names{"none", "certificate", "connection"};  // as Trouble

std::string json_string(std::string_view bytes) { return text::json_string(text::utf8_of_bytes(bytes)); }

std::string json_list(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) out.append(out.empty() ? "" : ",").append(json_string(one));
  return "[" + out + "]";
}

// The bytes that json_string() was given; nullopt: a character above U+00FF, which it never writes.
std::optional<std::string> bytes_of(std::string_view utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out += utf8[i];
      continue;
    }
    if (byte > 0xC3 || ++i == utf8.size()) return std::nullopt;  // simdjson has seen to well-formed UTF-8
    out += static_cast<char>((byte & 0x03U) << 6U | (static_cast<unsigned char>(utf8[i]) & 0x3FU));
  }
  return out;
}

bool take(const element& value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  const auto bytes = bytes_of(text);
  if (bytes) out = *bytes;
  return bytes.has_value();
}

bool take(const element& value, std::vector<std::string>& out) {
  simdjson::dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return false;
  for (const element one : list) {
    if (!take(one, out.emplace_back())) return false;
  }
  return true;
}

// Reads an object of exactly `count` members; `member` takes one by its name.
template <typename Member>
bool read_object(std::string_view json, std::size_t count, Member member) {
  simdjson::dom::parser parser(helper::frame_bytes_max);
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS || object.size() != count)
    return false;
  for (const auto& [name, value] : object) {
    if (!member(name, value)) return false;
  }
  return true;
}

}  // namespace

std::string to_json(const Request& request) {
  return fmt::format(R"({{"method":{},"url":{},"headers":{},"user":{},"password":{}}})",
                     json_string(request.method), json_string(request.url), json_list(request.headers),
                     json_string(request.user), json_string(request.password));
}

std::string to_json(const Reply& reply) {
  std::vector<std::string> headers;
  for (const Header& header : reply.headers) {
    headers.push_back(header.name);
    headers.push_back(header.value);
  }
  return fmt::format(R"({{"trouble":{},"detail":{},"status":{},"headers":{},"body":{}}})",
                     json_string(trouble_names[static_cast<std::size_t>(reply.trouble)]),
                     json_string(reply.detail), reply.status, json_list(headers), json_string(reply.body));
}

std::optional<Request> parse_request(std::string_view json) {
  Request request;
  const bool good = read_object(json, 5, [&](std::string_view name, const element& value) {
    if (name == "method") return take(value, request.method);
    if (name == "url") return take(value, request.url);
    if (name == "headers") return take(value, request.headers);
    if (name == "user") return take(value, request.user);
    return name == "password" && take(value, request.password);
  });
  if (!good) return std::nullopt;
  return request;
}

std::optional<Reply> parse_reply(std::string_view json) {
  Reply reply;
  std::string trouble;
  std::vector<std::string> headers;
  std::uint64_t status = 0;
  const bool good = read_object(json, 5, [&](std::string_view name, const element& value) {
    if (name == "trouble") return take(value, trouble);
    if (name == "detail") return take(value, reply.detail);
    if (name == "headers") return take(value, headers);
    if (name == "status") return value.get(status) == simdjson::SUCCESS && status < 1'000;
    return name == "body" && take(value, reply.body);
  });
  const auto known = std::find(trouble_names.begin(), trouble_names.end(), trouble);
  if (!good || known == trouble_names.end() || headers.size() % 2 != 0) return std::nullopt;
  reply.trouble = static_cast<Trouble>(known - trouble_names.begin());
  reply.status = static_cast<unsigned>(status);
  for (std::size_t i = 0; i < headers.size(); i += 2)
    reply.headers.push_back({std::move(headers[i]), std::move(headers[i + 1])});
  return reply;
}

}  // namespace twinlock::probe
