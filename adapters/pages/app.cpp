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

// What a request that could not be read is told; nullopt: it could.
std::optional<Notice> fault_notice(fastcgi::RequestFault fault) {
  switch (fault) {
    case fastcgi::RequestFault::body_too_large:
      return Notice{413, &Texts::large_title, &Texts::large_text};
    case fastcgi::RequestFault::parameters_too_large:
      return Notice{431, &Texts::large_title, &Texts::large_text};
    case fastcgi::RequestFault::malformed:
      return Notice{400, &Texts::malformed_title, &Texts::malformed_text};
    case fastcgi::RequestFault::none:
      break;
  }
  return std::nullopt;
}

std::optional<Notice> host_notice(http::HostFault fault) {
  switch (fault) {
    case http::HostFault::secret:
      return Notice{403, &Texts::host_title, &Texts::host_text};
    case http::HostFault::repeated:
    case http::HostFault::malformed:
      return Notice{400, &Texts::host_title, &Texts::host_text};
    case http::HostFault::none:
      break;
  }
  return std::nullopt;
}

// A file that is compiled in; false: there is none at this route.
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

void refuse_method(const Turn& turn, std::string_view allowed) {
  Values shown = turn->values();
  shown[Value::title] = shown[Value::message] = turn->texts().method_title.view();
  shown[Value::detail] = turn->texts().method_text.view();
  http::Response response;
  response.add("Allow", allowed);
  turn->page(405, Page::message, std::move(shown), std::move(response));
}

void refuse_field(const Turn& turn, std::string_view field) {
  turn->notice({400, &Texts::malformed_title}, {}, fill(turn->texts().malformed_field, "field", field));
}

// Takes the fields; false: answered 400.
bool take_fields(const Turn& turn, std::string_view encoded, const http::FieldNames& known) {
  auto form = http::parse_form(encoded, known);
  if (form) {
    turn->form = std::move(*form);
  } else {
    refuse_field(turn, form.error());
  }
  return form.has_value();
}

void handle_get(const Turn& turn, const Route& route) {
  const std::string& query = turn->call().query;
  if (route.by_link) turn->set_link({});
  if (route.query == QueryKind::next) {
    if (!read_next(query, turn->next) && !take_fields(turn, query, {})) return;
  } else {
    const http::FieldNames token{"token"};
    if (!take_fields(turn, query, route.query == QueryKind::token ? token : http::FieldNames{})) return;
  }
  if (route.by_link) turn->set_link(turn->form.get("token"));
  route.get(turn);
}

void handle_post(const Turn& turn, const Route& route) {
  const fastcgi::Request& request = turn->request();
  if (route.by_link) turn->set_link({});
  const bool ours = same_origin(sent_value(request, "HTTP_SEC_FETCH_SITE"),
                                sent_value(request, "HTTP_ORIGIN"), turn->tools().config.site.base_url);
  if (!ours) return turn->notice({403, &Texts::origin_title, &Texts::origin_text});
  if (!http::is_form_type(request.value("CONTENT_TYPE")))
    return turn->notice({415, &Texts::media_title, &Texts::media_text});
  if (!take_fields(turn, turn->call().query, {}) || !take_fields(turn, request.body, route.fields)) return;
  if (const std::string_view next = turn->form.get("next"); is_local_path(next)) turn->next = next;
  if (route.by_link) turn->set_link(turn->form.get("token"));
  const auto nonce = turn->form_nonce();
  if (!nonce)
    return turn->notice({403, &Texts::stale_title, &Texts::stale_text}, route.by_link ? "" : landing(turn));
  switch (turn->enter_form(*nonce)) {
    case SubmittedForms::Standing::first:
      return route.post(turn);
    case SubmittedForms::Standing::too_late:
      return turn->notice({409, &Texts::shown_once_title, &Texts::shown_once_text, &Texts::recovery_renew},
                          turn->url("/recovery-code"));
    case SubmittedForms::Standing::taken:
      break;
  }
}

// By order of what is wrong: no such page, no such method, nobody signed in.
void dispatch(const Turn& turn) {
  const http::Call& call = turn->call();
  http::Response file;
  if (find_file(call.route, file)) {
    return call.reads() ? turn->answer(std::move(file)) : refuse_method(turn, "GET, HEAD");
  }
  if (call.route.empty() && call.reads()) return turn->go(turn->url("/"));
  const Route* route = find_route(call.route);
  if (route == nullptr) {
    return turn->notice({404, &Texts::not_found_title, &Texts::not_found_text, &Texts::security_title},
                        turn->host().account ? turn->url("/") : "");
  }
  const bool fits =
      call.reads() ? route->get != nullptr : call.method == http::Method::post && route->post != nullptr;
  if (!fits) return refuse_method(turn, allowed_methods(*route));
  if (!turn->host().account && !route->by_link)
    return turn->notice({401, &Texts::unauthorized_title, &Texts::unauthorized_text});
  if (!turn->begin()) return;
  if (call.reads()) {
    handle_get(turn, *route);
  } else {
    handle_post(turn, *route);
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
  http::HostWord host;
  const auto unread = fault_notice(request.fault);
  const auto distrusted = host_notice(http::read_host(request, tools.config.host, tools.shared_secret, host));
  if (!unread && !distrusted && call && call->route == "/health" && call->reads())
    return reply(http::finish(health(tools.service), call->method == http::Method::head));
  const auto turn = std::make_shared<Exchange>(
      tools, impl_->sent, std::move(request), call.value_or(http::Call{}), std::move(host), std::move(reply));
  if (unread) return turn->notice(*unread);
  if (distrusted) return turn->notice(*distrusted);
  if (!call) return turn->notice({404, &Texts::not_found_title, &Texts::not_found_text});
  if (call->route == "/health") return refuse_method(turn, "GET, HEAD");
  dispatch(turn);
}

fastcgi::Wanted App::wanted() const {
  fastcgi::Wanted wanted{http::host_names(impl_->tools.config.host), {impl_->tools.jar.prefix()}};
  for (const std::string_view name : cgi_names) wanted.names.emplace_back(name);
  return wanted;
}

}  // namespace twinlock::pages
