// SPDX-License-Identifier: Apache-2.0
// The rules of spec 2 that need no account to state: what an event must carry, which means something where,
// how long a pause is.
#pragma once

#include <algorithm>

#include "property_tests/model/kernel_model.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace twinlock::model {

inline const ModelOutcome done = {Verdict::accepted, Notice::none, true};

inline std::int64_t as_signed(std::uint64_t x) { return static_cast<std::int64_t>(x); }

inline Bytes bytes(const Token& t) { return {t.b, t.b + sizeof t.b}; }
inline Bytes bytes(const Secret& s) { return {s.b, s.b + sizeof s.b}; }
inline Bytes bytes(const TotpKey& k) { return {k.b, k.b + sizeof k.b}; }

inline bool holds(const std::optional<Bytes>& kept, const Token& shown) {
  return kept && *kept == bytes(shown);
}

inline bool zero(const Bytes& b) {
  return std::all_of(b.begin(), b.end(), [](std::uint8_t x) { return x == 0; });
}

inline bool clock_sound(const Clock& clock) {
  return clock.now >= 30 && clock.now < 1099511627776 && clock.step == clock.now / 30;
}

inline bool entropy_sound(const Fresh& f) {
  return !zero(bytes(f.secret)) && !zero(bytes(f.enrollment_id)) && !zero(bytes(f.epoch)) &&
         !zero(bytes(f.recovery_code)) && !zero(bytes(f.link)) && !zero(bytes(f.asker)) &&
         !zero(bytes(f.grant)) && !zero(bytes(f.ticket));
}

inline bool carries_code(Kind kind) {
  return kind == Kind::confirm_enrollment || kind == Kind::verify || kind == Kind::disable ||
         kind == Kind::renew_recovery_code;
}

// An imported key: 16 to 64 bytes, nothing behind them, not zeros alone.
inline bool key_sound(const Bytes& block, std::size_t length) {
  if (length < 16 || length > 64) return false;
  const auto end = block.begin() + static_cast<std::ptrdiff_t>(length);
  return !zero({block.begin(), end}) && zero({end, block.end()});
}

inline bool event_sound(const Event& e) {
  if (e.kind > Kind::operator_restored || e.host_word > HostWord::required) return false;
  if (e.kind == Kind::operator_import) return key_sound(bytes(e.key), e.key_length);
  if (e.kind == Kind::set_policy)
    return e.policy <= Policy::required && e.policy_from < 1099511627776 &&
           (e.policy_from == 0 || e.policy == Policy::required);
  const auto* digits = e.code.digit;
  return !carries_code(e.kind) ||
         (e.lane <= Lane::other &&
          std::all_of(digits, digits + 6, [](std::uint8_t d) { return d >= '0' && d <= '9'; }));
}

// spec 2.2: which event means something in which state.
inline bool means_something(Kind kind, State state) {
  const bool active = state == State::on || state == State::recovering;
  switch (kind) {
    case Kind::begin_enrollment:
      return !active;
    case Kind::confirm_enrollment:
    case Kind::cancel_enrollment:
      return state == State::enrolling;
    case Kind::verify:
    case Kind::disable:
    case Kind::revoke_passes:
    case Kind::request_recovery:
    case Kind::confirm_saved:
    case Kind::operator_unlock:
      return active;
    case Kind::operator_import:
      return state == State::off || state == State::enrolling;
    case Kind::renew_recovery_code:
      return state == State::on;
    case Kind::confirm_recovery:
      return state == State::recovering;
    case Kind::operator_reset:
    case Kind::set_policy:
    case Kind::operator_restored:
      return true;
  }
  return false;
}

// The step at which the code is right: the highest of the window above `last`; none: nothing.
inline std::optional<std::int64_t> matching_step(const Bytes& secret, const Code& code, std::int64_t now,
                                                 std::int64_t last, bool strict) {
  const std::string digits(code.digit, code.digit + 6);
  for (std::int64_t step = now + 1; step >= now - 1; --step)
    if (step > last && (!strict || step == now) &&
        reference::totp(secret, static_cast<std::uint64_t>(step)) == digits)
      return step;
  return {};
}

// spec 2.4, back-off: after the n-th consecutive failure in a lane.
inline std::int64_t pause(int failures) {
  if (failures < 5) return 0;
  std::int64_t seconds = 30;
  for (int n = 5; n < failures && seconds < 3600; ++n) seconds *= 2;
  return std::min<std::int64_t>(seconds, 3600);
}

inline const char* wait_name(int lane) { return lane == 0 ? "wait known" : "wait other"; }

inline std::int64_t get(const std::map<std::string, std::int64_t>& left, const std::string& what) {
  const auto found = left.find(what);
  return found == left.end() ? 0 : found->second;
}

}  // namespace twinlock::model
