// SPDX-License-Identifier: Apache-2.0
// The Security page and what it leads to: turning off, a new recovery code, signing out.
#include <openssl/mem.h>

#include "adapters/pages/handlers.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

void show_times(Values& shown, const View& view) {
  shown[Value::since] = say_time(view.enrolled_at);
  shown[Value::since_iso] = iso_time(view.enrolled_at);
  if (view.last_used_at == 0) return;
  shown[Value::used] = say_time(view.last_used_at);
  shown[Value::used_iso] = iso_time(view.last_used_at);
}

// Returns the account's view if the browser has a pass. Otherwise answers (a GET goes to the challenge, a
// POST is refused) and returns nullopt.
std::optional<service::Look> look_with_pass(const PageExchangePtr& exchange) {
  auto look = exchange->look();
  if (!look) return std::nullopt;
  const bool reads = exchange->call().reads();
  if (!look->view.code_required) {
    if (reads) exchange->go(exchange->url("/"));
    if (!reads) wrong_state(exchange, look->view);
    return std::nullopt;
  }
  if (!exchange->has_pass(*look)) {
    const std::string challenge = challenge_for(exchange, reads ? exchange->call().route : std::string("/"));
    if (reads) exchange->go(challenge);
    if (!reads) exchange->message({403, &Texts::pass_title, &Texts::pass_text}, challenge);
    return std::nullopt;
  }
  return look;
}

void show_wait_or_page(const PageExchangePtr& exchange, Page page, const View& view) {
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(exchange->lane())];
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token(exchange->call().route);
  if (wait_s > 0)
    shown[Value::notice] = fill(exchange->texts().wait_codes, "wait", say_wait(exchange->texts(), wait_s));
  exchange->page(200, page, std::move(shown));
}

// Asks for the recovery code, or for the last group of one whose rest the form carries.
void show_saved(const PageExchangePtr& exchange, int status, std::string_view error = {}) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/recovery-code/saved");
  if (exchange->form.has("rest")) shown[Value::rest] = exchange->form.get("rest");
  shown[Value::error] = error;
  exchange->page(status, Page::saved, std::move(shown));
}

// The whole code as it was typed, or its last group behind the rest that the form carried; nullopt: neither.
std::optional<Token> read_saved(std::string_view rest, std::string_view typed) {
  if (auto whole = text::parse(typed)) return whole;
  std::string joined(rest);
  joined += typed;
  auto code = text::parse(joined);
  OPENSSL_cleanse(joined.data(), joined.size());
  return code;
}

void saved(const PageExchangePtr& exchange, const service::Decision& decision) {
  if (decision.pass_dead)
    return exchange->message({403, &Texts::pass_title, &Texts::pass_text}, challenge_for(exchange, "/"));
  switch (decision.verdict) {
    case Verdict::accepted:
      return exchange->go(landing(exchange));
    case Verdict::rejected:
      return show_saved(exchange, 422, exchange->texts().wrong_recovery);
    default:
      return wrong_state(exchange, decision.view);
  }
}

bool forbidden_to_disable(const PageExchangePtr& exchange, const View& view) {
  if (!view.second_factor_required) return false;
  exchange->message({403, &Texts::forbidden_title, &Texts::disable_forbidden}, exchange->url("/"));
  return true;
}

}  // namespace

void get_security(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  const View& view = look->view;
  if (view.code_required && !exchange->has_pass(*look)) return exchange->go(challenge_for(exchange, "/"));
  if (view.state == State::replacing)
    return show_replacing(exchange, 200, exchange->holds(http::CookieKind::grant));
  tell_of_recovery(exchange, view);
  Values shown = exchange->values();
  if (view.second_factor_required) shown[Value::required] = "yes";
  if (view.code_required) {
    shown[Value::on] = "yes";
    if (view.state == State::recovering) shown[Value::form_cancel] = exchange->form_token("/recover/cancel");
    if (view.recovery_drawn_at == 0) shown[Value::undrawn] = "yes";
    if (view.recovery_drawn_at != 0 && view.recovery_saved_at == 0) shown[Value::unsaved] = "yes";
    show_times(shown, view);
    shown[Value::form_sign_out] = exchange->form_token("/sign-out");
    shown[Value::form_everywhere] = exchange->form_token("/sign-out-everywhere");
  } else {
    shown[Value::form] = exchange->form_token("/enroll");
    if (view.state == State::enrolling && exchange->holds(http::CookieKind::enrollment))
      shown[Value::enrolling] = "yes";
  }
  exchange->page(200, Page::security, std::move(shown));
}

void get_disable(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look || forbidden_to_disable(exchange, look->view)) return;
  show_wait_or_page(exchange, Page::disable, look->view);
}

void post_disable(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look || forbidden_to_disable(exchange, look->view)) return;
  Event event{};
  event.kind = Kind::disable;
  if (!take_code(exchange, Page::disable, event)) return;
  exchange->submit(exchange->account(), event, look->epoch, [exchange](const service::Decision& decision) {
    if (decision.verdict != Verdict::accepted) return refuse_code(exchange, Page::disable, decision);
    http::Response response;
    exchange->forget_cookie(response, http::CookieKind::pass, exchange->account());
    exchange->go(exchange->url("/"), std::move(response));
  });
}

void get_renew(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look) return;
  if (look->view.state == State::recovering) return show_cancel_recovery(exchange, 409, look->view);
  show_wait_or_page(exchange, Page::renew, look->view);
}

void post_renew(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look) return;
  Event event{};
  event.kind = Kind::renew_recovery_code;
  if (!take_code(exchange, Page::renew, event)) return;
  exchange->submit(exchange->account(), event, look->epoch, [exchange](const service::Decision& decision) {
    if (decision.verdict != Verdict::accepted) return refuse_code(exchange, Page::renew, decision);
    show_recovery_code(exchange, decision, false);
  });
}

void get_saved(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look) return;
  if (look->view.recovery_drawn_at == 0) return exchange->go(exchange->url("/recovery-code"));
  show_saved(exchange, 200);
}

void post_saved(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look) return;
  const auto code = read_saved(exchange->form.get("rest"), exchange->form.get("recovery_code"));
  if (!code) return show_saved(exchange, 422, exchange->texts().misformed_recovery);
  Event event{};
  event.kind = Kind::confirm_saved;
  event.recovery_code = *code;
  exchange->submit(exchange->account(), event, look->epoch,
                   [exchange](const service::Decision& decision) { saved(exchange, decision); });
}

void post_sign_out(const PageExchangePtr& exchange) {
  http::Response response;
  exchange->forget_cookie(response, http::CookieKind::pass, exchange->account());
  exchange->go(exchange->url("/"), std::move(response));
}

void post_sign_out_everywhere(const PageExchangePtr& exchange) {
  const auto look = look_with_pass(exchange);
  if (!look) return;
  Event event{};
  event.kind = Kind::revoke_passes;
  event.epoch = look->epoch;
  exchange->submit(exchange->account(), event, look->epoch, [exchange](const service::Decision& decision) {
    if (decision.pass_dead || decision.verdict == Verdict::wrong_holder)
      return exchange->message({403, &Texts::pass_title, &Texts::pass_text}, challenge_for(exchange, "/"));
    if (decision.verdict != Verdict::accepted) return wrong_state(exchange, decision.view);
    // The browser that asked stays signed in, and known.
    http::Response response;
    exchange->add_pass(response, decision.epoch);
    exchange->go(exchange->url("/"), std::move(response));
  });
}

}  // namespace twinlock::pages
