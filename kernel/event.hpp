// SPDX-License-Identifier: Apache-2.0
// What can happen to an account, and what the kernel answers.
#pragma once

#include <cstdint>

#include "kernel/record.hpp"

namespace twinlock {

enum class Kind : std::uint8_t {
  begin_enrollment = 0,
  confirm_enrollment = 1,
  cancel_enrollment = 2,
  verify = 3,
  disable = 4,
  renew_recovery_code = 5,
  revoke_passes = 6,
  request_recovery = 7,
  confirm_recovery = 8,
  operator_reset = 9,
  operator_unlock = 10,
  set_policy = 11,
  confirm_saved = 12,
  operator_import = 13,
  operator_restored = 14
};

inline constexpr std::uint32_t kinds_count = 15;

// In the order in which the checks run: of several things wrong, the first named here is reported. One event
// runs otherwise: request_recovery evaluates its recovery code, asks for an address, and only then for a link
// that is free.
enum class Verdict : std::uint8_t {
  bad_clock = 0,       // the clock is outside its bounds or disagrees with the step
  bad_record = 1,      // the record is not valid
  bad_entropy = 2,     // a random value is all zero: the source gave nothing
  malformed = 3,       // the event is not one: a kind, a policy, a digit or a key out of range
  wrong_state = 4,     // this event means nothing in this state
  forbidden = 5,       // policy requires a second factor
  locked = 6,          // 100 consecutive failures: no code is evaluated
  wrong_holder = 7,    // not the enrollment, grant, link or pass that counts
  waiting = 8,         // back-off, a budget or the hour's links: not before retry_at
  proof_needed = 9,    // the link is right, but came without the asker secret and without the recovery code
  rejected = 10,       // evaluated and wrong; charged, but for a recovery code beyond its budget
  undeliverable = 11,  // the recovery code is right, but there is no address to mail the link to
  accepted = 12
};

// What the person is told by mail; at most one an event.
enum class Notice : std::uint8_t {
  none = 0,
  enabled = 1,
  disabled = 2,
  recovery_code_renewed = 3,
  recovery_asked = 4,  // the mail that carries the link
  recovery_confirmed = 5,
  recovery_cancelled = 6,
  reset = 7,
  ten_failures = 8,
  locked = 9,
  ticket_issued = 10,
  imported = 11
};

struct Code {
  std::uint8_t digit[code_digits];  // ASCII '0' to '9', most significant first
};

// One thing that is asked of an account. Fields that `kind` does not name are ignored.
struct Event {
  Kind kind;
  Lane lane;                // confirm/verify/disable/renew: the browser's lane
  bool by_operator;         // revoke_passes: on the operator's word instead of a pass
  bool replace;             // operator_reset: replacing even where the policy would allow off
  bool mailable;            // request_recovery: there is an address to send the link to
  HostWord host_word;       // of this request; `unsaid` where the host is not asked
  bool has_asker;           // confirm_recovery
  bool has_recovery_code;   // confirm_recovery
  Policy policy;            // set_policy
  Seconds policy_from;      // set_policy: `required` holds from this time on; 0: at once
  std::uint8_t key_length;  // operator_import: bytes of `key`
  TotpKey key;              // operator_import
  Code code;                // confirm_enrollment, verify, disable, renew_recovery_code
  Token enrollment_id;      // confirm_enrollment, cancel_enrollment; begin_enrollment: of one under way
  Token grant;              // begin_enrollment from replacing
  Token ticket;             // verify
  Token recovery_code;      // request_recovery, confirm_recovery, confirm_saved
  Token link;               // confirm_recovery
  Token asker;              // confirm_recovery
  Token epoch;              // revoke_passes: the presented pass's
};

// The clock as whole seconds and as its step: step * 30 <= now < step * 30 + 30.
struct Clock {
  Seconds now;
  Step step;
};

// What the configuration says, the same for every account.
struct Rules {
  bool required;                // accounts whose policy is `inherit` require a second factor
  Seconds required_from;        // from this time on; 0: always
  bool replace_after_recovery;  // recovery leads to replacing even where the factor is optional
  bool strict;                  // only the current step is accepted
};

// Random bytes from the operating system, drawn anew for every call; the event takes what it needs.
struct Fresh {
  Secret secret;
  Token enrollment_id;
  Token epoch;
  Token recovery_code;
  Token link;
  Token asker;
  Token grant;
  Token ticket;
};

// The account's name, hashed by the caller (SHA-256), so that the kernel's input has a fixed size.
struct AccountTag {
  std::uint8_t b[32];
};

// What a decision depends on beside the record and the event.
struct Situation {
  Clock clock;
  Rules rules;
  AccountTag account;
  Fresh fresh;
};

struct Outcome {
  Verdict verdict;
  Notice notice;
  bool write;  // the record changed and must be committed before the answer leaves
  // By more than clock_skew_s_max; what remains of each deadline is counted anew.
  bool clock_went_back;
  // verify, evaluated: a live ticket was shown, and lane and budget did not count.
  bool by_ticket;
  // The time of the decision: the clock's, or up to clock_skew_s_max after it; 0: clock, record or randomness
  // is unsound.
  Seconds decided_at;
  Seconds retry_at;  // waiting: when to come again; otherwise 0
  Step step;         // accepted code: the step that matched; otherwise 0
  Record record;     // the next record; when !write, as it was
};

}  // namespace twinlock
