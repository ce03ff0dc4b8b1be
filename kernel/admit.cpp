// SPDX-License-Identifier: Apache-2.0
#include "kernel/bytes.hpp"
#include "kernel/decide.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"

namespace twinlock {

bool second_factor_required(const Record& at, HostWord host_word, const Rules& rules) noexcept {
  if (host_word == HostWord::required || at.host_word == HostWord::required) return true;
  if (at.policy == Policy::required) return at.policy_from <= at.seen;
  return at.policy == Policy::inherit && rules.required && rules.required_from <= at.seen;
}

// 16 to 64 bytes and zeros after; not zeros alone.
static bool is_key(const TotpKey& key, std::uint8_t length) noexcept {
  if (length < totp_key_bytes_min || length > totp_key_bytes_max || absent(key)) return false;
  return zero_after(key, length);
}

static bool has_code(Kind kind) noexcept {
  return kind == Kind::confirm_enrollment || kind == Kind::verify || kind == Kind::disable ||
         kind == Kind::renew_recovery_code;
}

static bool well_formed(const Event& e) noexcept {
  if (static_cast<std::uint8_t>(e.kind) >= kinds_count) return false;
  if (static_cast<std::uint8_t>(e.host_word) >= host_words_count) return false;
  if (has_code(e.kind)) return static_cast<std::uint8_t>(e.lane) < lanes_count && is_code(e.code);
  if (e.kind == Kind::operator_import) return is_key(e.key, e.key_length);
  if (e.kind != Kind::set_policy) return true;
  if (static_cast<std::uint8_t>(e.policy) >= policies_count || e.policy_from >= clock_s_limit) return false;
  return e.policy_from == 0 || e.policy == Policy::required;
}

Verdict admit(const Record& at, const Event& e, const Rules& rules) noexcept {
  REQUIRE(valid(at));
  if (!well_formed(e)) return Verdict::malformed;
  const Need what = need(e.kind, at.state);
  if (what == Need::refused) return Verdict::wrong_state;
  if (e.kind == Kind::operator_import && at.before != State::off) return Verdict::wrong_state;
  if (e.kind == Kind::disable && second_factor_required(at, e.host_word, rules)) return Verdict::forbidden;
  if (what == Need::code && is_locked(at.throttle)) return Verdict::locked;
  if (e.kind == Kind::operator_unlock && is_locked(at.throttle)) return Verdict::locked;
  return Verdict::accepted;
}

static Admission admission(Verdict verdict, Seconds retry_at) noexcept {
  Admission a;
  a.verdict = verdict;
  a.retry_at = retry_at;
  return a;
}

bool by_ticket(const Record& at, const Event& e, const Evidence& evidence) noexcept {
  return evidence.ticket && e.kind == Kind::verify && at.ticket_codes > 0;
}

Admission admit_code(const Record& at, const Event& e, const Evidence& evidence) noexcept {
  const Need what = need(e.kind, at.state);
  if (what == Need::pending)
    return admission(evidence.enrollment_id ? Verdict::accepted : Verdict::wrong_holder, 0);
  if (what != Need::code) return admission(Verdict::wrong_state, 0);
  if (by_ticket(at, e, evidence)) return admission(Verdict::accepted, 0);
  const Seconds free_at = code_free_at(at.throttle, e.lane, at.seen);
  if (free_at > at.seen) return admission(Verdict::waiting, free_at);
  return admission(Verdict::accepted, 0);
}

}  // namespace twinlock
