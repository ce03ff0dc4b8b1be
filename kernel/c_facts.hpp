// SPDX-License-Identifier: Apache-2.0
// The numbers of twinlock.h are those of the C++ interface: checked wherever the C interface is compiled.
#pragma once

#include "kernel/twinlock.h"
#include "kernel/twinlock.hpp"

namespace twinlock {

template <typename Enumeration>
constexpr bool is(int number, Enumeration value) noexcept {
  return number == static_cast<int>(value);
}
static_assert(is(TWINLOCK_KIND_BEGIN_ENROLLMENT, Kind::begin_enrollment) &&
              is(TWINLOCK_KIND_CONFIRM_ENROLLMENT, Kind::confirm_enrollment) &&
              is(TWINLOCK_KIND_CANCEL_ENROLLMENT, Kind::cancel_enrollment) &&
              is(TWINLOCK_KIND_VERIFY, Kind::verify) && is(TWINLOCK_KIND_DISABLE, Kind::disable) &&
              is(TWINLOCK_KIND_RENEW_RECOVERY_CODE, Kind::renew_recovery_code) &&
              is(TWINLOCK_KIND_REVOKE_PASSES, Kind::revoke_passes) &&
              is(TWINLOCK_KIND_REQUEST_RECOVERY, Kind::request_recovery) &&
              is(TWINLOCK_KIND_CONFIRM_RECOVERY, Kind::confirm_recovery) &&
              is(TWINLOCK_KIND_OPERATOR_RESET, Kind::operator_reset) &&
              is(TWINLOCK_KIND_OPERATOR_UNLOCK, Kind::operator_unlock) &&
              is(TWINLOCK_KIND_SET_POLICY, Kind::set_policy) &&
              is(TWINLOCK_KIND_CONFIRM_SAVED, Kind::confirm_saved) &&
              is(TWINLOCK_KIND_OPERATOR_IMPORT, Kind::operator_import) &&
              is(TWINLOCK_KIND_OPERATOR_RESTORED, Kind::operator_restored));
static_assert(is(TWINLOCK_VERDICT_BAD_CLOCK, Verdict::bad_clock) &&
              is(TWINLOCK_VERDICT_BAD_RECORD, Verdict::bad_record) &&
              is(TWINLOCK_VERDICT_BAD_ENTROPY, Verdict::bad_entropy) &&
              is(TWINLOCK_VERDICT_MALFORMED, Verdict::malformed) &&
              is(TWINLOCK_VERDICT_WRONG_STATE, Verdict::wrong_state) &&
              is(TWINLOCK_VERDICT_FORBIDDEN, Verdict::forbidden) &&
              is(TWINLOCK_VERDICT_LOCKED, Verdict::locked) &&
              is(TWINLOCK_VERDICT_WRONG_HOLDER, Verdict::wrong_holder) &&
              is(TWINLOCK_VERDICT_WAITING, Verdict::waiting) &&
              is(TWINLOCK_VERDICT_PROOF_NEEDED, Verdict::proof_needed) &&
              is(TWINLOCK_VERDICT_REJECTED, Verdict::rejected) &&
              is(TWINLOCK_VERDICT_UNDELIVERABLE, Verdict::undeliverable) &&
              is(TWINLOCK_VERDICT_ACCEPTED, Verdict::accepted));
static_assert(is(TWINLOCK_NOTICE_NONE, Notice::none) && is(TWINLOCK_NOTICE_ENABLED, Notice::enabled) &&
              is(TWINLOCK_NOTICE_DISABLED, Notice::disabled) &&
              is(TWINLOCK_NOTICE_RECOVERY_CODE_RENEWED, Notice::recovery_code_renewed) &&
              is(TWINLOCK_NOTICE_RECOVERY_ASKED, Notice::recovery_asked) &&
              is(TWINLOCK_NOTICE_RECOVERY_CONFIRMED, Notice::recovery_confirmed) &&
              is(TWINLOCK_NOTICE_RECOVERY_CANCELLED, Notice::recovery_cancelled) &&
              is(TWINLOCK_NOTICE_RESET, Notice::reset) &&
              is(TWINLOCK_NOTICE_TEN_FAILURES, Notice::ten_failures) &&
              is(TWINLOCK_NOTICE_LOCKED, Notice::locked) &&
              is(TWINLOCK_NOTICE_TICKET_ISSUED, Notice::ticket_issued) &&
              is(TWINLOCK_NOTICE_IMPORTED, Notice::imported));
static_assert(is(TWINLOCK_STATE_OFF, State::off) && is(TWINLOCK_STATE_ENROLLING, State::enrolling) &&
              is(TWINLOCK_STATE_ON, State::on) && is(TWINLOCK_STATE_RECOVERING, State::recovering) &&
              is(TWINLOCK_STATE_REPLACING, State::replacing));
static_assert(is(TWINLOCK_POLICY_INHERIT, Policy::inherit) &&
              is(TWINLOCK_POLICY_OPTIONAL, Policy::optional) &&
              is(TWINLOCK_POLICY_REQUIRED, Policy::required));
static_assert(is(TWINLOCK_HOST_UNSAID, HostWord::unsaid) &&
              is(TWINLOCK_HOST_NOT_REQUIRED, HostWord::not_required) &&
              is(TWINLOCK_HOST_REQUIRED, HostWord::required));
static_assert(is(TWINLOCK_LANE_KNOWN, Lane::known) && is(TWINLOCK_LANE_OTHER, Lane::other));
static_assert(TWINLOCK_KIND_OPERATOR_RESTORED + 1 == kinds_count);
static_assert(TWINLOCK_POLICY_REQUIRED + 1 == policies_count);
static_assert(TWINLOCK_HOST_REQUIRED + 1 == host_words_count);
static_assert(TWINLOCK_LANE_OTHER + 1 == lanes_count);
static_assert(TWINLOCK_RECORD_BYTES == record_bytes && TWINLOCK_RECORD_VERSION == record_version);
static_assert(TWINLOCK_SECRET_BYTES == secret_bytes && TWINLOCK_TOKEN_BYTES == token_bytes);
static_assert(TWINLOCK_KEY_BYTES_MIN == totp_key_bytes_min && TWINLOCK_KEY_BYTES_MAX == totp_key_bytes_max);
static_assert(TWINLOCK_CODE_DIGITS == code_digits && TWINLOCK_STEP_S == step_s);
static_assert(TWINLOCK_FRESH_BYTES == secret_bytes + 7 * token_bytes);
static_assert(sizeof(AccountTag) == TWINLOCK_ACCOUNT_BYTES);
// A change of these changes TWINLOCK_ABI_VERSION.
static_assert(sizeof(twinlock_event) == 200 && sizeof(twinlock_situation) == 200);
static_assert(sizeof(twinlock_outcome) == 456 && sizeof(twinlock_account_view) == 104);

}  // namespace twinlock
