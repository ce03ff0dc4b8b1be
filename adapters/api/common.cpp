// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/handlers.hpp"
#include "adapters/http/code.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/mail_address.hpp"

namespace twinlock::api {

namespace {

// What is to be said of the ticket that came with the code; "": none came, or it still counts.
std::string_view ticket_detail(const ApiExchangePtr& exchange, const service::Decision& decision) {
  if (!exchange->body.has("ticket")) return {};
  if (!decision.by_ticket) return "The ticket does not count: it is wrong, ran out, was used up or replaced.";
  if (decision.view.ticket_until == 0) return "Wrong, used before, or out of time; the ticket is used up.";
  return {};
}

// When the next code of this lane would be evaluated; on a live ticket: at once.
Seconds next_try_s(const service::Decision& decision, Lane lane) {
  if (decision.by_ticket && decision.view.ticket_until != 0) return 0;
  return decision.view.retry_after_s[static_cast<std::size_t>(lane)];
}

}  // namespace

void wrong_state(const ApiExchangePtr& exchange, State state, std::string_view field,
                 std::string_view detail) {
  const std::string own =
      std::string("This means nothing while the account is ").append(service::name(state)).append(".");
  exchange->problem(Problem::wrong_state, {detail.empty() ? std::string_view(own) : detail, field});
}

ApiExchange::Then refuse(const ApiExchangePtr& exchange, std::string_view field, Lane lane) {
  return [exchange, field, lane](const service::Decision& decision) {
    switch (decision.verdict) {
      case Verdict::rejected:
      case Verdict::wrong_holder:
      case Verdict::proof_needed:
        return exchange->problem(Problem::rejected,
                                 {ticket_detail(exchange, decision), field, next_try_s(decision, lane)});
      case Verdict::waiting:
        return exchange->problem(Problem::throttled,
                                 {ticket_detail(exchange, decision), {}, decision.retry_after_s});
      case Verdict::locked:
        return exchange->problem(Problem::locked);
      case Verdict::forbidden:
        return exchange->problem(Problem::forbidden);
      case Verdict::undeliverable:
        return exchange->problem(Problem::undeliverable);
      default:
        return wrong_state(exchange, decision.view.state);
    }
  };
}

bool take_code(const ApiExchangePtr& exchange, Event& out) {
  const auto code = http::read_code(exchange->body.text("code"));
  if (code) out.code = *code;
  if (!code) exchange->misformed("code", "A code has six digits; it was not evaluated and not charged.");
  return code.has_value();
}

bool take_email(const ApiExchangePtr& exchange, std::string& out) {
  if (!exchange->body.has("email")) return true;
  out = exchange->body.text("email");
  if (text::valid_mail_address(out)) return true;
  exchange->misformed("email", "This is no plain mail address.");
  return false;
}

bool take_token(const ApiExchangePtr& exchange, std::string_view field, Token& out) {
  const auto token = http::read_token(exchange->body.text(field));
  if (token) out = *token;
  if (!token) exchange->misformed(field, "This takes the 32 hexadecimal digits that Twinlock gave.");
  return token.has_value();
}

bool take_printed(const ApiExchangePtr& exchange, std::string_view field, Token& out) {
  const auto token = text::parse(exchange->body.text(field));
  if (token) out = *token;
  if (!token)
    exchange->misformed(field, "A typing error: the check symbol does not fit; it was not evaluated.");
  return token.has_value();
}

}  // namespace twinlock::api
