// SPDX-License-Identifier: Apache-2.0
// The way back after a loss: the recovery code, then the mailed link.
#include "adapters/pages/handlers.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

void show_recover(const PageExchangePtr& exchange, int status, std::string_view error = {},
                  http::Response with = {}) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/recover");
  shown[Value::contact] = exchange->ask_whom();
  shown[Value::error] = error;
  exchange->page(status, Page::recover, std::move(shown), std::move(with));
}

void show_sent(const PageExchangePtr& exchange, const service::Decision& decision) {
  if (!decision.asker) return exchange->unavailable();
  Values shown = exchange->values();
  shown[Value::sent] = fill(exchange->texts().sent_text, "address", decision.masked_email);
  http::Response response;
  exchange->set_cookie(response, http::CookieKind::asker, exchange->account(),
                       http::token_text(*decision.asker), recovery_s_max);
  exchange->page(200, Page::recover_sent, std::move(shown), std::move(response));
}

void asked(const PageExchangePtr& exchange, const service::Decision& decision) {
  switch (decision.verdict) {
    case Verdict::accepted:
      return show_sent(exchange, decision);
    case Verdict::rejected:
      return show_recover(exchange, 422, exchange->texts().wrong_recovery);
    case Verdict::waiting:  // the code is right, and the hour's links are used up
      return show_recover(
          exchange, 429,
          fill(exchange->texts().wait_links, "wait", say_wait(exchange->texts(), decision.retry_after_s)),
          retry_after(decision.retry_after_s));
    case Verdict::undeliverable: {
      Values shown = exchange->values();
      shown[Value::contact] = exchange->ask_whom();
      return exchange->page(409, Page::no_address, std::move(shown));
    }
    default:
      return wrong_state(exchange, decision.view);
  }
}

void show_confirm(const PageExchangePtr& exchange, int status, bool ask_code, std::string_view error = {},
                  http::Response with = {}) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/recover/confirm");
  shown[Value::token] = exchange->form.get("token");
  shown[Value::error] = error;
  if (ask_code) shown[Value::ask_code] = "yes";
  exchange->page(status, Page::recover_confirm, std::move(shown), std::move(with));
}

// Returns the link's account, which must be the signed-in person's if somebody is signed in; nullopt:
// answered.
std::optional<service::LinkToken> read_link(const PageExchangePtr& exchange) {
  auto link = service::parse_link_token(exchange->form.get("token"));
  if (!link) {
    exchange->message({400, &Texts::link_title, &Texts::link_text, &Texts::locked_recover},
                      exchange->url("/recover"));
    return std::nullopt;
  }
  if (exchange->host().account && *exchange->host().account != link->account) {
    exchange->message({403, &Texts::other_account_title, &Texts::other_account_text});
    return std::nullopt;
  }
  return link;
}

void show_recovered(const PageExchangePtr& exchange, const service::Account& account,
                    const service::Decision& decision) {
  Values shown = exchange->values();
  http::Response response;
  exchange->forget_cookie(response, http::CookieKind::asker, account);
  exchange->forget_cookie(response, http::CookieKind::pass, account);
  if (decision.grant) {
    shown[Value::has_grant] = "yes";
    exchange->set_cookie(response, http::CookieKind::grant, account, http::token_text(*decision.grant),
                         grant_s_max);
  }
  exchange->page(200, Page::recovered, std::move(shown), std::move(response));
}

void settled(const PageExchangePtr& exchange, const service::Account& account,
             const service::Decision& decision) {
  switch (decision.verdict) {
    case Verdict::accepted:
      return show_recovered(exchange, account, decision);
    case Verdict::proof_needed:
      return show_confirm(exchange, 422, true);
    case Verdict::rejected:
      return show_confirm(exchange, 422, true, exchange->texts().wrong_recovery);
    // The same page whether the link is wrong or nothing is there to be confirmed: without a right link
    // nobody learns whether the account is being recovered.
    default:
      return exchange->message({422, &Texts::link_title, &Texts::link_text, &Texts::locked_recover},
                               exchange->url("/recover"));
  }
}

}  // namespace

void get_recover(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  if (look->view.state == State::replacing)
    return show_replacing(exchange, 200, exchange->holds(http::CookieKind::grant));
  if (!look->view.code_required) return exchange->go(exchange->url("/"));
  show_recover(exchange, 200);
}

void post_recover(const PageExchangePtr& exchange) {
  const auto typed = text::parse(exchange->form.get("recovery_code"));
  if (!typed) return show_recover(exchange, 422, exchange->texts().misformed_recovery);
  Event event{};
  event.kind = Kind::request_recovery;
  event.recovery_code = *typed;
  exchange->submit(exchange->account(), event, std::nullopt,
                   [exchange](const service::Decision& decision) { asked(exchange, decision); });
}

void get_recover_confirm(const PageExchangePtr& exchange) {
  const auto link = read_link(exchange);
  if (!link) return;
  show_confirm(exchange, 200, !exchange->cookie_token(http::CookieKind::asker, link->account).has_value());
}

void post_recover_confirm(const PageExchangePtr& exchange) {
  const auto link = read_link(exchange);
  if (!link) return;
  Event event{};
  event.kind = Kind::confirm_recovery;
  event.link = link->link;
  if (const auto asker = exchange->cookie_token(http::CookieKind::asker, link->account)) {
    event.has_asker = true;
    event.asker = *asker;
  }
  if (const std::string_view typed = exchange->form.get("recovery_code"); !typed.empty()) {
    const auto code = text::parse(typed);
    if (!code) return show_confirm(exchange, 422, true, exchange->texts().misformed_recovery);
    event.has_recovery_code = true;
    event.recovery_code = *code;
  }
  exchange->submit(link->account, event, std::nullopt,
                   [exchange, account = link->account](const service::Decision& decision) {
                     settled(exchange, account, decision);
                   });
}

}  // namespace twinlock::pages
