// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/exchange.hpp"

namespace twinlock::api {

ApiExchange::ApiExchange(Tools& tools, text::Language language, bool head_only, fastcgi::Reply reply)
    : tools_(tools), language_(language), head_only_(head_only), reply_(std::move(reply)) {}

ApiExchange::~ApiExchange() {
  if (!answered_) problem(Problem::unavailable);
}

void ApiExchange::answer(http::Response response) {
  if (answered_) return;
  answered_ = true;
  reply_(http::finish(std::move(response), head_only_));
}

service::Operation ApiExchange::operation(Kind kind) const {
  service::Operation operation{.account = account()};
  operation.event.kind = kind;
  operation.event.lane = Lane::other;
  operation.language = language_;
  return operation;
}

void ApiExchange::submit(service::Operation operation, Then accepted, Then refused) {
  tools_.service.submit(std::move(operation), [self = shared_from_this(), accepted = std::move(accepted),
                                               refused = std::move(refused)](service::DecisionResult result) {
    if (!result) return self->problem(Problem::unavailable);
    const service::Decision& decision = result->value();
    if (decision.verdict == Verdict::malformed || !decision.view.sound)
      return self->problem(Problem::unavailable);
    if (decision.look_alike) return self->problem(Problem::look_alike);
    (decision.verdict == Verdict::accepted ? accepted : refused)(decision);
  });
}

}  // namespace twinlock::api
