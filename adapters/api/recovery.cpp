// SPDX-License-Identifier: Apache-2.0
// The way back after a loss: the recovery code, then the mailed link's token.
#include "adapters/api/handlers.hpp"
#include "adapters/http/cookies.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::api {

void post_recovery(const Turn& turn) {
  auto operation = turn->operation(Kind::request_recovery);
  if (!take_printed(turn, "recovery_code", operation.event.recovery_code)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        if (!decision.asker) return turn->problem(Problem::unavailable);
        turn->answer(json_answer(202, Json().text("asker_secret", http::token_text(*decision.asker))));
      },
      refuse(turn, "recovery_code"));
}

void post_recovery_confirm(const Turn& turn) {
  const auto link = service::parse_link_token(turn->body.text("token"));
  if (!link) return turn->misformed("token", "This is not a mailed link's token.");
  if (!turn->body.has("asker_secret") && !turn->body.has("recovery_code"))
    return turn->problem(Problem::malformed,
                         {"One of asker_secret and recovery_code is needed.", "asker_secret"});
  turn->account_named = link->account;
  auto operation = turn->operation(Kind::confirm_recovery);
  Event& event = operation.event;
  event.link = link->link;
  event.has_asker = turn->body.has("asker_secret");
  event.has_recovery_code = turn->body.has("recovery_code");
  if (event.has_asker && !take_token(turn, "asker_secret", event.asker)) return;
  if (event.has_recovery_code && !take_printed(turn, "recovery_code", event.recovery_code)) return;
  const std::string_view proof = event.has_recovery_code ? "recovery_code" : "asker_secret";
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        Json json;
        json.text("state", service::name(decision.view.state));
        if (decision.grant) json.text("grant", text::format(*decision.grant));
        if (!decision.grant) json.null("grant");
        turn->answer(json_answer(200, json));
      },
      [turn, proof](const service::Decision& decision) {
        refuse(turn, decision.verdict == Verdict::wrong_holder ? "token" : proof)(decision);
      });
}

}  // namespace twinlock::api
