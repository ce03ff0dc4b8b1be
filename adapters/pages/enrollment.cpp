// SPDX-License-Identifier: Apache-2.0
// Setting up: begin, scan, prove, or cancel. Only the browser that began sees and confirms (K19).
#include "adapters/http/code.hpp"
#include "adapters/http/fresh.hpp"
#include "adapters/http/otpauth.hpp"
#include "adapters/pages/handlers.hpp"
#include "adapters/pages/next_path.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;
using Secrets = std::shared_ptr<const service::Pending>;

constexpr std::size_t next_kept_bytes_max = 512;  // keeps the cookie far below 4 KiB

// The enrollment cookie: the id, and where the person goes on afterwards.
std::string enrollment_text(const Token& id, std::string_view next) {
  const std::string after = text::percent_encode(next, "/");
  return after.size() > next_kept_bytes_max ? http::token_text(id) : http::token_text(id) + after;
}

// The id of the enrollment that this browser began; takes `next` along.
std::optional<Token> enrollment_of(const PageExchangePtr& exchange) {
  const std::string_view text = exchange->tools().jar.get(
      exchange->request().cookies, http::CookieKind::enrollment, exchange->account().bytes());
  const std::size_t id_size = 2 * token_bytes;
  const auto id = http::read_token(text.substr(0, id_size));
  std::string next;
  if (id && text.size() > id_size && text::form_decode(text.substr(id_size), next) && is_local_path(next))
    exchange->next = next;
  return id;
}

void show_start(const PageExchangePtr& exchange, int status, bool again, bool required,
                std::string_view error = {}, http::Response with = {}) {
  Values shown = exchange->values();
  shown[Value::form] = exchange->form_token("/enroll");
  shown[Value::error] = error;
  if (again) shown[Value::again] = "yes";
  if (required) shown[Value::required] = "yes";
  exchange->page(status, Page::enroll_start, std::move(shown), std::move(with));
}

void show_setup(const PageExchangePtr& exchange, int status, const service::Pending& pending,
                std::string_view error = {}) {
  const Seconds left_s = pending.deadline > exchange->now() ? pending.deadline - exchange->now() : 0;
  Values shown = exchange->values();
  const http::Qr qr = http::draw_qr(
      http::otpauth_uri(pending.secret, exchange->tools().config.site.issuer, exchange->host().label));
  shown[Value::qr_path] = qr.path;
  shown[Value::qr_view] = qr.view_box;
  shown[Value::key] = http::grouped_key(pending.secret);
  shown[Value::deadline] =
      fill(exchange->texts().enroll_deadline, "wait", say_wait(exchange->texts(), left_s));
  shown[Value::form] = exchange->form_token("/enroll/confirm");
  shown[Value::form_cancel] = exchange->form_token("/enroll/cancel");
  shown[Value::error] = error;
  exchange->page(status, Page::enroll, std::move(shown));
}

// The enrollment that this browser began; nullptr: there is none alive. False: answered 503.
bool find_pending(const PageExchangePtr& exchange, Secrets& found) {
  const auto id = enrollment_of(exchange);
  if (!id) return true;
  auto pending = exchange->tools().service.pending(exchange->account(), *id);
  if (!pending) {
    exchange->unavailable();
    return false;
  }
  if (*pending) found = std::make_shared<const service::Pending>(**pending);
  return true;
}

bool must_sign_in_anew(const PageExchangePtr& exchange, const View& view) {
  return http::sign_in_is_stale(exchange->tools().config, exchange->host().fresh_s, view);
}

void show_sign_in_anew(const PageExchangePtr& exchange) {
  const config::Config& config = exchange->tools().config;
  exchange->message(
      {403, &Texts::stale_sign_in_title, nullptr, &Texts::stale_sign_in_link}, config.site.sign_in_path,
      fill(exchange->texts().stale_sign_in_text, "wait", say_wait(exchange->texts(), config.policy.fresh_s)));
}

// Too many enrollments were begun; the grant still counts.
void show_wait(const PageExchangePtr& exchange, const service::Decision& decision) {
  const std::string error =
      fill(exchange->texts().wait_setup, "wait", say_wait(exchange->texts(), decision.retry_after_s));
  if (http::comes_from_replacing(decision.view))
    return show_replacing(exchange, 429, exchange->holds(http::CookieKind::grant), error,
                          retry_after(decision.retry_after_s));
  show_start(exchange, 429, false, decision.view.second_factor_required, error,
             retry_after(decision.retry_after_s));
}

void begun(const PageExchangePtr& exchange, const service::Decision& decision,
           const std::optional<Token>& grant, bool typed) {
  if (decision.verdict == Verdict::waiting) return show_wait(exchange, decision);
  if (decision.verdict == Verdict::wrong_holder) {
    return show_replacing(exchange, typed ? 422 : 403, false,
                          grant ? exchange->texts().wrong_grant.view() : std::string_view());
  }
  if (decision.verdict != Verdict::accepted || !decision.enrollment_id)
    return wrong_state(exchange, decision.view);
  http::Response response;
  exchange->set_cookie(response, http::CookieKind::enrollment, exchange->account(),
                       enrollment_text(*decision.enrollment_id, exchange->next), enrollment_s_max);
  if (typed)
    exchange->set_cookie(response, http::CookieKind::grant, exchange->account(), http::token_text(*grant),
                         grant_s_max);
  exchange->go(exchange->url("/enroll"), std::move(response));
}

void confirmed(const PageExchangePtr& exchange, const Secrets& secrets, const service::Decision& decision) {
  switch (decision.verdict) {
    case Verdict::accepted:
      return show_recovery_code(exchange, decision, true);
    case Verdict::rejected:
      if (decision.view.state == State::enrolling)
        return show_setup(exchange, 422, *secrets, exchange->texts().wrong_code);
      if (decision.view.state == State::replacing)
        return show_replacing(exchange, 422, exchange->holds(http::CookieKind::grant),
                              exchange->texts().setup_cancelled);
      return show_start(exchange, 422, false, decision.view.second_factor_required,
                        exchange->texts().setup_cancelled);
    case Verdict::wrong_holder:
      return show_start(exchange, 409, true, false);
    default:
      return wrong_state(exchange, decision.view);
  }
}

}  // namespace

void get_enroll(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  if (look->view.code_required) return exchange->go(exchange->url("/"));
  Secrets pending;
  if (!find_pending(exchange, pending)) return;
  if (pending) return show_setup(exchange, 200, *pending);
  if (http::comes_from_replacing(look->view))
    return show_replacing(exchange, 200, exchange->holds(http::CookieKind::grant));
  if (must_sign_in_anew(exchange, look->view)) return show_sign_in_anew(exchange);
  const bool again = look->view.state == State::enrolling || enrollment_of(exchange).has_value();
  show_start(exchange, 200, again, look->view.second_factor_required);
}

void post_enroll(const PageExchangePtr& exchange) {
  const auto look = exchange->look();
  if (!look) return;
  if (!look->view.code_required && must_sign_in_anew(exchange, look->view))
    return show_sign_in_anew(exchange);
  Event event{};
  event.kind = Kind::begin_enrollment;
  const bool typed = exchange->form.has("grant");
  const auto grant = typed ? text::parse(exchange->form.get("grant"))
                           : exchange->cookie_token(http::CookieKind::grant, exchange->account());
  if (typed && !grant) return show_replacing(exchange, 422, false, exchange->texts().misformed_grant);
  if (grant) event.grant = *grant;
  const std::string next = exchange->next;
  if (const auto id = enrollment_of(exchange)) event.enrollment_id = *id;  // of one that may be under way
  if (!next.empty()) exchange->next = next;
  exchange->submit(exchange->account(), event, std::nullopt,
                   [exchange, grant, typed](const service::Decision& decision) {
                     begun(exchange, decision, grant, typed);
                   });
}

void post_enroll_confirm(const PageExchangePtr& exchange) {
  const auto id = enrollment_of(exchange);
  Secrets secrets;
  if (!find_pending(exchange, secrets)) return;
  if (!id || !secrets) {
    const auto look = exchange->look();
    if (!look) return;
    if (look->view.code_required) return wrong_state(exchange, look->view);
    if (http::comes_from_replacing(look->view)) return show_replacing(exchange, 409, false);
    return show_start(exchange, 409, true, look->view.second_factor_required);
  }
  Event event{};
  event.kind = Kind::confirm_enrollment;
  event.enrollment_id = *id;
  event.lane = exchange->lane();
  const auto code = http::read_code(exchange->form.get("code"));
  if (!code) return show_setup(exchange, 422, *secrets, exchange->texts().misformed_code);
  event.code = *code;
  exchange->submit(
      exchange->account(), event, std::nullopt,
      [exchange, secrets](const service::Decision& decision) { confirmed(exchange, secrets, decision); });
}

void post_enroll_cancel(const PageExchangePtr& exchange) {
  const auto id = enrollment_of(exchange);
  if (!id)
    return exchange->message({409, &Texts::wrong_state_title, &Texts::wrong_state_text}, exchange->url("/"));
  Event event{};
  event.kind = Kind::cancel_enrollment;
  event.enrollment_id = *id;
  exchange->submit(exchange->account(), event, std::nullopt, [exchange](const service::Decision& decision) {
    if (decision.verdict != Verdict::accepted) return wrong_state(exchange, decision.view);
    http::Response response;
    exchange->forget_cookie(response, http::CookieKind::enrollment, exchange->account());
    exchange->go(exchange->url("/"), std::move(response));
  });
}

}  // namespace twinlock::pages
