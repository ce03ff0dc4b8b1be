// SPDX-License-Identifier: Apache-2.0
// Setting up: begin, scan, prove, or cancel. Only the browser that began sees and confirms (K19).
#include "adapters/http/code.hpp"
#include "adapters/http/encoding.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/pages/handlers.hpp"
#include "adapters/pages/next_path.hpp"
#include "adapters/text/crockford.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;
using Secrets = std::shared_ptr<const service::Pending>;

constexpr std::size_t next_kept_bytes_max = 512;  // keeps the cookie far below 4 KiB

// The enrollment cookie: the id, and where the person goes on afterwards.
std::string enrollment_text(const Token& id, std::string_view next) {
  const std::string after = http::percent_encode(next, "/");
  return after.size() > next_kept_bytes_max ? http::token_text(id) : http::token_text(id) + after;
}

// The id of the enrollment that this browser began; takes `next` along.
std::optional<Token> enrollment_of(const Turn& turn) {
  const std::string_view text =
      turn->tools().jar.get(turn->request().cookies, http::CookieKind::enrollment, turn->account().bytes());
  const std::size_t id_size = 2 * token_bytes;
  const auto id = http::read_token(text.substr(0, id_size));
  std::string next;
  if (id && text.size() > id_size && http::form_decode(text.substr(id_size), next) && is_local_path(next))
    turn->next = next;
  return id;
}

void show_start(const Turn& turn, int status, bool again, bool required, std::string_view error = {}) {
  Values shown = turn->values();
  shown[Value::form] = turn->form_token("/enroll");
  shown[Value::error] = error;
  if (again) shown[Value::again] = "yes";
  if (required) shown[Value::required] = "yes";
  turn->page(status, Page::enroll_start, std::move(shown));
}

void show_setup(const Turn& turn, int status, const service::Pending& pending, std::string_view error = {}) {
  const Seconds left_s = pending.deadline > turn->now() ? pending.deadline - turn->now() : 0;
  Values shown = turn->values();
  const http::Qr qr =
      http::draw_qr(http::otpauth_uri(pending.secret, turn->tools().config.site.issuer, turn->host().label));
  shown[Value::qr_path] = qr.path;
  shown[Value::qr_view] = qr.view_box;
  shown[Value::key] = http::grouped_key(pending.secret);
  shown[Value::deadline] = fill(turn->texts().enroll_deadline, "minutes", std::to_string((left_s + 59) / 60));
  shown[Value::form] = turn->form_token("/enroll/confirm");
  shown[Value::form_cancel] = turn->form_token("/enroll/cancel");
  shown[Value::error] = error;
  turn->page(status, Page::enroll, std::move(shown));
}

// The enrollment that this browser began; nullptr: there is none alive. False: answered 503.
bool find_pending(const Turn& turn, Secrets& found) {
  const auto id = enrollment_of(turn);
  if (!id) return true;
  auto pending = turn->tools().service.pending(turn->account(), *id);
  if (!pending) {
    turn->unavailable();
    return false;
  }
  if (*pending) found = std::make_shared<const service::Pending>(**pending);
  return true;
}

// Whether the running enrollment stands in for a lost factor. Where policy requires one, only
// begin_enrollment can tell.
bool comes_from_replacing(const View& view) {
  return view.state == State::replacing ||
         (view.state == State::enrolling && !view.passes_without && !view.second_factor_required);
}

void begun(const Turn& turn, const service::Answer& answer, const std::optional<Token>& grant, bool typed) {
  if (answer.verdict == Verdict::wrong_holder) {
    return show_replacing(turn, typed ? 422 : 403, false,
                          typed ? turn->texts().wrong_grant.view() : std::string_view());
  }
  if (answer.verdict != Verdict::accepted || !answer.enrollment_id) return wrong_state(turn, answer.view);
  http::Response response;
  turn->set_cookie(response, http::CookieKind::enrollment, turn->account(),
                   enrollment_text(*answer.enrollment_id, turn->next), enrollment_s_max);
  if (typed)
    turn->set_cookie(response, http::CookieKind::grant, turn->account(), http::token_text(*grant),
                     grant_s_max);
  turn->go(turn->url("/enroll"), std::move(response));
}

void confirmed(const Turn& turn, const Secrets& secrets, const service::Answer& answer) {
  switch (answer.verdict) {
    case Verdict::accepted:
      return show_recovery_code(turn, answer, true);
    case Verdict::rejected:
      if (answer.view.state == State::enrolling)
        return show_setup(turn, 422, *secrets, turn->texts().wrong_code);
      if (answer.view.state == State::replacing)
        return show_replacing(turn, 422, turn->holds(http::CookieKind::grant), turn->texts().setup_cancelled);
      return show_start(turn, 422, false, answer.view.second_factor_required, turn->texts().setup_cancelled);
    case Verdict::wrong_holder:
      return show_start(turn, 409, true, false);
    default:
      return wrong_state(turn, answer.view);
  }
}

}  // namespace

void get_enroll(const Turn& turn) {
  const auto look = turn->look();
  if (!look) return;
  if (look->view.code_required) return turn->go(turn->url("/"));
  Secrets pending;
  if (!find_pending(turn, pending)) return;
  if (pending) return show_setup(turn, 200, *pending);
  if (comes_from_replacing(look->view))
    return show_replacing(turn, 200, turn->holds(http::CookieKind::grant));
  const bool again = look->view.state == State::enrolling || enrollment_of(turn).has_value();
  show_start(turn, 200, again, look->view.second_factor_required);
}

void post_enroll(const Turn& turn) {
  Event event{};
  event.kind = Kind::begin_enrollment;
  const bool typed = turn->form.has("grant");
  const auto grant = typed ? text::parse(turn->form.get("grant"))
                           : turn->cookie_token(http::CookieKind::grant, turn->account());
  if (typed && !grant) return show_replacing(turn, 422, false, turn->texts().misformed_grant);
  if (grant) event.grant = *grant;
  turn->submit(turn->account(), event, std::nullopt,
               [turn, grant, typed](const service::Answer& answer) { begun(turn, answer, grant, typed); });
}

void post_enroll_confirm(const Turn& turn) {
  const auto id = enrollment_of(turn);
  Secrets secrets;
  if (!find_pending(turn, secrets)) return;
  if (!id || !secrets) {
    const auto look = turn->look();
    if (!look) return;
    if (look->view.code_required) return wrong_state(turn, look->view);
    if (comes_from_replacing(look->view)) return show_replacing(turn, 409, false);
    return show_start(turn, 409, true, look->view.second_factor_required);
  }
  Event event{};
  event.kind = Kind::confirm_enrollment;
  event.enrollment_id = *id;
  event.lane = turn->lane();
  const auto code = http::read_code(turn->form.get("code"));
  if (!code) return show_setup(turn, 422, *secrets, turn->texts().misformed_code);
  event.code = *code;
  turn->submit(turn->account(), event, std::nullopt,
               [turn, secrets](const service::Answer& answer) { confirmed(turn, secrets, answer); });
}

void post_enroll_cancel(const Turn& turn) {
  const auto id = enrollment_of(turn);
  if (!id) return turn->notice({409, &Texts::wrong_state_title, &Texts::wrong_state_text}, turn->url("/"));
  Event event{};
  event.kind = Kind::cancel_enrollment;
  event.enrollment_id = *id;
  turn->submit(turn->account(), event, std::nullopt, [turn](const service::Answer& answer) {
    if (answer.verdict != Verdict::accepted) return wrong_state(turn, answer.view);
    http::Response response;
    turn->forget_cookie(response, http::CookieKind::enrollment, turn->account());
    turn->go(turn->url("/"), std::move(response));
  });
}

}  // namespace twinlock::pages
