// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/routes.hpp"

#include <algorithm>

namespace twinlock::api {
namespace {

constexpr std::string_view account_place = "{a}";

constexpr Member issuer{"issuer"}, label{"label"}, email{"email"}, grant{"grant"}, known{"known", Type::flag};
constexpr Member ticket{"ticket"}, required{"required", Type::flag}, maybe_enrollment_id{"enrollment_id"};
constexpr Member fresh_s{"fresh_s", Type::number};
constexpr Member asker_secret{"asker_secret"}, maybe_recovery_code{"recovery_code"};
constexpr Member code{"code", Type::text, true}, enrollment_id{"enrollment_id", Type::text, true};
constexpr Member recovery_code{"recovery_code", Type::text, true}, token{"token", Type::text, true};
constexpr Member operator_name{"operator", Type::text, true}, reason{"reason", Type::text, true};

constexpr Member enrollment_members[] = {issuer, label, email, grant, maybe_enrollment_id, fresh_s};
constexpr Member confirm_members[] = {enrollment_id, code, email};
constexpr Member cancel_members[] = {enrollment_id};
constexpr Member verify_members[] = {code, email, known, ticket, required};
constexpr Member code_members[] = {code};
constexpr Member recovery_members[] = {recovery_code};
constexpr Member link_members[] = {token, asker_secret, maybe_recovery_code};
constexpr Member operator_members[] = {operator_name, reason};

constexpr Action read(Scope scope, void (*handle)(const ApiExchangePtr&), http::FieldNames query = {}) {
  return {"GET", scope, BodyRule::none, {}, query, handle};
}
constexpr Action write(Scope scope, std::span<const Member> members, void (*handle)(const ApiExchangePtr&)) {
  return {"POST", scope, BodyRule::object, members, {}, handle};
}

constexpr Scope app = Scope::application;
constexpr Scope ops = Scope::operators;

constexpr Action account_actions[] = {read(app, get_account)};
constexpr Action enrollment_actions[] = {
    write(app, enrollment_members, post_enrollment),
    {"DELETE", app, BodyRule::object, cancel_members, {}, delete_enrollment}};
constexpr Action confirm_actions[] = {write(app, confirm_members, post_enrollment_confirm)};
constexpr Action verify_actions[] = {write(app, verify_members, post_verify)};
constexpr Action disable_actions[] = {write(app, code_members, post_disable)};
constexpr Action recovery_code_actions[] = {write(app, code_members, post_recovery_code)};
constexpr Action saved_actions[] = {write(app, recovery_members, post_recovery_code_saved)};
constexpr Action recovery_actions[] = {write(app, recovery_members, post_recovery)};
constexpr Action link_actions[] = {write(app, link_members, post_recovery_confirm)};
constexpr Action revoke_actions[] = {{"POST", app, BodyRule::optional, {}, {}, post_revoke_passes}};
constexpr Action reset_actions[] = {write(ops, operator_members, post_reset)};
constexpr Action unlock_actions[] = {write(ops, operator_members, post_unlock)};
constexpr Action audit_actions[] = {read(ops, get_audit, {"after", "limit"})};
constexpr Action metrics_actions[] = {read(ops, get_metrics)};

constexpr Route routes[] = {
    {"accounts/{a}", account_actions},
    {"accounts/{a}/enrollment", enrollment_actions},
    {"accounts/{a}/enrollment/confirm", confirm_actions},
    {"accounts/{a}/verify", verify_actions},
    {"accounts/{a}/disable", disable_actions},
    {"accounts/{a}/recovery-code", recovery_code_actions},
    {"accounts/{a}/recovery-code/saved", saved_actions},
    {"accounts/{a}/recovery", recovery_actions},
    {"recovery/confirm", link_actions},
    {"accounts/{a}/revoke-passes", revoke_actions},
    {"accounts/{a}/reset", reset_actions},
    {"accounts/{a}/unlock", unlock_actions},
    {"accounts/{a}/audit", audit_actions},
    {"metrics", metrics_actions},
};

bool fits(std::string_view path, std::span<const std::string> segments, const std::string*& account) {
  account = nullptr;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string_view expected = path.substr(0, path.find('/'));
    if (expected == account_place) {
      account = &segments[i];
    } else if (expected != segments[i]) {
      return false;
    }
    path.remove_prefix(expected.size());
    if (path.empty()) return i + 1 == segments.size();
    path.remove_prefix(1);
  }
  return false;
}

}  // namespace

const Route* find_route(std::span<const std::string> segments, const std::string*& account) {
  const auto found =
      std::ranges::find_if(routes, [&](const Route& route) { return fits(route.path, segments, account); });
  return found == std::end(routes) ? nullptr : &*found;
}

const Action* find_action(const Route& route, std::string_view method) {
  const std::string_view served = method == "HEAD" ? "GET" : method;
  const auto found = std::ranges::find(route.actions, served, &Action::method);
  return found == route.actions.end() ? nullptr : &*found;
}

std::string allowed_methods(const Route& route) {
  std::string out;
  for (const Action& action : route.actions) {
    if (!out.empty()) out += ", ";
    out += action.method == "GET" ? std::string_view("GET, HEAD") : action.method;
  }
  return out;
}

}  // namespace twinlock::api
