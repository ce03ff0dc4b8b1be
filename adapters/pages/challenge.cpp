// SPDX-License-Identifier: Apache-2.0
// The sign-in prompt.
#include "adapters/pages/handlers.hpp"
#include "adapters/pages/next_path.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

// Apache's ErrorDocument 403 comes here by itself (docs/recipes/apache.md): the page that was asked for is
// in REDIRECT_URL.
void take_apaches_next(const PageExchangePtr& exchange) {
  const fastcgi::Request& request = exchange->request();
  if (!exchange->next.empty() || request.value("REDIRECT_STATUS") != "403") return;
  exchange->next = to_local_path(request.value("REDIRECT_URL"), request.value("REDIRECT_QUERY_STRING"));
}

void show_prompt(const PageExchangePtr& exchange, const View& view) {
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(exchange->lane())];
  tell_of_recovery(exchange, view);
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/challenge");
  if (wait_s > 0)
    shown[Value::notice] = fill(exchange->texts().wait_codes, "wait", say_wait(exchange->texts(), wait_s));
  exchange->page(200, Page::challenge, std::move(shown));
}

// Reads the ticket, if one was typed; false: misformed, answered 422.
bool take_ticket(const PageExchangePtr& exchange, Event& event) {
  const std::string_view typed = exchange->form.get("ticket");
  if (typed.empty()) return true;
  const auto ticket = text::parse(typed);
  if (ticket) event.ticket = *ticket;
  if (!ticket) show_code_page(exchange, Page::challenge, 422, {}, {}, exchange->texts().misformed_ticket);
  return ticket.has_value();
}

}  // namespace

void get_challenge(const PageExchangePtr& exchange) {
  take_apaches_next(exchange);
  const auto look = exchange->look();
  if (!look) return;
  if (look->view.passes_without || exchange->has_pass(*look)) return exchange->go(landing(exchange));
  if (look->view.state == State::replacing)
    return show_replacing(exchange, 200, exchange->holds(http::CookieKind::grant));
  if (!look->view.code_required)
    return exchange->go(exchange->url("/enroll") + (exchange->next.empty() ? "" : "?next=" + exchange->next));
  if (look->view.locked) return show_locked(exchange);
  show_prompt(exchange, look->view);
}

void post_challenge(const PageExchangePtr& exchange) {
  Event event{};
  event.kind = Kind::verify;
  if (!take_ticket(exchange, event) || !take_code(exchange, Page::challenge, event)) return;
  exchange->submit(exchange->account(), event, std::nullopt, [exchange](const service::Decision& decision) {
    if (decision.verdict != Verdict::accepted) return refuse_code(exchange, Page::challenge, decision);
    http::Response response;
    exchange->add_pass(response, decision.epoch);
    exchange->go(landing(exchange), std::move(response));
  });
}

}  // namespace twinlock::pages
