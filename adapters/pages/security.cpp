// SPDX-License-Identifier: Apache-2.0
// The Security page and what it leads to: turning off, a new recovery code, signing out.
#include "adapters/pages/handlers.hpp"

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

// A page for which a pass is shown; nullopt: answered. Where there is no pass, a reader is sent to the
// challenge, a writer refused.
std::optional<service::Look> look_with_pass(const Turn& turn) {
  auto look = turn->look();
  if (!look) return std::nullopt;
  const bool reads = turn->call().reads();
  if (!look->view.code_required) {
    if (reads) turn->go(turn->url("/"));
    if (!reads) wrong_state(turn, look->view);
    return std::nullopt;
  }
  if (!turn->has_pass(*look)) {
    const std::string challenge = challenge_for(turn, reads ? turn->call().route : std::string("/"));
    if (reads) turn->go(challenge);
    if (!reads) turn->notice({403, &Texts::pass_title, &Texts::pass_text}, challenge);
    return std::nullopt;
  }
  return look;
}

void show_wait_or_page(const Turn& turn, Page page, const View& view) {
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(turn->lane())];
  Values shown = turn->values();
  shown[Value::form] = turn->form_token(turn->call().route);
  if (wait_s > 0)
    shown[Value::notice] = fill(turn->texts().wait_codes, "wait", say_wait(turn->texts(), wait_s));
  turn->page(200, page, std::move(shown));
}

bool forbidden_to_disable(const Turn& turn, const View& view) {
  if (!view.second_factor_required) return false;
  turn->notice({403, &Texts::forbidden_title, &Texts::disable_forbidden}, turn->url("/"));
  return true;
}

}  // namespace

void get_security(const Turn& turn) {
  const auto look = turn->look();
  if (!look) return;
  const View& view = look->view;
  if (view.code_required && !turn->has_pass(*look)) return turn->go(challenge_for(turn, "/"));
  if (view.state == State::replacing) return show_replacing(turn, 200, turn->holds(http::CookieKind::grant));
  Values shown = turn->values();
  if (view.second_factor_required) shown[Value::required] = "yes";
  if (view.code_required) {
    shown[Value::on] = "yes";
    if (view.state == State::recovering) shown[Value::recovering] = "yes";
    show_times(shown, view);
    shown[Value::form_sign_out] = turn->form_token("/sign-out");
    shown[Value::form_everywhere] = turn->form_token("/sign-out-everywhere");
  } else {
    shown[Value::form] = turn->form_token("/enroll");
    if (view.state == State::enrolling && turn->holds(http::CookieKind::enrollment))
      shown[Value::enrolling] = "yes";
  }
  turn->page(200, Page::security, std::move(shown));
}

void get_disable(const Turn& turn) {
  const auto look = look_with_pass(turn);
  if (!look || forbidden_to_disable(turn, look->view)) return;
  show_wait_or_page(turn, Page::disable, look->view);
}

void post_disable(const Turn& turn) {
  const auto look = look_with_pass(turn);
  if (!look || forbidden_to_disable(turn, look->view)) return;
  Event event{};
  event.kind = Kind::disable;
  if (!take_code(turn, Page::disable, event)) return;
  turn->submit(turn->account(), event, look->epoch, [turn](const service::Answer& answer) {
    if (answer.verdict != Verdict::accepted) return refuse_code(turn, Page::disable, answer);
    http::Response response;
    turn->forget_cookie(response, http::CookieKind::pass, turn->account());
    turn->go(turn->url("/"), std::move(response));
  });
}

void get_renew(const Turn& turn) {
  const auto look = look_with_pass(turn);
  if (!look) return;
  show_wait_or_page(turn, Page::renew, look->view);
}

void post_renew(const Turn& turn) {
  const auto look = look_with_pass(turn);
  if (!look) return;
  Event event{};
  event.kind = Kind::renew_recovery_code;
  if (!take_code(turn, Page::renew, event)) return;
  turn->submit(turn->account(), event, look->epoch, [turn](const service::Answer& answer) {
    if (answer.verdict != Verdict::accepted) return refuse_code(turn, Page::renew, answer);
    show_recovery_code(turn, answer, false);
  });
}

void post_sign_out(const Turn& turn) {
  http::Response response;
  turn->forget_cookie(response, http::CookieKind::pass, turn->account());
  turn->go(turn->url("/"), std::move(response));
}

void post_sign_out_everywhere(const Turn& turn) {
  const auto look = look_with_pass(turn);
  if (!look) return;
  Event event{};
  event.kind = Kind::revoke_passes;
  event.epoch = look->epoch;
  turn->submit(turn->account(), event, look->epoch, [turn](const service::Answer& answer) {
    if (answer.pass_dead || answer.verdict == Verdict::wrong_holder)
      return turn->notice({403, &Texts::pass_title, &Texts::pass_text}, challenge_for(turn, "/"));
    if (answer.verdict != Verdict::accepted) return wrong_state(turn, answer.view);
    http::Response response;
    turn->forget_cookie(response, http::CookieKind::pass, turn->account());
    turn->go(turn->url("/"), std::move(response));
  });
}

}  // namespace twinlock::pages
