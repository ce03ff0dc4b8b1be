// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/code.hpp"
#include "adapters/pages/handlers.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

std::string wrong_code_text(const PageExchangePtr& exchange, const View& view, bool ticket_alive) {
  std::string text(exchange->texts().wrong_code.view());
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(exchange->lane())];
  if (wait_s > 0 && !ticket_alive)
    text.append(" ").append(fill(exchange->texts().wait_more, "wait", say_wait(exchange->texts(), wait_s)));
  return text;
}

bool ticket_alive(const service::Decision& decision) {
  return decision.by_ticket && decision.view.ticket_until != 0;
}

// What is wrong with the ticket that came with the code; "": none came, or it still counts.
std::string_view ticket_fault(const PageExchangePtr& exchange, const service::Decision& decision) {
  if (exchange->form.get("ticket").empty() || ticket_alive(decision)) return {};
  return decision.by_ticket ? exchange->texts().spent_ticket : exchange->texts().wrong_ticket;
}

}  // namespace

std::string landing(const PageExchangePtr& exchange) {
  return exchange->next.empty() ? exchange->url("/") : exchange->next;
}

std::string challenge_for(const PageExchangePtr& exchange, std::string_view route) {
  return exchange->url("/challenge?next=") + exchange->url(route);
}

http::Response retry_after(Seconds s) {
  http::Response response;
  response.add("Retry-After", std::to_string(s));
  return response;
}

void show_code_page(const PageExchangePtr& exchange, Page page, int status, std::string_view error,
                    http::Response with, std::string_view ticket_error) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token(exchange->call().route);
  shown[Value::error] = error;
  if (exchange->form.has("ticket")) shown[Value::ticket] = exchange->form.get("ticket");
  shown[Value::ticket_error] = ticket_error;
  if (!shown[Value::ticket].empty()) shown[Value::ask_ticket] = "yes";
  exchange->page(status, page, std::move(shown), std::move(with));
}

bool take_code(const PageExchangePtr& exchange, Page page, Event& event) {
  const auto code = http::read_code(exchange->form.get("code"));
  if (!code) {
    show_code_page(exchange, page, 422, exchange->texts().misformed_code);
    return false;
  }
  event.code = *code;
  event.lane = exchange->lane();
  return true;
}

void refuse_code(const PageExchangePtr& exchange, Page page, const service::Decision& decision) {
  if (decision.pass_dead)
    return exchange->message({403, &Texts::pass_title, &Texts::pass_text},
                             challenge_for(exchange, exchange->call().route));
  switch (decision.verdict) {
    case Verdict::rejected:
      if (decision.view.locked) return show_locked(exchange);
      return show_code_page(exchange, page, 422,
                            wrong_code_text(exchange, decision.view, ticket_alive(decision)), {},
                            ticket_fault(exchange, decision));
    case Verdict::waiting:
      return show_code_page(
          exchange, page, 429,
          fill(exchange->texts().wait_codes, "wait", say_wait(exchange->texts(), decision.retry_after_s)),
          retry_after(decision.retry_after_s), ticket_fault(exchange, decision));
    case Verdict::locked:
      return show_locked(exchange);
    case Verdict::forbidden:
      return exchange->message({403, &Texts::forbidden_title, &Texts::disable_forbidden}, exchange->url("/"));
    default:
      return wrong_state(exchange, decision.view);
  }
}

void show_recovery_code(const PageExchangePtr& exchange, const service::Decision& decision,
                        bool just_enabled) {
  if (!decision.recovery_code) return exchange->unavailable();
  exchange->keep_for_its_reader();
  Values shown = exchange->values();
  const std::string code = text::format(*decision.recovery_code);
  shown[Value::recovery_code] = code;
  shown[Value::rest] = code.substr(0, code.rfind('-'));
  shown[Value::form] = exchange->form_token("/recovery-code/saved");
  shown[Value::link] = landing(exchange);
  if (just_enabled) shown[Value::enabled] = "yes";
  http::Response response;
  exchange->add_pass(response, decision.epoch);
  if (just_enabled) {
    exchange->forget_cookie(response, http::CookieKind::enrollment, exchange->account());
    exchange->forget_cookie(response, http::CookieKind::grant, exchange->account());
  }
  exchange->page(200, Page::recovery_code, std::move(shown), std::move(response));
}

void show_locked(const PageExchangePtr& exchange) {
  Values shown = exchange->values();
  shown[Value::contact] = exchange->ask_whom();
  exchange->page(403, Page::locked, std::move(shown));
}

void show_replacing(const PageExchangePtr& exchange, int status, bool grant_here, std::string_view error,
                    http::Response with) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/enroll");
  shown[Value::contact] = exchange->ask_whom();
  shown[Value::error] = error;
  if (grant_here) shown[Value::has_grant] = "yes";
  exchange->page(status, Page::replacing, std::move(shown), std::move(with));
}

void wrong_state(const PageExchangePtr& exchange, const View& view) {
  if (view.state == State::replacing) return show_replacing(exchange, 409, false);
  if (view.state == State::recovering && exchange->call().route != "/recover/cancel")
    return show_cancel_recovery(exchange, 409, view);
  if (view.passes_without)
    return exchange->message({409, &Texts::wrong_state_title, &Texts::already_off_text}, landing(exchange));
  exchange->message({409, &Texts::wrong_state_title, &Texts::wrong_state_text}, exchange->url("/"));
}

}  // namespace twinlock::pages
