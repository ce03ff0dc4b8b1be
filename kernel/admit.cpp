// SPDX-License-Identifier: Apache-2.0
#include "kernel/decide.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"

namespace twinlock {

bool second_factor_required(Policy policy, const Rules& rules) noexcept {
  return policy == Policy::required || (policy == Policy::inherit && rules.required);
}

static Admission admission(Verdict verdict, Seconds retry_at) noexcept {
  Admission a;
  a.verdict = verdict;
  a.retry_at = retry_at;
  return a;
}

static bool well_formed(const Event& e) noexcept {
  if (static_cast<std::uint8_t>(e.kind) >= kinds_count) return false;
  if (static_cast<std::uint8_t>(e.lane) >= lanes_count) return false;
  if (e.kind == Kind::set_policy) return static_cast<std::uint8_t>(e.policy) < policies_count;
  const bool has_code = e.kind == Kind::confirm_enrollment || e.kind == Kind::verify ||
                        e.kind == Kind::disable || e.kind == Kind::renew_recovery_code;
  return !has_code || is_code(e.code);
}

static Admission admit_at(Seconds free_at, Seconds now_s) noexcept {
  if (free_at > now_s) return admission(Verdict::waiting, free_at);
  return admission(Verdict::accepted, 0);
}

Admission admit(const Record& at, const Event& e, Seconds now_s, const Rules& rules) noexcept {
  REQUIRE(valid(at) && at.seen == now_s);
  if (!well_formed(e)) return admission(Verdict::malformed, 0);
  const Need what = need(e.kind, at.state);
  if (what == Need::refused) return admission(Verdict::wrong_state, 0);
  if (e.kind == Kind::disable && second_factor_required(at.policy, rules))
    return admission(Verdict::forbidden, 0);
  if (what == Need::code) {
    if (is_locked(at.throttle)) return admission(Verdict::locked, 0);
    return admit_at(code_free_at(at.throttle, e.lane, now_s), now_s);
  }
  if (what == Need::recovery) {
    const Seconds budget_free = recovery_free_at(at.throttle, now_s);
    const Seconds link_free = link_free_at(at.throttle);
    return admit_at(budget_free > link_free ? budget_free : link_free, now_s);
  }
  if (e.kind == Kind::operator_unlock && is_locked(at.throttle)) return admission(Verdict::locked, 0);
  return admission(Verdict::accepted, 0);
}

}  // namespace twinlock
