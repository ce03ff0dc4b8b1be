// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/api.hpp"

#include <openssl/mem.h>

#include "adapters/api/routes.hpp"
#include "adapters/api/target.hpp"
#include "adapters/http/host.hpp"

namespace twinlock::api {
namespace {

constexpr std::string_view api_names[] = {"REQUEST_METHOD", "SCRIPT_NAME",  "PATH_INFO",
                                          "REQUEST_URI",    "QUERY_STRING", "CONTENT_TYPE"};
constexpr std::string_view header_names[] = {"HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE"};

constexpr std::string_view challenge = "Bearer realm=\"twinlock\"";

// Wipes a request when it is destroyed: its body and key are secret.
class Asked {
 public:
  explicit Asked(fastcgi::Request from) : request(std::move(from)) {}
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  ~Asked() {
    OPENSSL_cleanse(request.body.data(), request.body.size());
    for (auto& parameter : request.parameters)
      OPENSSL_cleanse(parameter.value.data(), parameter.value.size());
  }
  fastcgi::Request request;
};

std::optional<Problem> fault_problem(fastcgi::RequestFault fault) {
  switch (fault) {
    case fastcgi::RequestFault::body_too_large:
      return Problem::body_too_large;
    case fastcgi::RequestFault::parameters_too_large:
      return Problem::head_too_large;
    case fastcgi::RequestFault::malformed:
      return Problem::malformed;
    case fastcgi::RequestFault::none:
      break;
  }
  return std::nullopt;
}

void refuse_key(const ApiExchangePtr& exchange, bool shown) {
  auto response = problem_answer(Problem::unauthorized);
  response.add("WWW-Authenticate", std::string(challenge) + (shown ? ", error=\"invalid_token\"" : ""));
  exchange->answer(std::move(response));
}

void refuse_scope(const ApiExchangePtr& exchange, Scope needed) {
  const std::string detail = std::string("This needs a key of the scope ").append(name(needed)).append(".");
  auto response = problem_answer(Problem::scope, {detail});
  response.add("WWW-Authenticate", std::string(challenge)
                                       .append(", error=\"insufficient_scope\", scope=\"")
                                       .append(name(needed))
                                       .append("\""));
  exchange->answer(std::move(response));
}

void refuse_method(const ApiExchangePtr& exchange, const Route& route) {
  auto response = problem_answer(Problem::method);
  response.add("Allow", allowed_methods(route));
  exchange->answer(std::move(response));
}

// False: answered.
bool take_caller(const ApiExchangePtr& exchange, KeyWatch& keys, const fastcgi::Request& request) {
  const fastcgi::Parameter* shown = request.find("HTTP_AUTHORIZATION");
  std::optional<KeyWatch::Caller> caller;
  if (shown != nullptr && !shown->repeated) caller = keys.caller(shown->value);
  if (!caller) {
    refuse_key(exchange, shown != nullptr);
    return false;
  }
  exchange->caller = *caller;
  return true;
}

bool take_query(const ApiExchangePtr& exchange, const fastcgi::Request& request, const Action& action) {
  auto query = http::parse_form(request.value("QUERY_STRING"), action.query);
  if (query) {
    exchange->query = std::move(*query);
  } else {
    exchange->problem(Problem::malformed,
                      {"The query has a member that is unknown, repeated or badly encoded.", query.error()});
  }
  return query.has_value();
}

bool take_body(const ApiExchangePtr& exchange, const fastcgi::Request& request, const Action& action) {
  if (action.body_rule == BodyRule::none) return true;
  if (action.body_rule == BodyRule::optional && request.body.empty()) return true;
  if (!is_json_type(request.value("CONTENT_TYPE"))) {
    exchange->problem(Problem::media_type);
    return false;
  }
  auto body = read_body(request.body, action.members);
  if (body) {
    exchange->body = std::move(*body);
  } else {
    exchange->problem(Problem::malformed, {body.error().detail, body.error().field});
  }
  return body.has_value();
}

bool take_account(const ApiExchangePtr& exchange, const std::string* named) {
  if (named == nullptr) return true;
  exchange->account_named = store::Account::from(*named);
  if (!exchange->account_named)
    exchange->problem(Problem::malformed,
                      {"An account has 1 to 128 bytes, percent-encoded, and no control byte.", "account"});
  return exchange->account_named.has_value();
}

}  // namespace

struct Api::Impl {
  Tools tools;
  KeyWatch& keys;
  std::string shared_secret;

  // Checks in this order: key, address, method, scope, the request itself.
  void dispatch(const ApiExchangePtr& exchange, const fastcgi::Request& request) {
    if (!take_caller(exchange, keys, request)) return;
    const auto target = read_target(request, tools.config.site.prefix);
    if (!target) return exchange->problem(Problem::malformed, {target.error(), "account"});
    const std::string* account = nullptr;
    const Route* route = find_route(target->segments, account);
    if (route == nullptr) return exchange->problem(Problem::not_found);
    const Action* action = find_action(*route, request.value("REQUEST_METHOD"));
    if (action == nullptr) return refuse_method(exchange, *route);
    if (exchange->caller.scope != action->scope) return refuse_scope(exchange, action->scope);
    if (!take_account(exchange, account) || !take_query(exchange, request, *action)) return;
    if (take_body(exchange, request, *action)) action->handle(exchange);
  }
};

Api::Api(service::Service& service, store::Store& store, const config::Config& config, KeyWatch& keys,
         std::function<std::string()> metrics, std::string shared_secret)
    : impl_(new Impl{{service, store, config, std::move(metrics)}, keys, std::move(shared_secret)}) {}

Api::~Api() = default;

void Api::handle(fastcgi::Request from, fastcgi::Reply reply) {
  const Asked asked(std::move(from));
  const fastcgi::Request& request = asked.request;
  const config::Config& config = impl_->tools.config;
  const auto exchange = std::make_shared<ApiExchange>(
      impl_->tools, text::negotiate(request.value("HTTP_ACCEPT_LANGUAGE"), config.site.language),
      request.value("REQUEST_METHOD") == "HEAD", std::move(reply));
  http::HostPerson unused;
  const KeyWatch::Standing standing = impl_->keys.standing();
  if (standing == KeyWatch::Standing::off) return exchange->problem(Problem::not_found);
  if (const auto fault = fault_problem(request.fault)) return exchange->problem(*fault);
  if (http::read_host(request, config.host, impl_->shared_secret, unused) == http::HostFault::secret)
    return exchange->problem(Problem::host_secret);
  if (request.role == fastcgi::Role::authorizer || !is_api_path(request, config.site.prefix))
    return exchange->problem(Problem::not_found);
  if (standing == KeyWatch::Standing::unreadable) return exchange->problem(Problem::unavailable);
  impl_->dispatch(exchange, request);
}

fastcgi::Wanted Api::wanted() const {
  fastcgi::Wanted wanted;
  for (const std::string_view name : api_names) wanted.names.emplace_back(name);
  for (const std::string_view name : header_names) wanted.names.emplace_back(name);
  wanted.names.push_back(impl_->tools.config.host.secret_name);
  // If pages share the listener, a long header of another scheme must not take the space of their cookies.
  wanted.short_names = {"HTTP_AUTHORIZATION", "REQUEST_URI"};
  return wanted;
}

}  // namespace twinlock::api
