// SPDX-License-Identifier: Apache-2.0
// Lists the operations by path, with what each takes and which keys may use it: spec 8's table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "adapters/api/handlers.hpp"

namespace twinlock::api {

enum class BodyRule : std::uint8_t {
  none,      // a GET's: read past
  optional,  // nothing, or an empty object
  object
};

struct Action {
  std::string_view method;  // GET serves HEAD too
  Scope scope;
  BodyRule body_rule;
  std::span<const Member> members;
  http::FieldNames query;
  void (*handle)(const ApiExchangePtr&);
};

struct Route {
  std::string_view path;  // below /v1; "{a}" stands for the account
  std::span<const Action> actions;
};

// The account's segment comes out in `account`, nullptr where the route has none. nullptr: 404.
const Route* find_route(std::span<const std::string> segments, const std::string*& account);

const Action* find_action(const Route& route, std::string_view method);  // nullptr: 405

std::string allowed_methods(const Route& route);  // for Allow

}  // namespace twinlock::api
