// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/amend.hpp"

#include "adapters/service/audit.hpp"
#include "adapters/service/names.hpp"

namespace twinlock::service {

Expected<Amended> amend_row(const Context& context, const Account& account, const Service::Note& note,
                            const std::function<bool(const Loaded&)>& wanted) {
  auto loaded = load_profile(context.store, context.keys, account);
  if (!loaded) return tl::unexpected(loaded.error());
  Clock clock{};
  if (!context.environment.clock(clock)) return tl::unexpected(Failure::clock);
  Amended out;
  out.now = clock.now;
  if (!wanted(*loaded)) return out;
  AuditFacts facts;
  facts.time = clock.now;
  facts.event = note.what;
  facts.before = facts.after = name(loaded->profile.record.state);
  facts.operator_name = note.operator_name;
  facts.reason = note.reason;
  facts.other = note.other;
  auto change = make_change(context, account, loaded->version, loaded->profile, audit_body(facts));
  if (!change) return tl::unexpected(change.error());
  out.change = std::move(*change);
  return out;
}

}  // namespace twinlock::service
