// SPDX-License-Identifier: Apache-2.0
// Holds one request to the API: who asks, for what, and the way to answer it, once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/api/body.hpp"
#include "adapters/api/key_watch.hpp"
#include "adapters/api/problem.hpp"
#include "adapters/config/config.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/http/form.hpp"
#include "adapters/service/service.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::api {

// What all exchanges share.
struct Tools {
  service::Service& service;
  store::Store& store;  // read only: audit
  const config::Config& config;
  std::function<std::string()> metrics;
};

class ApiExchange : public std::enable_shared_from_this<ApiExchange> {
 public:
  ApiExchange(Tools& tools, text::Language language, bool head_only, fastcgi::Reply reply);
  ApiExchange(const ApiExchange&) = delete;
  ApiExchange& operator=(const ApiExchange&) = delete;
  ~ApiExchange();  // unanswered: 503

  // The request; filled in before the handler runs.
  KeyWatch::Caller caller;
  std::optional<store::Account> account_named;
  Body body;
  http::Form query;
  // Throws where the route names no account.
  const store::Account& account() const { return account_named.value(); }
  Tools& tools() { return tools_; }

  // Each ends the exchange.
  void answer(http::Response response);
  void problem(Problem problem, const ProblemFacts& facts = {}) { answer(problem_answer(problem, facts)); }
  void misformed(std::string_view field, std::string_view detail) {
    problem(Problem::misformed, {detail, field});
  }

  // The operation of this exchange's account, in this exchange's language.
  service::Operation operation(Kind kind) const;
  // Submits the operation; runs `accepted` or `refused` when its decision is durable. Answers failures
  // itself.
  using Then = std::function<void(const service::Decision&)>;
  void submit(service::Operation operation, Then accepted, Then refused);

 private:
  Tools& tools_;
  text::Language language_;
  bool head_only_;
  bool answered_ = false;
  fastcgi::Reply reply_;
};

using ApiExchangePtr = std::shared_ptr<ApiExchange>;

}  // namespace twinlock::api
