// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/exchange.hpp"

#include <openssl/mem.h>

#include "adapters/pages/routes.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::pages {
namespace {

constexpr std::string_view retry_s = "5";  // of a 503
constexpr std::string_view account_subject = "account:";
constexpr std::string_view link_subject = "link:";

bool reached_by_link(std::string_view path) {
  const Route* route = find_route(path);
  return route != nullptr && route->by_link;
}

}  // namespace

PageExchange::PageExchange(const http::Tools& tools, SubmittedForms& sent, fastcgi::Request request,
                           http::Call call, http::HostPerson host, fastcgi::Reply reply)
    : tools_(tools),
      sent_(sent),
      request_(std::move(request)),
      call_(std::move(call)),
      host_(std::move(host)),
      reply_(std::move(reply)),
      language_(text::negotiate(request_.value("HTTP_ACCEPT_LANGUAGE"), tools.config.site.language)),
      texts_(text::texts(language_)),
      bare_(!host_.account || reached_by_link(call_.route)),
      subject_(account_subject) {
  if (host_.account) subject_ += host_.account->bytes();
}

PageExchange::~PageExchange() {
  if (!answered_) unavailable();
  OPENSSL_cleanse(request_.body.data(), request_.body.size());
}

void PageExchange::set_link(std::string_view token) {
  subject_ = link_subject;
  subject_ += token;
}

bool PageExchange::begin() {
  Clock clock{};
  const bool clock_works = tools_.environment.clock(clock);
  now_ = clock.now;
  const std::string_view sent = tools_.jar.get(request_.cookies, http::CookieKind::browser, {});
  browser_is_new_ = !text::from_hex(sent, browser_);
  if (browser_is_new_) browser_ = draw();
  if (!clock_works || random_failed_) unavailable();
  return !answered_;
}

http::Nonce PageExchange::draw() {
  http::Nonce nonce{};
  if (!tools_.environment.random(nonce)) random_failed_ = true;
  return nonce;
}

std::string PageExchange::form_token(std::string_view action) {
  return make_form_token(tools_.keys, {browser_, subject_, action}, now_, draw());
}

std::optional<http::Nonce> PageExchange::form_nonce() {
  if (browser_is_new_) return std::nullopt;
  return check_form_token(tools_.keys, {browser_, subject_, call_.route}, now_, form.get("form"));
}

// Hashes the cookies that change when the browser gets an answer that shows a secret.
SubmittedForms::Key PageExchange::reader() {
  http::MacInput held;
  const std::string_view account =
      host_.account ? std::string_view(host_.account->bytes()) : std::string_view();
  held.add(tools_.jar.get(request_.cookies, http::CookieKind::pass, account));
  held.add(tools_.jar.get(request_.cookies, http::CookieKind::enrollment, account));
  return SubmittedForms::key(held);
}

SubmittedForms::Standing PageExchange::enter_form(const http::Nonce& nonce) {
  http::MacInput input;
  input.add(nonce).add(browser_).add(subject_).add(host_.session).add(call_.route).add(request_.body);
  const SubmittedForms::Key key = SubmittedForms::key(input);
  http::MacInput person;
  person.add(subject_);
  auto [standing, reply] = sent_.enter({key, SubmittedForms::key(person), reader()}, now_, std::move(reply_));
  OPENSSL_cleanse(request_.body.data(), request_.body.size());
  answered_ = standing == SubmittedForms::Standing::taken;
  reply_ = std::move(reply);
  if (standing == SubmittedForms::Standing::first) form_key_ = key;
  return standing;
}

// Reads the account only where the browser has the cookie.
Lane PageExchange::lane() {
  if (lane_) return *lane_;
  lane_ = Lane::other;
  const auto& name = account().bytes();
  const std::string_view known = tools_.jar.get(request_.cookies, http::CookieKind::known, name);
  if (known.empty()) return *lane_;
  const auto seen = tools_.service.look(account(), host_.required);
  if (!seen || !seen->view.code_required) return *lane_;
  if (!http::check_known(tools_.keys, {name, seen->epoch}, now_, tools_.config.pass.known_browser_s, known))
    return *lane_;
  known_epoch_ = seen->epoch;
  lane_ = Lane::known;
  return *lane_;
}

bool PageExchange::has_pass(const service::Look& look) {
  return http::holds_pass(tools_, request_, host_, look, now_);
}

bool PageExchange::holds(http::CookieKind kind) const {
  return !tools_.jar.get(request_.cookies, kind, account().bytes()).empty();
}

std::optional<Token> PageExchange::cookie_token(http::CookieKind kind, const service::Account& of) {
  return http::read_token(tools_.jar.get(request_.cookies, kind, of.bytes()));
}

// Returns the time now, because the store may have taken a while; if the clock fails, the time of the
// request.
Seconds PageExchange::time_now() {
  Clock clock{};
  return tools_.environment.clock(clock) ? clock.now : now_;
}

void PageExchange::deliver(fastcgi::EncodedResponse answer, SubmittedForms::Keep keep) {
  if (answered_) return;
  answered_ = true;
  if (form_key_) sent_.finish(*form_key_, answer, keep, time_now());
  reply_(std::move(answer));
}

void PageExchange::answer(http::Response response) {
  if (random_failed_ && response.status != 503) return unavailable();
  const SubmittedForms::Keep keep = response.status == 503 ? SubmittedForms::Keep::not_at_all : keep_;
  deliver(http::finish(std::move(response), call_.method == http::Method::head), keep);
}

void PageExchange::page(int status, Page page, Values values, http::Response with) {
  with.status = status;
  if (bare_) with.sources = style_of_page();
  if (browser_is_new_ && !random_failed_)
    with.add("Set-Cookie",
             tools_.jar.set(http::CookieKind::browser, {}, text::to_hex(browser_), std::nullopt));
  with.body = render_page(page, texts(), values);
  answer(std::move(with));
}

void PageExchange::go(std::string_view path, http::Response with) {
  with.status = 303;
  with.add("Location", path);
  answer(std::move(with));
}

void PageExchange::message(const MessagePage& what, std::string_view link, std::string_view detail,
                           http::Response with) {
  Values shown = values();
  shown[Value::title] = shown[Value::message] = (texts().*what.title).view();
  if (what.detail != nullptr) shown[Value::detail] = (texts().*what.detail).view();
  if (!detail.empty()) shown[Value::detail] = detail;
  shown[Value::link] = link;
  shown[Value::link_text] = (texts().*what.link).view();
  if (what.status == 503) with.add("Retry-After", retry_s);
  page(what.status, Page::message, std::move(shown), std::move(with));
}

void PageExchange::unavailable() {
  message({503, &text::PageTexts::unavailable_title, &text::PageTexts::unavailable_text});
}

void PageExchange::look_alike() {
  message({403, &text::PageTexts::look_alike_title, &text::PageTexts::look_alike_text}, {}, ask_whom());
}

Values PageExchange::values() {
  const config::Site& site = tools_.config.site;
  Values shown;
  shown[Value::lang] = text::tag(language_);
  shown[Value::issuer] = site.issuer;
  shown[Value::prefix] = site.prefix;
  shown[Value::account] = host_.label;
  shown[Value::next] = next;
  shown[Value::recovering] = of_recovery;
  if (bare_) shown[Value::bare] = "yes";
  if (!site.contact.empty()) shown[Value::help] = fill(texts().help_contact, "contact", site.contact);
  return shown;
}

std::string PageExchange::ask_whom() const {
  const std::string& contact = tools_.config.site.contact;
  if (contact.empty()) return std::string(texts_.page.ask_nobody.view());
  return fill(texts_.page.ask_contact, "contact", contact);
}

void PageExchange::add_pass(http::Response& response, const Token& epoch) {
  const auto& name = account().bytes();
  const config::Pass& life = tools_.config.pass;
  set_cookie(response, http::CookieKind::pass, account(),
             http::make_pass(tools_.keys, {name, host_.session, epoch}, now_, life.lifetime_s, draw()),
             life.lifetime_s);
  set_cookie(response, http::CookieKind::known, account(),
             http::make_known(tools_.keys, {name, epoch}, now_, life.known_browser_s, draw()),
             life.known_browser_s);
  for (const std::string& cookie : http::surplus_cookies(tools_.jar, request_.cookies, name))
    response.add("Set-Cookie", tools_.jar.forget_named(cookie));
}

void PageExchange::set_cookie(http::Response& response, http::CookieKind kind, const service::Account& of,
                              std::string_view value, std::uint32_t life_s) {
  response.add("Set-Cookie", tools_.jar.set(kind, of.bytes(), value, life_s));
}

void PageExchange::forget_cookie(http::Response& response, http::CookieKind kind,
                                 const service::Account& of) {
  response.add("Set-Cookie", tools_.jar.forget(kind, of.bytes()));
}

std::optional<service::Look> PageExchange::look() {
  const auto seen = tools_.service.look(account(), host_.required);
  if (seen && seen->view.sound && !seen->look_alike) return *seen;
  if (seen && seen->view.sound) look_alike();
  if (!answered_) unavailable();
  return std::nullopt;
}

void PageExchange::submit(const service::Account& of, Event event, std::optional<Token> pass_epoch,
                          OnDecision then) {
  service::Operation operation{.account = of,
                               .event = event,
                               .pass_epoch = pass_epoch,
                               .known_epoch = known_epoch_,
                               .email = host_.email,
                               .source_address = std::string(request_.value("REMOTE_ADDR")),
                               .language = language_};
  operation.event.host_word = host_.required;
  wipe(event);
  tools_.service.submit(std::move(operation),
                        [self = shared_from_this(), then = std::move(then)](service::DecisionResult result) {
                          if (!result) return self->unavailable();
                          const service::Decision& decision = result->value();
                          if (decision.verdict == Verdict::malformed || !decision.view.sound)
                            return self->unavailable();
                          if (decision.look_alike) return self->look_alike();
                          then(decision);
                        });
}

}  // namespace twinlock::pages
