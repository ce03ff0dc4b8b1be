// SPDX-License-Identifier: Apache-2.0
// The way back after a loss: the recovery code, then the mailed link.
#include "adapters/pages/handlers.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

void show_recover(const Turn& turn, int status, std::string_view error = {}, http::Response with = {}) {
  Values shown = turn->values();
  shown[Value::form] = turn->form_token("/recover");
  shown[Value::contact] = turn->ask_whom();
  shown[Value::error] = error;
  turn->page(status, Page::recover, std::move(shown), std::move(with));
}

std::string wait_text(const Turn& turn, Seconds s) {
  return fill(turn->texts().wait_recovery, "wait", say_wait(turn->texts(), s));
}

void show_sent(const Turn& turn, const service::Answer& answer) {
  if (!answer.asker) return turn->unavailable();
  Values shown = turn->values();
  shown[Value::sent] = fill(turn->texts().sent_text, "address", answer.masked_email);
  http::Response response;
  turn->set_cookie(response, http::CookieKind::asker, turn->account(), http::token_text(*answer.asker),
                   recovery_s_max);
  turn->page(200, Page::recover_sent, std::move(shown), std::move(response));
}

void asked(const Turn& turn, const service::Answer& answer) {
  switch (answer.verdict) {
    case Verdict::accepted:
      return show_sent(turn, answer);
    case Verdict::rejected:
      return show_recover(turn, 422, turn->texts().wrong_recovery);
    case Verdict::waiting:
      return show_recover(turn, 429, wait_text(turn, answer.retry_after_s),
                          retry_after(answer.retry_after_s));
    case Verdict::undeliverable: {
      Values shown = turn->values();
      shown[Value::contact] = turn->ask_whom();
      return turn->page(409, Page::no_address, std::move(shown));
    }
    default:
      return wrong_state(turn, answer.view);
  }
}

void show_confirm(const Turn& turn, int status, bool ask_code, std::string_view error = {},
                  http::Response with = {}) {
  Values shown = turn->values();
  shown[Value::form] = turn->form_token("/recover/confirm");
  shown[Value::token] = turn->form.get("token");
  shown[Value::error] = error;
  if (ask_code) shown[Value::ask_code] = "yes";
  turn->page(status, Page::recover_confirm, std::move(shown), std::move(with));
}

// The link's account, which must also be the signed-in person's where there is one; nullopt: answered.
std::optional<service::LinkToken> read_link(const Turn& turn) {
  auto link = service::parse_link_token(turn->form.get("token"));
  if (!link) {
    turn->notice({400, &Texts::link_title, &Texts::link_text, &Texts::locked_recover}, turn->url("/recover"));
    return std::nullopt;
  }
  if (turn->host().account && *turn->host().account != link->account) {
    turn->notice({403, &Texts::other_account_title, &Texts::other_account_text});
    return std::nullopt;
  }
  return link;
}

void show_recovered(const Turn& turn, const service::Account& account, const service::Answer& answer) {
  Values shown = turn->values();
  http::Response response;
  turn->forget_cookie(response, http::CookieKind::asker, account);
  turn->forget_cookie(response, http::CookieKind::pass, account);
  if (answer.grant) {
    shown[Value::has_grant] = "yes";
    turn->set_cookie(response, http::CookieKind::grant, account, http::token_text(*answer.grant),
                     grant_s_max);
  }
  turn->page(200, Page::recovered, std::move(shown), std::move(response));
}

void settled(const Turn& turn, const service::Account& account, const service::Answer& answer) {
  switch (answer.verdict) {
    case Verdict::accepted:
      return show_recovered(turn, account, answer);
    case Verdict::proof_needed:
      return show_confirm(turn, 422, true);
    case Verdict::rejected:
      return show_confirm(turn, 422, true, turn->texts().wrong_recovery);
    case Verdict::waiting:
      return show_confirm(turn, 429, true, wait_text(turn, answer.retry_after_s),
                          retry_after(answer.retry_after_s));
    default: {
      const int status = answer.verdict == Verdict::wrong_holder ? 422 : 409;
      return turn->notice({status, &Texts::link_title, &Texts::link_text, &Texts::locked_recover},
                          turn->url("/recover"));
    }
  }
}

}  // namespace

void get_recover(const Turn& turn) {
  const auto look = turn->look();
  if (!look) return;
  if (look->view.state == State::replacing)
    return show_replacing(turn, 200, turn->holds(http::CookieKind::grant));
  if (!look->view.code_required) return turn->go(turn->url("/"));
  show_recover(turn, 200);
}

void post_recover(const Turn& turn) {
  const auto typed = text::parse(turn->form.get("recovery_code"));
  if (!typed) return show_recover(turn, 422, turn->texts().misformed_recovery);
  Event event{};
  event.kind = Kind::request_recovery;
  event.recovery_code = *typed;
  turn->submit(turn->account(), event, std::nullopt,
               [turn](const service::Answer& answer) { asked(turn, answer); });
}

void get_recover_confirm(const Turn& turn) {
  const auto link = read_link(turn);
  if (!link) return;
  show_confirm(turn, 200, !turn->cookie_token(http::CookieKind::asker, link->account).has_value());
}

void post_recover_confirm(const Turn& turn) {
  const auto link = read_link(turn);
  if (!link) return;
  Event event{};
  event.kind = Kind::confirm_recovery;
  event.link = link->link;
  if (const auto asker = turn->cookie_token(http::CookieKind::asker, link->account)) {
    event.has_asker = true;
    event.asker = *asker;
  }
  if (const std::string_view typed = turn->form.get("recovery_code"); !typed.empty()) {
    const auto code = text::parse(typed);
    if (!code) return show_confirm(turn, 422, true, turn->texts().misformed_recovery);
    event.has_recovery_code = true;
    event.recovery_code = *code;
  }
  turn->submit(
      link->account, event, std::nullopt,
      [turn, account = link->account](const service::Answer& answer) { settled(turn, account, answer); });
}

}  // namespace twinlock::pages
