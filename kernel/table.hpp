// SPDX-License-Identifier: Apache-2.0
// The decision table: which event means something in which state, and what it must prove. A cell for every
// pair, constant data; what is not named is refused.
#pragma once

#include "kernel/event.hpp"
#include "kernel/require.hpp"

namespace twinlock {

enum class Need : std::uint8_t {
  // wrong_state. Starts at 1, so a forgotten cell (0) is not mistaken for `refused`.
  refused = 1,
  host,      // the host's word that the person is signed in
  restart,   // the host's word; to begin anew also the grant, if the enrollment replaces a lost factor
  grant,     // the grant
  pending,   // the enrollment id and a code of the pending secret
  id,        // the enrollment id
  code,      // a code of the active secret
  pass,      // a live pass, or the operator's authority
  recovery,  // the recovery code
  link,      // the mailed link's token, and the asker secret or the recovery code
  authority  // the operator's authority
};

inline constexpr std::uint32_t states_count = 5;

// clang-format off
inline constexpr Need needs[kinds_count][states_count] = {
  //                         off              enrolling        on               recovering       replacing
  /* begin_enrollment    */ {Need::host,      Need::restart,   Need::refused,   Need::refused,   Need::grant},      // an active secret is never replaced (K3)
  /* confirm_enrollment  */ {Need::refused,   Need::pending,   Need::refused,   Need::refused,   Need::refused},    // only what was begun can be confirmed
  /* cancel_enrollment   */ {Need::refused,   Need::id,        Need::refused,   Need::refused,   Need::refused},    // only by whoever began it (K19)
  /* verify              */ {Need::refused,   Need::refused,   Need::code,      Need::code,      Need::refused},    // a pending secret verifies nobody (K19)
  /* disable             */ {Need::refused,   Need::refused,   Need::code,      Need::code,      Need::refused},    // never without a fresh code (K4)
  /* renew_recovery_code */ {Need::refused,   Need::refused,   Need::code,      Need::refused,   Need::refused},    // not while a recovery is under way
  /* revoke_passes       */ {Need::refused,   Need::refused,   Need::pass,      Need::pass,      Need::refused},    // elsewhere no pass is alive
  /* request_recovery    */ {Need::refused,   Need::refused,   Need::recovery,  Need::recovery,  Need::refused},    // a new link kills the earlier one
  /* confirm_recovery    */ {Need::refused,   Need::refused,   Need::refused,   Need::link,      Need::refused},    // only what was asked can be confirmed
  /* operator_reset      */ {Need::authority, Need::authority, Need::authority, Need::authority, Need::authority},  // the last resort works everywhere
  /* operator_unlock     */ {Need::refused,   Need::refused,   Need::authority, Need::authority, Need::refused},    // a ticket for whoever waits; nobody waits elsewhere
  /* set_policy          */ {Need::authority, Need::authority, Need::authority, Need::authority, Need::authority},  // policy is the operator's
  /* confirm_saved       */ {Need::refused,   Need::refused,   Need::recovery,  Need::recovery,  Need::refused},    // whoever types the recovery code has saved it
  /* operator_import     */ {Need::authority, Need::authority, Need::refused,   Need::refused,   Need::refused},    // an active secret is never replaced (K3); a lost one only by its holder
  /* operator_restored   */ {Need::authority, Need::authority, Need::authority, Need::authority, Need::authority},  // a backup's passes, codes and tickets are dead
};
// clang-format on

// Returns the cell. Requires: a kind and a state that exist.
[[nodiscard]] inline Need need(Kind kind, State state) noexcept {
  REQUIRE(static_cast<std::uint8_t>(kind) < kinds_count && static_cast<std::uint8_t>(state) < states_count);
  return needs[static_cast<std::uint8_t>(kind)][static_cast<std::uint8_t>(state)];
}

}  // namespace twinlock
