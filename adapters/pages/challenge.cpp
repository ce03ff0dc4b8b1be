// SPDX-License-Identifier: Apache-2.0
// The sign-in prompt.
#include "adapters/pages/handlers.hpp"
#include "adapters/pages/next_path.hpp"

namespace twinlock::pages {
namespace {

// Apache's ErrorDocument 403 comes here by itself (docs/recipes/apache.md): the page that was asked for is
// in REDIRECT_URL.
void take_apaches_next(const Turn& turn) {
  const fastcgi::Request& request = turn->request();
  if (!turn->next.empty() || request.value("REDIRECT_STATUS") != "403") return;
  turn->next = to_local_path(request.value("REDIRECT_URL"), request.value("REDIRECT_QUERY_STRING"));
}

void show_prompt(const Turn& turn, const View& view) {
  const Seconds wait_s = view.retry_after_s[static_cast<std::size_t>(turn->lane())];
  Values shown = turn->values();
  shown[Value::form] = turn->form_token("/challenge");
  if (wait_s > 0)
    shown[Value::notice] = fill(turn->texts().wait_codes, "wait", say_wait(turn->texts(), wait_s));
  turn->page(200, Page::challenge, std::move(shown));
}

}  // namespace

void get_challenge(const Turn& turn) {
  take_apaches_next(turn);
  const auto look = turn->look();
  if (!look) return;
  if (look->view.passes_without || turn->has_pass(*look)) return turn->go(landing(turn));
  if (look->view.state == State::replacing)
    return show_replacing(turn, 200, turn->holds(http::CookieKind::grant));
  if (!look->view.code_required)
    return turn->go(turn->url("/enroll") + (turn->next.empty() ? "" : "?next=" + turn->next));
  if (look->view.locked) return show_locked(turn);
  show_prompt(turn, look->view);
}

void post_challenge(const Turn& turn) {
  Event event{};
  event.kind = Kind::verify;
  if (!take_code(turn, Page::challenge, event)) return;
  turn->submit(turn->account(), event, std::nullopt, [turn](const service::Answer& answer) {
    if (answer.verdict != Verdict::accepted) return refuse_code(turn, Page::challenge, answer);
    http::Response response;
    turn->add_pass(response, answer.epoch);
    turn->go(landing(turn), std::move(response));
  });
}

}  // namespace twinlock::pages
