// SPDX-License-Identifier: Apache-2.0
// What the operator's keys may ask.
#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "adapters/api/handlers.hpp"
#include "adapters/service/names.hpp"
#include "adapters/service/public_text.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/json.hpp"

namespace twinlock::api {
namespace {

// As the audit keeps them (service/audit.cpp); longer ones would be cut there.
constexpr std::size_t operator_bytes_max = 128;
constexpr std::size_t reason_bytes_max = 512;
constexpr std::uint64_t audit_page_max = 1'000;

bool take_note(const Turn& turn, std::string_view field, std::size_t bytes_max, std::string& out) {
  out = turn->body.text(field);
  if (!out.empty() && service::public_text(out, bytes_max) == out) return true;
  turn->misformed(field,
                  fmt::format("This takes 1 to {} bytes without control characters; the account's history "
                              "keeps it.",
                              bytes_max));
  return false;
}

bool take_notes(const Turn& turn, service::Operation& out) {
  return take_note(turn, "operator", operator_bytes_max, out.operator_name) &&
         take_note(turn, "reason", reason_bytes_max, out.reason);
}

// A number of the query; false: it is none, answered 400.
bool take_number(const Turn& turn, std::string_view field, std::uint64_t min, std::uint64_t max,
                 std::uint64_t& out) {
  if (!turn->query.has(field)) return true;
  const std::string_view text = turn->query.get(field);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size() && out >= min && out <= max) return true;
  turn->problem(Problem::malformed, {fmt::format("This takes a number of {} to {}.", min, max), field});
  return false;
}

// One JSON object a line; a body that is none (a tampered one) is quoted.
std::string audit_lines(const std::vector<store::AuditEntry>& entries) {
  simdjson::dom::parser parser;
  std::string out;
  for (const store::AuditEntry& entry : entries) {
    simdjson::dom::object object;
    const bool sound = parser.parse(entry.body).get(object) == simdjson::SUCCESS;
    const std::string body = sound ? simdjson::minify(object)
                                   : text::json_string(service::public_text(entry.body, entry.body.size()));
    out += fmt::format("{{\"sequence\":{},\"entry\":{}}}\n", entry.sequence, body);
  }
  return out;
}

}  // namespace

void post_reset(const Turn& turn) {
  auto operation = turn->operation(Kind::operator_reset);
  if (!take_notes(turn, operation)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        Json json;
        json.text("state", service::name(decision.view.state));
        if (decision.grant) json.text("grant", text::format(*decision.grant));
        if (!decision.grant) json.null("grant");
        turn->answer(json_answer(200, json));
      },
      refuse(turn, {}));
}

void post_unlock(const Turn& turn) {
  auto operation = turn->operation(Kind::operator_unlock);
  if (!take_notes(turn, operation)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        turn->answer(json_answer(200, Json().text("state", service::name(decision.view.state))));
      },
      refuse(turn, {}));
}

void get_audit(const Turn& turn) {
  std::uint64_t after = 0;
  std::uint64_t limit = audit_page_max;
  if (!take_number(turn, "after", 0, INT64_MAX, after) ||
      !take_number(turn, "limit", 1, audit_page_max, limit))
    return;
  const auto entries = turn->tools().store.audit_read(turn->account(), after, limit);
  if (!entries) return turn->problem(Problem::unavailable);
  http::Response response;
  response.status = 200;
  response.content_type = "application/x-ndjson";
  response.body = audit_lines(*entries);
  if (entries->size() == limit)
    response.add("Link", fmt::format("<?after={}&limit={}>; rel=\"next\"", entries->back().sequence, limit));
  turn->answer(std::move(response));
}

void get_metrics(const Turn& turn) {
  http::Response response;
  response.status = 200;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = turn->tools().metrics();
  turn->answer(std::move(response));
}

}  // namespace twinlock::api
