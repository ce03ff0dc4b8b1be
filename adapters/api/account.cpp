// SPDX-License-Identifier: Apache-2.0
// What an account's own codes do, and how it stands.
#include "adapters/api/handlers.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::api {

void get_account(const Turn& turn) {
  const auto look = turn->tools().service.look(turn->account());
  if (!look) return turn->problem(Problem::unavailable);
  const View& view = look->view;
  Json json;
  json.text("state", service::name(view.state)).flag("code_required", view.code_required);
  json.flag("locked", view.locked);
  json.number("retry_after_s", view.retry_after_s[static_cast<std::size_t>(Lane::other)]);
  json.number("failures", view.failures);
  json.number_or_null("enrolled_at", view.enrolled_at).number_or_null("last_used_at", view.last_used_at);
  turn->answer(json_answer(200, json));
}

void post_verify(const Turn& turn) {
  auto operation = turn->operation(Kind::verify);
  if (turn->body.flag("known")) operation.event.lane = Lane::known;
  if (!take_code(turn, operation.event) || !take_email(turn, operation.email)) return;
  const auto refused = refuse(turn, "code", operation.event.lane);
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        turn->answer(json_answer(200, Json().text("verdict", "accepted").number("step", decision.step)));
      },
      refused);
}

void post_disable(const Turn& turn) {
  auto operation = turn->operation(Kind::disable);
  if (!take_code(turn, operation.event)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        turn->answer(json_answer(200, Json().text("state", service::name(decision.view.state))));
      },
      refuse(turn, "code"));
}

void post_recovery_code(const Turn& turn) {
  auto operation = turn->operation(Kind::renew_recovery_code);
  if (!take_code(turn, operation.event)) return;
  turn->submit(
      std::move(operation),
      [turn](const service::Decision& decision) {
        if (!decision.recovery_code) return turn->problem(Problem::unavailable);
        turn->answer(json_answer(200, Json().text("recovery_code", text::format(*decision.recovery_code))));
      },
      refuse(turn, "code"));
}

void post_revoke_passes(const Turn& turn) {
  auto operation = turn->operation(Kind::revoke_passes);
  operation.event.by_operator = true;
  operation.operator_name = "API key " + turn->caller.id;
  turn->submit(
      std::move(operation), [turn](const service::Decision&) { turn->answer(no_content()); },
      refuse(turn, {}));
}

}  // namespace twinlock::api
