// SPDX-License-Identifier: Apache-2.0
// Setting up: begin, prove, or cancel. Only the caller that began has the enrollment's id (K19).
#include <algorithm>

#include "adapters/api/handlers.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/http/fresh.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::api {
namespace {

constexpr std::size_t issuer_bytes_max = 64;
constexpr std::string_view other_enrollment =
    "This enrollment is not alive: it ended, ran out, or another one began.";

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// What an authenticator app shows.
struct Labels {
  std::string issuer;
  std::string label;
};

bool take_labels(const ApiExchangePtr& exchange, Labels& out) {
  out.issuer =
      exchange->body.has("issuer") ? exchange->body.text("issuer") : exchange->tools().config.site.issuer;
  out.label = exchange->body.has("label") ? exchange->body.text("label") : exchange->account().bytes();
  if (out.issuer.empty() || out.issuer.size() > issuer_bytes_max || has_control(out.issuer) ||
      out.issuer.find(':') != std::string::npos) {
    exchange->misformed("issuer", "This takes 1 to 64 bytes without a colon and without control characters.");
    return false;
  }
  if (!out.label.empty() && out.label.size() <= http::label_bytes_max && !has_control(out.label)) return true;
  exchange->misformed("label", "This takes 1 to 128 bytes without control characters.");
  return false;
}

void show_begun(const ApiExchangePtr& exchange, const Labels& labels, const service::Decision& decision) {
  if (!decision.enrollment_id) return exchange->problem(Problem::unavailable);
  const auto pending = exchange->tools().service.pending(exchange->account(), *decision.enrollment_id);
  if (!pending) return exchange->problem(Problem::unavailable);
  if (!*pending)
    return wrong_state(exchange, State::enrolling, {}, "Another enrollment of this account began meanwhile.");
  const Secret& secret = (*pending)->secret;
  const std::string uri = http::otpauth_uri(secret, labels.issuer, labels.label);
  Json json;
  json.text("enrollment_id", http::token_text(*decision.enrollment_id));
  json.text("secret", text::to_base32(secret.b)).text("otpauth_uri", uri).text("qr_svg", http::qr_svg(uri));
  json.number("expires_at", (*pending)->deadline);
  exchange->answer(json_answer(201, json));
}

void refuse_begin(const ApiExchangePtr& exchange, const service::Decision& decision) {
  if (decision.verdict != Verdict::wrong_holder || exchange->body.has("grant"))
    return refuse(exchange, "grant")(decision);
  wrong_state(exchange, decision.view.state, "grant",
              "A lost factor is being replaced: this needs the grant.");
}

// Refuses a person who signed in too long ago; false: answered.
bool take_fresh(const ApiExchangePtr& exchange) {
  const auto fresh_s = exchange->body.number("fresh_s");
  if (!fresh_s) return true;
  const auto look = exchange->tools().service.look(exchange->account());
  if (!look || !look->view.sound) {
    exchange->problem(Problem::unavailable);
    return false;
  }
  const bool stale =
      !look->view.code_required && http::sign_in_is_stale(exchange->tools().config, fresh_s, look->view);
  if (stale) exchange->problem(Problem::stale_sign_in, {{}, "fresh_s"});
  return !stale;
}

ApiExchange::Then refuse_enrollment(const ApiExchangePtr& exchange) {
  return [exchange](const service::Decision& decision) {
    if (decision.verdict == Verdict::wrong_holder)
      return wrong_state(exchange, decision.view.state, "enrollment_id", other_enrollment);
    refuse(exchange, "code")(decision);
  };
}

}  // namespace

void post_enrollment(const ApiExchangePtr& exchange) {
  Labels labels;
  auto operation = exchange->operation(Kind::begin_enrollment);
  if (!take_labels(exchange, labels) || !take_email(exchange, operation.email)) return;
  if (exchange->body.has("enrollment_id") &&
      !take_token(exchange, "enrollment_id", operation.event.enrollment_id))
    return;
  if (exchange->body.has("grant") && !take_printed(exchange, "grant", operation.event.grant)) return;
  if (!take_fresh(exchange)) return;
  exchange->submit(
      std::move(operation),
      [exchange, labels = std::move(labels)](const service::Decision& decision) {
        show_begun(exchange, labels, decision);
      },
      [exchange](const service::Decision& decision) { refuse_begin(exchange, decision); });
}

void post_enrollment_confirm(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::confirm_enrollment);
  if (!take_token(exchange, "enrollment_id", operation.event.enrollment_id)) return;
  if (!take_code(exchange, operation.event) || !take_email(exchange, operation.email)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        if (!decision.recovery_code) return exchange->problem(Problem::unavailable);
        Json json;
        json.text("state", service::name(decision.view.state));
        json.text("recovery_code", text::format(*decision.recovery_code));
        exchange->answer(json_answer(200, json));
      },
      refuse_enrollment(exchange));
}

void delete_enrollment(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::cancel_enrollment);
  if (!take_token(exchange, "enrollment_id", operation.event.enrollment_id)) return;
  exchange->submit(
      std::move(operation), [exchange](const service::Decision&) { exchange->answer(no_content()); },
      refuse_enrollment(exchange));
}

}  // namespace twinlock::api
