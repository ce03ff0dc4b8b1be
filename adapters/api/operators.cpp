// SPDX-License-Identifier: Apache-2.0
// Handles the operations of operators' keys.
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

bool take_note(const ApiExchangePtr& exchange, std::string_view field, std::size_t bytes_max,
               std::string& out) {
  out = exchange->body.text(field);
  if (!out.empty() && service::public_text(out, bytes_max) == out) return true;
  exchange->misformed(
      field, fmt::format("This takes 1 to {} bytes without control characters; the account's history "
                         "keeps it.",
                         bytes_max));
  return false;
}

bool take_notes(const ApiExchangePtr& exchange, service::Operation& out) {
  return take_note(exchange, "operator", operator_bytes_max, out.operator_name) &&
         take_note(exchange, "reason", reason_bytes_max, out.reason);
}

// Reads a number of the query; false: not a number, answered 400.
bool take_number(const ApiExchangePtr& exchange, std::string_view field, std::uint64_t min, std::uint64_t max,
                 std::uint64_t& out) {
  if (!exchange->query.has(field)) return true;
  const std::string_view text = exchange->query.get(field);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size() && out >= min && out <= max) return true;
  exchange->problem(Problem::malformed, {fmt::format("This takes a number of {} to {}.", min, max), field});
  return false;
}

// Writes one JSON object a line; a body that is not JSON (it was tampered with) is quoted.
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

void post_reset(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::operator_reset);
  if (!take_notes(exchange, operation)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        Json json;
        json.text("state", service::name(decision.view.state));
        if (decision.grant) json.text("grant", text::format(*decision.grant));
        if (!decision.grant) json.null("grant");
        exchange->answer(json_answer(200, json));
      },
      refuse(exchange, {}));
}

void post_unlock(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::operator_unlock);
  if (!take_notes(exchange, operation)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        if (!decision.ticket) return exchange->problem(Problem::unavailable);
        Json json;
        json.text("ticket", text::format(*decision.ticket));
        exchange->answer(json_answer(200, json.number("expires_at", decision.view.ticket_until)));
      },
      refuse(exchange, {}));
}

void get_audit(const ApiExchangePtr& exchange) {
  std::uint64_t after = 0;
  std::uint64_t limit = audit_page_max;
  if (!take_number(exchange, "after", 0, INT64_MAX, after) ||
      !take_number(exchange, "limit", 1, audit_page_max, limit))
    return;
  const auto entries = exchange->tools().store.audit_read(exchange->account(), after, limit);
  if (!entries) return exchange->problem(Problem::unavailable);
  http::Response response;
  response.status = 200;
  response.content_type = "application/x-ndjson";
  response.body = audit_lines(*entries);
  if (entries->size() == limit)
    response.add("Link", fmt::format("<?after={}&limit={}>; rel=\"next\"", entries->back().sequence, limit));
  exchange->answer(std::move(response));
}

void get_metrics(const ApiExchangePtr& exchange) {
  http::Response response;
  response.status = 200;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = exchange->tools().metrics();
  exchange->answer(std::move(response));
}

}  // namespace twinlock::api
