// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/app.hpp"

#include "adapters/pages/exchange.hpp"
#include "adapters/pages/next_path.hpp"
#include "adapters/pages/origin.hpp"
#include "adapters/pages/routes.hpp"

namespace twinlock::pages {
namespace {

using Texts = text::PageTexts;

constexpr std::string_view cgi_names[] = {"REQUEST_METHOD",       "SCRIPT_NAME",     "PATH_INFO",
                                          "QUERY_STRING",         "CONTENT_TYPE",    "REMOTE_ADDR",
                                          "REDIRECT_URL",         "REDIRECT_STATUS", "REDIRECT_QUERY_STRING",
                                          "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN",     "HTTP_SEC_FETCH_SITE"};

std::optional<std::string_view> sent_value(const fastcgi::Request& request, std::string_view name) {
  const fastcgi::Parameter* parameter = request.find(name);
  if (parameter == nullptr) return std::nullopt;
  return parameter->value;
}

// Returns the page for a request that could not be read; nullopt: it could.
std::optional<MessagePage> fault_page(fastcgi::RequestFault fault) {
  switch (fault) {
    case fastcgi::RequestFault::body_too_large:
      return MessagePage{413, &Texts::large_title, &Texts::large_text};
    case fastcgi::RequestFault::parameters_too_large:
      return MessagePage{431, &Texts::large_title, &Texts::large_text};
    case fastcgi::RequestFault::malformed:
      return MessagePage{400, &Texts::malformed_title, &Texts::malformed_text};
    case fastcgi::RequestFault::none:
      break;
  }
  return std::nullopt;
}

std::optional<MessagePage> host_page(http::HostFault fault) {
  switch (fault) {
    case http::HostFault::secret:
      return MessagePage{403, &Texts::host_title, &Texts::host_text};
    case http::HostFault::repeated:
    case http::HostFault::malformed:
      return MessagePage{400, &Texts::host_title, &Texts::host_text};
    case http::HostFault::none:
      break;
  }
  return std::nullopt;
}

// Finds a compiled-in file; false: there is none at this route.
bool find_file(std::string_view route, http::Response& out) {
  if (route == "/style.css") {
    out.content_type = "text/css; charset=utf-8";
    out.body = style_sheet();
  } else if (route == "/script.js") {
    out.content_type = "text/javascript; charset=utf-8";
    out.body = script();
  } else if (route == "/icon.svg") {
    out.content_type = "image/svg+xml";
    out.body = icon();
  } else {
    return false;
  }
  out.status = 200;
  return true;
}

void refuse_method(const PageExchangePtr& exchange, std::string_view allowed) {
  Values shown = exchange->values();
  shown[Value::title] = shown[Value::message] = exchange->texts().method_title.view();
  shown[Value::detail] = exchange->texts().method_text.view();
  http::Response response;
  response.add("Allow", allowed);
  exchange->page(405, Page::message, std::move(shown), std::move(response));
}

void refuse_field(const PageExchangePtr& exchange, std::string_view field) {
  exchange->message({400, &Texts::malformed_title}, {},
                    fill(exchange->texts().malformed_field, "field", field));
}

// Reads the fields; false: answered 400.
bool take_fields(const PageExchangePtr& exchange, std::string_view encoded, const http::FieldNames& known) {
  auto form = http::parse_form(encoded, known);
  if (form) {
    exchange->form = std::move(*form);
  } else {
    refuse_field(exchange, form.error());
  }
  return form.has_value();
}

void handle_get(const PageExchangePtr& exchange, const Route& route) {
  const std::string& query = exchange->call().query;
  if (route.by_link) exchange->set_link({});
  if (route.query == QueryKind::next) {
    if (!read_next(query, exchange->next) && !take_fields(exchange, query, {})) return;
  } else {
    const http::FieldNames token{"token"};
    if (!take_fields(exchange, query, route.query == QueryKind::token ? token : http::FieldNames{})) return;
  }
  if (route.by_link) exchange->set_link(exchange->form.get("token"));
  route.get(exchange);
}

void handle_post(const PageExchangePtr& exchange, const Route& route) {
  const fastcgi::Request& request = exchange->request();
  if (route.by_link) exchange->set_link({});
  const bool ours = same_origin(sent_value(request, "HTTP_SEC_FETCH_SITE"),
                                sent_value(request, "HTTP_ORIGIN"), exchange->tools().config.site.base_url);
  if (!ours) return exchange->message({403, &Texts::origin_title, &Texts::origin_text});
  if (!http::is_form_type(request.value("CONTENT_TYPE")))
    return exchange->message({415, &Texts::media_title, &Texts::media_text});
  if (!take_fields(exchange, exchange->call().query, {}) ||
      !take_fields(exchange, request.body, route.fields))
    return;
  if (const std::string_view next = exchange->form.get("next"); is_local_path(next)) exchange->next = next;
  if (route.by_link) exchange->set_link(exchange->form.get("token"));
  const auto nonce = exchange->form_nonce();
  if (!nonce)
    return exchange->message({403, &Texts::stale_title, &Texts::stale_text},
                             route.by_link ? "" : landing(exchange));
  switch (exchange->enter_form(*nonce)) {
    case SubmittedForms::Standing::first:
      return route.post(exchange);
    case SubmittedForms::Standing::too_late:
      return exchange->message(
          {409, &Texts::shown_once_title, &Texts::shown_once_text, &Texts::recovery_renew},
          exchange->url("/recovery-code"));
    case SubmittedForms::Standing::taken:
      break;
  }
}

// Checks in this order: page, method, signed-in person.
void dispatch(const PageExchangePtr& exchange) {
  const http::Call& call = exchange->call();
  http::Response file;
  if (find_file(call.route, file)) {
    return call.reads() ? exchange->answer(std::move(file)) : refuse_method(exchange, "GET, HEAD");
  }
  if (call.route.empty() && call.reads()) return exchange->go(exchange->url("/"));
  const Route* route = find_route(call.route);
  if (route == nullptr) {
    return exchange->message({404, &Texts::not_found_title, &Texts::not_found_text, &Texts::security_title},
                             exchange->host().account ? exchange->url("/") : "");
  }
  const bool fits =
      call.reads() ? route->get != nullptr : call.method == http::Method::post && route->post != nullptr;
  if (!fits) return refuse_method(exchange, allowed_methods(*route));
  if (!exchange->host().account && !route->by_link)
    return exchange->message({401, &Texts::unauthorized_title, &Texts::unauthorized_text});
  if (!exchange->begin()) return;
  if (call.reads()) {
    handle_get(exchange, *route);
  } else {
    handle_post(exchange, *route);
  }
}

http::Response health(service::Service& service) {
  const bool ready = service.ready().has_value();
  http::Response response;
  response.status = ready ? 200 : 503;
  response.content_type = "text/plain; charset=utf-8";
  response.body = ready ? "ready\n" : "not ready\n";
  return response;
}

}  // namespace

struct App::Impl {
  explicit Impl(const http::Tools& given) : tools(given) {}

  const http::Tools& tools;
  SubmittedForms sent;
};

App::App(const http::Tools& tools) : impl_(new Impl(tools)) {}

App::~App() = default;

void App::tidy() {
  Clock clock{};
  if (impl_->tools.environment.clock(clock)) impl_->sent.purge(clock.now);
}

void App::handle(fastcgi::Request request, fastcgi::Reply reply) {
  tidy();
  const http::Tools& tools = impl_->tools;
  const auto call = http::read_call(request, tools.config.site.prefix);
  http::HostPerson host;
  const auto unread = fault_page(request.fault);
  const auto distrusted = host_page(http::read_host(request, tools.config.host, tools.shared_secret, host));
  if (!unread && !distrusted && call && call->route == "/health" && call->reads())
    return reply(http::finish(health(tools.service), call->method == http::Method::head));
  const auto exchange = std::make_shared<PageExchange>(
      tools, impl_->sent, std::move(request), call.value_or(http::Call{}), std::move(host), std::move(reply));
  if (unread) return exchange->message(*unread);
  if (distrusted) return exchange->message(*distrusted);
  if (!call) return exchange->message({404, &Texts::not_found_title, &Texts::not_found_text});
  if (call->route == "/health") return refuse_method(exchange, "GET, HEAD");
  dispatch(exchange);
}

fastcgi::Wanted App::wanted() const {
  fastcgi::Wanted wanted{http::host_names(impl_->tools.config.host), {impl_->tools.jar.prefix()}};
  for (const std::string_view name : cgi_names) wanted.names.emplace_back(name);
  return wanted;
}

}  // namespace twinlock::pages
