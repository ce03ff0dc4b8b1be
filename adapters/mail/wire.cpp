// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/wire.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <span>

#include "adapters/helper/frames.hpp"
#include "adapters/text/json.hpp"

namespace twinlock::mail::wire {
namespace {

struct Member {
  std::string_view name;
  std::string* value;
  bool seen = false;
};

bool assign(std::span<Member> members, std::string_view name, const simdjson::dom::element& element) {
  std::string_view value;
  if (element.get(value) != simdjson::SUCCESS) return false;
  for (Member& member : members) {
    if (member.name != name || member.seen) continue;
    member.seen = true;
    *member.value = value;
    return true;
  }
  return false;
}

bool read_object(std::string_view json, std::span<Member> members) {
  simdjson::dom::parser parser(helper::frame_bytes_max);
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return false;
  for (const auto& [name, element] : object) {
    if (!assign(members, name, element)) return false;
  }
  for (const Member& member : members) {
    if (!member.seen) return false;
  }
  return true;
}

bool valid_id(std::string_view id) {
  return id.size() == id_characters && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

constexpr std::array<std::string_view, 3> result_names = {"sent", "retry",
                                                          "failed"};  // in the order of Result

}  // namespace

std::string to_json(const Request& request) {
  return fmt::format(R"({{"id":{},"to":{},"subject":{},"text":{}}})", text::json_string(request.id),
                     text::json_string(request.to), text::json_string(request.subject),
                     text::json_string(request.text));
}

std::string to_json(const Reply& reply) {
  return fmt::format(R"({{"id":{},"result":{},"detail":{}}})", text::json_string(reply.id),
                     text::json_string(result_names[static_cast<std::size_t>(reply.result)]),
                     text::json_string(reply.detail));
}

std::optional<Request> parse_request(std::string_view json) {
  Request request;
  std::array<Member, 4> members = {
      {{"id", &request.id}, {"to", &request.to}, {"subject", &request.subject}, {"text", &request.text}}};
  if (!read_object(json, members) || !valid_id(request.id)) return std::nullopt;
  return request;
}

std::optional<Reply> parse_reply(std::string_view json) {
  Reply reply;
  std::string result;
  std::array<Member, 3> members = {{{"id", &reply.id}, {"result", &result}, {"detail", &reply.detail}}};
  if (!read_object(json, members) || !valid_id(reply.id)) return std::nullopt;
  for (std::size_t i = 0; i < result_names.size(); ++i) {
    if (result_names[i] != result) continue;
    reply.result = static_cast<Result>(i);
    return reply;
  }
  return std::nullopt;
}

}  // namespace twinlock::mail::wire
