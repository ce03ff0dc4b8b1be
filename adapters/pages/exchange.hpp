// SPDX-License-Identifier: Apache-2.0
// Holds one request to a page: what it asks, who asks, and the way to answer it, once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/call.hpp"
#include "adapters/http/form.hpp"
#include "adapters/http/host.hpp"
#include "adapters/http/pass.hpp"
#include "adapters/http/response.hpp"
#include "adapters/http/tools.hpp"
#include "adapters/pages/form_token.hpp"
#include "adapters/pages/page.hpp"
#include "adapters/pages/submitted_forms.hpp"

namespace twinlock::pages {

// What a message page shows: a status, a title, a detail and a link.
struct MessagePage {
  int status = 500;
  text::Text text::PageTexts::*title;
  text::Text text::PageTexts::*detail = nullptr;
  text::Text text::PageTexts::*link = &text::PageTexts::continue_;  // the link's text
};

class PageExchange;
using PageExchangePtr = std::shared_ptr<PageExchange>;
using OnDecision = std::function<void(const service::Decision&)>;

class PageExchange : public std::enable_shared_from_this<PageExchange> {
 public:
  PageExchange(const http::Tools& tools, SubmittedForms& sent, fastcgi::Request request, http::Call call,
               http::HostPerson host, fastcgi::Reply reply);
  PageExchange(const PageExchange&) = delete;
  PageExchange& operator=(const PageExchange&) = delete;
  ~PageExchange();  // if unanswered: 503, also for repeats of the form that wait for the answer

  // Reads the clock and the browser cookie, or makes a new cookie. False: answered 503.
  bool begin();

  // ---- what is asked
  const http::Tools& tools() { return tools_; }
  const fastcgi::Request& request() const { return request_; }
  const http::Call& call() const { return call_; }
  const http::HostPerson& host() const { return host_; }
  const service::Account& account() const { return *host_.account; }  // Requires: the route needs one
  const text::PageTexts& texts() const { return texts_.page; }
  text::Language language() const { return language_; }
  Seconds now() const { return now_; }
  std::string url(std::string_view route) const { return tools_.config.site.prefix + std::string(route); }
  http::Form form;          // the posted fields, or the query's
  std::string next;         // the path to go to afterwards; "": the Security page
  std::string of_recovery;  // what the page says of a recovery that runs; "": none does

  // ---- who asks
  bool browser_is_new() const { return browser_is_new_; }
  std::string form_token(std::string_view action);
  // Identifies the person by the token of a mailed link.
  void set_link(std::string_view token);
  std::optional<http::Nonce> form_nonce();  // of the form that was posted here; nullopt: not our form
  // `taken`: the first exchange with the same form answers this one too.
  SubmittedForms::Standing enter_form(const http::Nonce& nonce);
  // Keeps the answer for a double click only: it shows what is shown one time.
  void keep_for_its_reader() { keep_ = SubmittedForms::Keep::for_reader; }
  // Of the browser: known if it has the cookie for this account in its present epoch.
  Lane lane();
  bool has_pass(const service::Look& look);
  bool holds(http::CookieKind kind) const;  // has a cookie of this kind and account, valid or not
  std::optional<Token> cookie_token(http::CookieKind kind, const service::Account& of);

  // ---- answers (each ends the exchange)
  void answer(http::Response response);
  void page(int status, Page page, Values values, http::Response with = {});
  void go(std::string_view path, http::Response with = {});  // 303
  void message(const MessagePage& what, std::string_view link = {}, std::string_view detail = {},
               http::Response with = {});
  void unavailable();
  void look_alike();  // 403: another spelling of the account needs a code

  // ---- parts of answers
  Values values();
  // Adds a new pass and a renewed known-browser cookie, and has the browser forget the oldest of other
  // accounts.
  void add_pass(http::Response& response, const Token& epoch);
  void set_cookie(http::Response& response, http::CookieKind kind, const service::Account& of,
                  std::string_view value, std::uint32_t life_s);
  void forget_cookie(http::Response& response, http::CookieKind kind, const service::Account& of);
  std::string ask_whom() const;

  // ---- the service
  std::optional<service::Look> look();  // nullopt: answered 503
  // Submits the event; `then` runs when its decision is durable. Answers failures itself.
  void submit(const service::Account& of, Event event, std::optional<Token> pass_epoch, OnDecision then);

 private:
  http::Nonce draw();
  Seconds time_now();
  void deliver(fastcgi::EncodedResponse answer, SubmittedForms::Keep keep);
  SubmittedForms::Key reader();

  const http::Tools& tools_;
  SubmittedForms& sent_;  // the forms that came a short while ago
  fastcgi::Request request_;
  http::Call call_;
  http::HostPerson host_;
  fastcgi::Reply reply_;
  text::Language language_;
  const text::Texts& texts_;
  Seconds now_ = 0;
  http::Nonce browser_{};
  bool browser_is_new_ = false;
  std::optional<Lane> lane_;
  std::optional<Token> known_epoch_;  // in which the known-browser cookie is good
  bool random_failed_ = false;
  bool answered_ = false;
  // Pages without an account load nothing else: it would ask for the first sign-in, from which only the
  // mailed link's own address is exempt (spec 7).
  bool bare_;
  std::string subject_;
  std::optional<SubmittedForms::Key> form_key_;
  SubmittedForms::Keep keep_ = SubmittedForms::Keep::for_all;
};

}  // namespace twinlock::pages
