// SPDX-License-Identifier: Apache-2.0
// Lists the pages by route, with what each takes and needs.
#pragma once

#include <string>
#include <string_view>

#include "adapters/pages/handlers.hpp"

namespace twinlock::pages {

using PageHandler = void (*)(const PageExchangePtr&);

enum class QueryKind : std::uint8_t { none, next, token };

struct Route {
  std::string_view path;
  PageHandler get;          // nullptr: 405
  PageHandler post;         // nullptr: 405
  QueryKind query;          // of a GET
  http::FieldNames fields;  // of a POST
  bool by_link;             // the mailed link names the account
};

const Route* find_route(std::string_view path);  // nullptr: 404

std::string allowed_methods(const Route& route);  // for Allow

}  // namespace twinlock::pages
