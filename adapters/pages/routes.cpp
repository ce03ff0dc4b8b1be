// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/routes.hpp"

#include <algorithm>
#include <array>

namespace twinlock::pages {
namespace {

// clang-format off
constexpr std::array<Route, 13> routes{{
    {"/",                    get_security,        nullptr,                  QueryKind::none,  {},                                 false},
    {"/enroll",              get_enroll,          post_enroll,              QueryKind::next,  {"form", "grant", "next"},          false},
    {"/enroll/confirm",      nullptr,             post_enroll_confirm,      QueryKind::none,  {"form", "code"},                   false},
    {"/enroll/cancel",       nullptr,             post_enroll_cancel,       QueryKind::none,  {"form"},                           false},
    {"/challenge",           get_challenge,       post_challenge,           QueryKind::next,  {"form", "code", "ticket", "next"}, false},
    {"/disable",             get_disable,         post_disable,             QueryKind::none,  {"form", "code"},                   false},
    {"/recovery-code",       get_renew,           post_renew,               QueryKind::none,  {"form", "code"},                   false},
    {"/recovery-code/saved", get_saved,           post_saved,               QueryKind::none,  {"form", "rest", "recovery_code", "next"}, false},
    {"/recover",             get_recover,         post_recover,             QueryKind::none,  {"form", "recovery_code"},          false},
    {"/recover/confirm",     get_recover_confirm, post_recover_confirm,     QueryKind::token, {"form", "token", "recovery_code"}, true},
    {"/recover/cancel",      get_recover_cancel,  post_recover_cancel,      QueryKind::none,  {"form", "code"},                   false},
    {"/sign-out",            nullptr,             post_sign_out,            QueryKind::none,  {"form"},                           false},
    {"/sign-out-everywhere", nullptr,             post_sign_out_everywhere, QueryKind::none,  {"form"},                           false},
}};
// clang-format on

}  // namespace

const Route* find_route(std::string_view path) {
  const auto found =
      std::find_if(routes.begin(), routes.end(), [path](const Route& route) { return route.path == path; });
  return found == routes.end() ? nullptr : &*found;
}

std::string allowed_methods(const Route& route) {
  if (route.get == nullptr) return "POST";
  return route.post == nullptr ? "GET, HEAD" : "GET, HEAD, POST";
}

}  // namespace twinlock::pages
