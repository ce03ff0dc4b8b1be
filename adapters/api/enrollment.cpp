// SPDX-License-Identifier: Apache-2.0
// Setting up: begin, prove, or cancel. Only the caller that began has the enrollment's id (K19).
#include <algorithm>

#include "adapters/api/handlers.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/http/encoding.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"

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

bool take_labels(const Turn& turn, Labels& out) {
  out.issuer = turn->body.has("issuer") ? turn->body.text("issuer") : turn->tools().config.site.issuer;
  out.label = turn->body.has("label") ? turn->body.text("label") : turn->account().bytes();
  if (out.issuer.empty() || out.issuer.size() > issuer_bytes_max || has_control(out.issuer) ||
      out.issuer.find(':') != std::string::npos) {
    turn->misformed("issuer", "This takes 1 to 64 bytes without a colon and without control characters.");
    return false;
  }
  if (!out.label.empty() && out.label.size() <= http::label_bytes_max && !has_control(out.label)) return true;
  turn->misformed("label", "This takes 1 to 128 bytes without control characters.");
  return false;
}

void show_begun(const Turn& turn, const Labels& labels, const service::Decision& decision) {
  if (!decision.enrollment_id) return turn->problem(Problem::unavailable);
  const auto pending = turn->tools().service.pending(turn->account(), *decision.enrollment_id);
  if (!pending) return turn->problem(Problem::unavailable);
  if (!*pending)
    return wrong_state(turn, State::enrolling, {}, "Another enrollment of this account began meanwhile.");
  const Secret& secret = (*pending)->secret;
  const std::string uri = http::otpauth_uri(secret, labels.issuer, labels.label);
  Json json;
  json.text("enrollment_id", http::token_text(*decision.enrollment_id));
  json.text("secret", http::to_base32(secret.b)).text("otpauth_uri", uri).text("qr_svg", http::qr_svg(uri));
  json.number("expires_at", (*pending)->deadline);
  turn->answer(json_answer(201, json));
}

void refuse_begin(const Turn& turn, const service::Decision& decision) {
  if (decision.verdict != Verdict::wrong_holder || turn->body.has("grant"))
    return refuse(turn, "grant")(decision);
  wrong_state(turn, decision.view.state, "grant", "A lost factor is being replaced: this needs the grant.");
}

Exchange::Then refuse_enrollment(const Turn& turn) {
  return [turn](const service::Decision& decision) {
    if (decision.verdict == Verdict::wrong_holder)
      return wrong_state(turn, decision.view.state, "enrollment_id", other_enrollment);
    refuse(turn, "code")(decision);
  };
}

}  // namespace

void post_enrollment(const Turn& turn) {
  Labels labels;
  auto operation = turn->operation(Kind::begin_enrollment);
  if (!take_labels(turn, labels) || !take_email(turn, operation.email)) return;
  if (turn->body.has("grant") && !take_printed(turn, "grant", operation.event.grant)) return;
  turn->submit(
      std::move(operation),
      [turn, labels = std::move(labels)](const service::Decision& decision) {
        show_begun(turn, labels, decision);
      },
      [turn](const service::Decision& decision) { refuse_begin(turn, decision); });
}

void post_enrollment_confirm(const Turn& turn) {
  auto operation = turn->operation(Kind::confirm_enrollment);
  if (!take_token(turn, "enrollment_id", operation.event.enrollment_id)) return;
  if (!take_code(turn, operation.event) || !take_email(turn, operation.email)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        if (!decision.recovery_code) return turn->problem(Problem::unavailable);
        Json json;
        json.text("state", service::name(decision.view.state));
        json.text("recovery_code", text::format(*decision.recovery_code));
        turn->answer(json_answer(200, json));
      },
      refuse_enrollment(turn));
}

void delete_enrollment(const Turn& turn) {
  auto operation = turn->operation(Kind::cancel_enrollment);
  if (!take_token(turn, "enrollment_id", operation.event.enrollment_id)) return;
  turn->submit(
      std::move(operation), [turn](const service::Decision&) { turn->answer(no_content()); },
      refuse_enrollment(turn));
}

}  // namespace twinlock::api
