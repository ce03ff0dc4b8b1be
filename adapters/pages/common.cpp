// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/code.hpp"
#include "adapters/pages/handlers.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

std::string wrong_code_text(const Turn& turn, const View& view) {
  std::string text(turn->texts().wrong_code.view());
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(turn->lane())];
  if (wait_s > 0)
    text.append(" ").append(fill(turn->texts().wait_more, "wait", say_wait(turn->texts(), wait_s)));
  return text;
}

}  // namespace

std::string landing(const Turn& turn) { return turn->next.empty() ? turn->url("/") : turn->next; }

std::string challenge_for(const Turn& turn, std::string_view route) {
  return turn->url("/challenge?next=") + turn->url(route);
}

http::Response retry_after(Seconds s) {
  http::Response response;
  response.add("Retry-After", std::to_string(s));
  return response;
}

void show_code_page(const Turn& turn, Page page, int status, std::string_view error, http::Response with) {
  Values shown = turn->values();
  shown[Value::form] = turn->form_token(turn->call().route);
  shown[Value::error] = error;
  turn->page(status, page, std::move(shown), std::move(with));
}

bool take_code(const Turn& turn, Page page, Event& event) {
  const auto code = http::read_code(turn->form.get("code"));
  if (!code) {
    show_code_page(turn, page, 422, turn->texts().misformed_code);
    return false;
  }
  event.code = *code;
  event.lane = turn->lane();
  return true;
}

void refuse_code(const Turn& turn, Page page, const service::Answer& answer) {
  if (answer.pass_dead)
    return turn->notice({403, &Texts::pass_title, &Texts::pass_text},
                        challenge_for(turn, turn->call().route));
  switch (answer.verdict) {
    case Verdict::rejected:
      if (answer.view.locked) return show_locked(turn);
      return show_code_page(turn, page, 422, wrong_code_text(turn, answer.view));
    case Verdict::waiting:
      return show_code_page(
          turn, page, 429,
          fill(turn->texts().wait_codes, "wait", say_wait(turn->texts(), answer.retry_after_s)),
          retry_after(answer.retry_after_s));
    case Verdict::locked:
      return show_locked(turn);
    case Verdict::forbidden:
      return turn->notice({403, &Texts::forbidden_title, &Texts::disable_forbidden}, turn->url("/"));
    default:
      return wrong_state(turn, answer.view);
  }
}

void show_recovery_code(const Turn& turn, const service::Answer& answer, bool just_enabled) {
  if (!answer.recovery_code) return turn->unavailable();
  turn->shows_secret();
  Values shown = turn->values();
  shown[Value::recovery_code] = text::format(*answer.recovery_code);
  shown[Value::link] = landing(turn);
  if (just_enabled) shown[Value::enabled] = "yes";
  http::Response response;
  turn->add_pass(response, answer.epoch);
  if (just_enabled) {
    turn->forget_cookie(response, http::CookieKind::enrollment, turn->account());
    turn->forget_cookie(response, http::CookieKind::grant, turn->account());
  }
  turn->page(200, Page::recovery_code, std::move(shown), std::move(response));
}

void show_locked(const Turn& turn) {
  Values shown = turn->values();
  shown[Value::contact] = turn->ask_whom();
  turn->page(403, Page::locked, std::move(shown));
}

void show_replacing(const Turn& turn, int status, bool grant_here, std::string_view error) {
  Values shown = turn->values();
  shown[Value::form] = turn->form_token("/enroll");
  shown[Value::contact] = turn->ask_whom();
  shown[Value::error] = error;
  if (grant_here) shown[Value::has_grant] = "yes";
  turn->page(status, Page::replacing, std::move(shown));
}

void wrong_state(const Turn& turn, const View& view) {
  if (view.state == State::replacing) return show_replacing(turn, 409, false);
  if (view.passes_without)
    return turn->notice({409, &Texts::wrong_state_title, &Texts::already_off_text}, landing(turn));
  turn->notice({409, &Texts::wrong_state_title, &Texts::wrong_state_text}, turn->url("/"));
}

}  // namespace twinlock::pages
