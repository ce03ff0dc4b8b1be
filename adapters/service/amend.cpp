// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/amend.hpp"

#include "adapters/service/audit.hpp"
#include "adapters/service/names.hpp"

namespace twinlock::service {

Expected<Amended> amend_row(const Context& context, const Account& account,
                            const Service::Amendment& amendment, const std::function<bool(Loaded&)>& edit) {
  auto loaded = load_profile(context.store, context.keys, account);
  if (!loaded) return tl::unexpected(loaded.error());
  Clock clock{};
  if (!context.environment.clock(clock)) return tl::unexpected(Failure::unavailable);
  Profile& profile = loaded->profile;
  const auto before = name(profile.record.state);
  Amended out;
  out.now = clock.now;
  if (!edit(*loaded)) return out;
  if (!valid(profile.record)) return tl::unexpected(Failure::sealed);
  AuditFacts facts;
  facts.time = clock.now;
  facts.event = amendment.what;
  facts.before = before;
  facts.after = name(profile.record.state);
  facts.operator_name = amendment.operator_name;
  facts.reason = amendment.reason;
  auto change = make_change(context, account, loaded->version, profile, audit_body(facts));
  if (!change) return tl::unexpected(change.error());
  out.change = std::move(*change);
  return out;
}

}  // namespace twinlock::service
