// SPDX-License-Identifier: Apache-2.0
// For the victim of a recovery that a thief began: one page that says so and takes the code which cancels it.
#include "adapters/pages/handlers.hpp"

namespace twinlock::pages {

using Texts = text::PageTexts;

void tell_of_recovery(const PageExchangePtr& exchange, const View& view) {
  if (view.state != State::recovering) return;
  exchange->of_recovery =
      fill(exchange->texts().recovering_notice, "time", say_time(view.deadline - recovery_s_max));
}

void show_cancel_recovery(const PageExchangePtr& exchange, int status, const View& view) {
  tell_of_recovery(exchange, view);
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/recover/cancel");
  exchange->page(status, Page::cancel_recovery, std::move(shown));
}

void get_recover_cancel(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  if (look->view.state != State::recovering) return exchange->go(exchange->url("/"));
  if (look->view.locked) return show_locked(exchange);
  show_cancel_recovery(exchange, 200, look->view);
}

// Any accepted code cancels it, so that this is a sign-in.
void post_recover_cancel(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  tell_of_recovery(exchange, look->view);
  Event event{};
  event.kind = Kind::verify;
  if (!take_code(exchange, Page::cancel_recovery, event)) return;
  exchange->submit(exchange->account(), event, std::nullopt, [exchange](const service::Decision& decision) {
    if (decision.verdict != Verdict::accepted) return refuse_code(exchange, Page::cancel_recovery, decision);
    http::Response response;
    exchange->add_pass(response, decision.epoch);
    exchange->message({200, &Texts::cancelled_title, &Texts::cancelled_text, &Texts::recovery_renew},
                      exchange->url("/recovery-code"), {}, std::move(response));
  });
}

}  // namespace twinlock::pages
