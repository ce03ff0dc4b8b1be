// SPDX-License-Identifier: Apache-2.0
// Handles recovery after a loss: the recovery code, then the mailed link's token.
#include "adapters/api/handlers.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::api {

namespace {

constexpr std::string_view links_used_up =
    "The recovery code is right, but three links were mailed within an hour. The last one still works, for "
    "10 "
    "minutes after it was mailed.";

}  // namespace

void post_recovery(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::request_recovery);
  if (!take_printed(exchange, "recovery_code", operation.event.recovery_code)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        if (!decision.asker) return exchange->problem(Problem::unavailable);
        exchange->answer(json_answer(202, Json().text("asker_secret", http::token_text(*decision.asker))));
      },
      [exchange](const service::Decision& decision) {
        if (decision.verdict == Verdict::waiting)
          return exchange->problem(Problem::throttled, {links_used_up, {}, decision.retry_after_s});
        refuse(exchange, "recovery_code")(decision);
      });
}

void post_recovery_confirm(const ApiExchangePtr& exchange) {
  const auto link = service::parse_link_token(exchange->body.text("token"));
  if (!link) return exchange->misformed("token", "This is not a mailed link's token.");
  if (!exchange->body.has("asker_secret") && !exchange->body.has("recovery_code"))
    return exchange->problem(Problem::malformed,
                             {"One of asker_secret and recovery_code is needed.", "asker_secret"});
  exchange->account_named = link->account;
  auto operation = exchange->operation(Kind::confirm_recovery);
  Event& event = operation.event;
  event.link = link->link;
  event.has_asker = exchange->body.has("asker_secret");
  event.has_recovery_code = exchange->body.has("recovery_code");
  if (event.has_asker && !take_token(exchange, "asker_secret", event.asker)) return;
  if (event.has_recovery_code && !take_printed(exchange, "recovery_code", event.recovery_code)) return;
  const std::string_view proof = event.has_recovery_code ? "recovery_code" : "asker_secret";
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        Json json;
        json.text("state", service::name(decision.view.state));
        if (decision.grant) json.text("grant", text::format(*decision.grant));
        if (!decision.grant) json.null("grant");
        exchange->answer(json_answer(200, json));
      },
      [exchange, proof](const service::Decision& decision) {
        // The same answer whether the link is wrong or nothing is there to be confirmed: without a right link
        // nobody learns whether the account is being recovered.
        const bool no_link =
            decision.verdict == Verdict::wrong_holder || decision.verdict == Verdict::wrong_state;
        if (no_link) return exchange->problem(Problem::rejected, {{}, "token"});
        refuse(exchange, proof)(decision);
      });
}

}  // namespace twinlock::api
