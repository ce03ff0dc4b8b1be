// SPDX-License-Identifier: Apache-2.0
// Handles the operations that need an account's code, and its state.
#include "adapters/api/handlers.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::api {

namespace {

void add_recovery_code(Json& json, const View& view) {
  if (view.recovery_drawn_at == 0) {
    json.null("recovery_code");
    return;
  }
  Json code;
  code.number("drawn_at", view.recovery_drawn_at).number_or_null("saved_at", view.recovery_saved_at);
  json.object("recovery_code", code);
}

}  // namespace

void get_account(const ApiExchangePtr& exchange) {
  const auto look = exchange->tools().service.look(exchange->account());
  if (!look) return exchange->problem(Problem::unavailable);
  if (look->look_alike) return exchange->problem(Problem::look_alike);
  const View& view = look->view;
  Json json;
  json.text("state", service::name(view.state)).flag("code_required", view.code_required);
  json.flag("locked", view.locked);
  json.number("retry_after_s", view.retry_after_s[static_cast<std::size_t>(Lane::other)]);
  json.number("failures", view.failures);
  json.number_or_null("enrolled_at", view.enrolled_at).number_or_null("last_used_at", view.last_used_at);
  add_recovery_code(json, view);
  exchange->answer(json_answer(200, json));
}

void post_verify(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::verify);
  if (exchange->body.flag("known")) operation.event.lane = Lane::known;
  if (exchange->body.has("required"))
    operation.event.host_word = exchange->body.flag("required") ? HostWord::required : HostWord::not_required;
  if (!take_code(exchange, operation.event) || !take_email(exchange, operation.email)) return;
  if (exchange->body.has("ticket") && !take_printed(exchange, "ticket", operation.event.ticket)) return;
  const auto refused = refuse(exchange, "code", operation.event.lane);
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        exchange->answer(json_answer(200, Json().text("verdict", "accepted").number("step", decision.step)));
      },
      refused);
}

void post_disable(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::disable);
  if (!take_code(exchange, operation.event)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        exchange->answer(json_answer(200, Json().text("state", service::name(decision.view.state))));
      },
      refuse(exchange, "code"));
}

void post_recovery_code(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::renew_recovery_code);
  if (!take_code(exchange, operation.event)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        if (!decision.recovery_code) return exchange->problem(Problem::unavailable);
        exchange->answer(
            json_answer(200, Json().text("recovery_code", text::format(*decision.recovery_code))));
      },
      refuse(exchange, "code"));
}

void post_recovery_code_saved(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::confirm_saved);
  if (!take_printed(exchange, "recovery_code", operation.event.recovery_code)) return;
  exchange->submit(
      std::move(operation),
      [exchange](const service::Decision& decision) {
        Json json;
        json.number("drawn_at", decision.view.recovery_drawn_at);
        exchange->answer(json_answer(200, json.number("saved_at", decision.view.recovery_saved_at)));
      },
      refuse(exchange, "recovery_code"));
}

void post_revoke_passes(const ApiExchangePtr& exchange) {
  auto operation = exchange->operation(Kind::revoke_passes);
  operation.event.by_operator = true;
  operation.operator_name = "API key " + exchange->caller.id;
  exchange->submit(
      std::move(operation), [exchange](const service::Decision&) { exchange->answer(no_content()); },
      refuse(exchange, {}));
}

}  // namespace twinlock::api
