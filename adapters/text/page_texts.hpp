// SPDX-License-Identifier: Apache-2.0
// What the pages say. In some texts {wait}, {n}, {field}, {address}, {contact} or {time} stands
// for a fact. The list makes the fields and the names that adapters/pages/html/*.html may use in {{t:name}},
// so that neither can lack one.
#pragma once

#include <array>
#include <string_view>

#include "adapters/text/text.hpp"

// clang-format off
#define TWINLOCK_PAGE_TEXTS(X) \
  X(language_name) \
  /* every page */ \
  X(skip_to_content) X(signed_in_as) X(help_contact) X(error_prefix) X(cancel) X(back) X(continue_) \
  /* waits */ \
  X(one_second) X(seconds) X(one_minute) X(minutes) X(one_hour) X(hours) \
  /* the security page */ \
  X(security_title) X(security_intro) X(switch_label) X(state_on) X(state_off) X(turn_on) \
  X(turn_off) X(off_hint) X(on_hint) X(required_hint) X(required_off_hint) X(since) X(last_used) \
  X(never_used) X(continue_setup) X(recovering_notice) X(recovering_title) X(recovering_if_not_you) X(recovering_prompt) X(recovering_mine) X(cancel_recovery) X(cancelled_title) X(cancelled_text) X(recovery_heading) X(recovery_hint) \
  X(recovery_renew) X(recovery_undrawn) X(recovery_unsaved) X(browsers_heading) X(browsers_hint) X(sign_out) X(sign_out_everywhere) \
  /* setting up */ \
  X(start_title) X(start_intro) X(start_need) X(start_required) X(start_again) X(start_button) X(stale_sign_in_title) X(stale_sign_in_text) X(stale_sign_in_link) \
  X(enroll_title) X(enroll_scan) X(enroll_scan_hint) X(enroll_qr_alt) X(enroll_key_heading) \
  X(enroll_key_hint) X(enroll_code_heading) X(enroll_deadline) X(enroll_button) \
  /* codes */ \
  X(code_label) X(code_hint) X(code_fresh_hint) \
  /* the sign-in prompt */ \
  X(challenge_title) X(challenge_intro) X(challenge_button) X(challenge_recover) \
  X(ticket_have) X(ticket_label) X(ticket_hint) X(misformed_ticket) X(wrong_ticket) X(spent_ticket) \
  /* turning off, renewing */ \
  X(disable_title) X(disable_intro) X(disable_button) X(disable_forbidden) X(renew_title) \
  X(renew_intro) X(renew_button) \
  /* the recovery code, shown once */ \
  X(shown_title) X(shown_done) X(shown_intro) X(shown_label) X(shown_once) X(shown_keep) X(copy) \
  X(copied) X(print) X(download) X(saved_title) X(saved_intro) X(saved_group_label) X(saved_group_hint) X(saved_button) X(saved_lost) X(shown_once_title) X(shown_once_text) X(close) \
  /* recovery */ \
  X(recover_title) X(recover_intro) X(recover_label) X(recover_hint) X(recover_next) X(recover_none) \
  X(recover_button) X(sent_title) X(sent_text) X(sent_browser) X(sent_lost) X(no_address_title) \
  X(no_address_text) X(ask_contact) X(ask_nobody) X(confirm_title) X(confirm_intro) \
  X(confirm_optional) X(confirm_code_intro) X(confirm_button) X(recovered_title) X(recovered_off) \
  X(recovered_replacing) X(recovered_account) X(recovered_setup) X(replacing_title) \
  X(replacing_intro) X(replacing_grant_here) X(replacing_button) X(replacing_other) \
  X(replacing_none) X(replacing_not_you) X(grant_label) X(grant_hint) X(grant_button) X(locked_title) X(locked_text) \
  X(locked_recover) \
  /* what went wrong */ \
  X(wrong_code) X(misformed_code) X(wait_codes) X(wait_more) X(setup_cancelled) \
  X(misformed_recovery) X(wrong_recovery) X(wait_links) X(wait_setup) X(misformed_grant) X(wrong_grant) \
  X(wrong_state_title) X(wrong_state_text) X(already_off_text) X(unauthorized_title) \
  X(unauthorized_text) X(host_title) X(host_text) X(malformed_title) X(malformed_text) \
  X(malformed_field) X(origin_title) X(origin_text) X(stale_title) X(stale_text) X(pass_title) \
  X(pass_text) X(look_alike_title) X(look_alike_text) X(forbidden_title) X(not_found_title) X(not_found_text) X(method_title) \
  X(method_text) X(large_title) X(large_text) X(media_title) X(media_text) X(link_title) \
  X(link_text) X(other_account_title) X(other_account_text) X(unavailable_title) X(unavailable_text)
// clang-format on

namespace twinlock::text {

struct PageTexts {
#define TWINLOCK_FIELD(name) Text name;
  TWINLOCK_PAGE_TEXTS(TWINLOCK_FIELD)
#undef TWINLOCK_FIELD
};

struct NamedPageText {
  std::string_view name;
  Text PageTexts::*text;
};

inline constexpr auto page_text_names = std::to_array<NamedPageText>({
#define TWINLOCK_NAME(name) {#name, &PageTexts::name},
    TWINLOCK_PAGE_TEXTS(TWINLOCK_NAME)
#undef TWINLOCK_NAME
});

}  // namespace twinlock::text
