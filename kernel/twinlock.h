// SPDX-License-Identifier: Apache-2.0
// The kernel for C, and for every language that can call C: bytes in, bytes out. Its manual is
// docs/kernel.md.
//
// Every function is defined for every content of the memory that it is given. It keeps nothing between calls,
// so threads may call at the same time. Pointers must point to whole structures; only `record` may be null.
// Times are seconds since the Unix epoch. A flag is 0 or 1. A token of zeros alone means "there is none".
#ifndef TWINLOCK_H
#define TWINLOCK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Changes whenever a size, a place or a meaning below does.
#define TWINLOCK_ABI_VERSION 1

#define TWINLOCK_RECORD_BYTES 294
#define TWINLOCK_RECORD_VERSION 1
#define TWINLOCK_SECRET_BYTES 20
#define TWINLOCK_KEY_BYTES_MIN 16
#define TWINLOCK_KEY_BYTES_MAX 64
#define TWINLOCK_TOKEN_BYTES 16
#define TWINLOCK_CODE_DIGITS 6
#define TWINLOCK_ACCOUNT_BYTES 32
// A secret and seven tokens.
#define TWINLOCK_FRESH_BYTES 132
// Length of a time step.
#define TWINLOCK_STEP_S 30

enum twinlock_kind {
  TWINLOCK_KIND_BEGIN_ENROLLMENT = 0,
  TWINLOCK_KIND_CONFIRM_ENROLLMENT = 1,
  TWINLOCK_KIND_CANCEL_ENROLLMENT = 2,
  TWINLOCK_KIND_VERIFY = 3,
  TWINLOCK_KIND_DISABLE = 4,
  TWINLOCK_KIND_RENEW_RECOVERY_CODE = 5,
  TWINLOCK_KIND_REVOKE_PASSES = 6,
  TWINLOCK_KIND_REQUEST_RECOVERY = 7,
  TWINLOCK_KIND_CONFIRM_RECOVERY = 8,
  TWINLOCK_KIND_OPERATOR_RESET = 9,
  TWINLOCK_KIND_OPERATOR_UNLOCK = 10,
  TWINLOCK_KIND_SET_POLICY = 11,
  TWINLOCK_KIND_CONFIRM_SAVED = 12,
  TWINLOCK_KIND_OPERATOR_IMPORT = 13,
  TWINLOCK_KIND_OPERATOR_RESTORED = 14
};

// In the order in which the checks run: of several things wrong, the first named here is reported.
enum twinlock_verdict {
  TWINLOCK_VERDICT_BAD_CLOCK = 0,
  TWINLOCK_VERDICT_BAD_RECORD = 1,
  TWINLOCK_VERDICT_BAD_ENTROPY = 2,
  TWINLOCK_VERDICT_MALFORMED = 3,
  TWINLOCK_VERDICT_WRONG_STATE = 4,
  TWINLOCK_VERDICT_FORBIDDEN = 5,
  TWINLOCK_VERDICT_LOCKED = 6,
  TWINLOCK_VERDICT_WRONG_HOLDER = 7,
  TWINLOCK_VERDICT_WAITING = 8,
  TWINLOCK_VERDICT_PROOF_NEEDED = 9,
  TWINLOCK_VERDICT_REJECTED = 10,
  TWINLOCK_VERDICT_UNDELIVERABLE = 11,
  TWINLOCK_VERDICT_ACCEPTED = 12
};

enum twinlock_notice {
  TWINLOCK_NOTICE_NONE = 0,
  TWINLOCK_NOTICE_ENABLED = 1,
  TWINLOCK_NOTICE_DISABLED = 2,
  TWINLOCK_NOTICE_RECOVERY_CODE_RENEWED = 3,
  TWINLOCK_NOTICE_RECOVERY_ASKED = 4,
  TWINLOCK_NOTICE_RECOVERY_CONFIRMED = 5,
  TWINLOCK_NOTICE_RECOVERY_CANCELLED = 6,
  TWINLOCK_NOTICE_RESET = 7,
  TWINLOCK_NOTICE_TEN_FAILURES = 8,
  TWINLOCK_NOTICE_LOCKED = 9,
  TWINLOCK_NOTICE_TICKET_ISSUED = 10,
  TWINLOCK_NOTICE_IMPORTED = 11
};

enum twinlock_state {
  TWINLOCK_STATE_OFF = 0,
  TWINLOCK_STATE_ENROLLING = 1,
  TWINLOCK_STATE_ON = 2,
  TWINLOCK_STATE_RECOVERING = 3,
  TWINLOCK_STATE_REPLACING = 4
};

enum twinlock_policy {
  TWINLOCK_POLICY_INHERIT = 0,
  TWINLOCK_POLICY_OPTIONAL = 1,
  TWINLOCK_POLICY_REQUIRED = 2
};

enum twinlock_host_word {
  TWINLOCK_HOST_UNSAID = 0,
  TWINLOCK_HOST_NOT_REQUIRED = 1,
  TWINLOCK_HOST_REQUIRED = 2
};

enum twinlock_lane { TWINLOCK_LANE_KNOWN = 0, TWINLOCK_LANE_OTHER = 1 };

// One thing that is asked of an account. Set the whole to zero, then the fields that `kind` names.
struct twinlock_event {
  uint64_t policy_from;       // set_policy: `required` holds from this time on; 0: at once
  uint8_t kind;               // enum twinlock_kind
  uint8_t lane;               // confirm_enrollment, verify, disable, renew_recovery_code: enum twinlock_lane
  uint8_t host_word;          // every kind: enum twinlock_host_word
  uint8_t policy;             // set_policy: enum twinlock_policy
  uint8_t by_operator;        // revoke_passes: on the operator's word instead of a pass
  uint8_t replace;            // operator_reset: replacing even where the policy would allow off
  uint8_t mailable;           // request_recovery: there is an address to send the link to
  uint8_t has_asker;          // confirm_recovery
  uint8_t has_recovery_code;  // confirm_recovery
  uint8_t key_length;         // operator_import: bytes of `key`, 16 to 64; zeros follow them
  uint8_t key[TWINLOCK_KEY_BYTES_MAX];
  uint8_t code[TWINLOCK_CODE_DIGITS];           // ASCII '0' to '9': the kinds that have a lane
  uint8_t enrollment_id[TWINLOCK_TOKEN_BYTES];  // confirm_enrollment, cancel_enrollment, begin_enrollment
  uint8_t grant[TWINLOCK_TOKEN_BYTES];          // begin_enrollment from replacing
  uint8_t ticket[TWINLOCK_TOKEN_BYTES];         // verify
  uint8_t recovery_code[TWINLOCK_TOKEN_BYTES];  // request_recovery, confirm_recovery, confirm_saved
  uint8_t link[TWINLOCK_TOKEN_BYTES];           // confirm_recovery
  uint8_t asker[TWINLOCK_TOKEN_BYTES];          // confirm_recovery
  uint8_t epoch[TWINLOCK_TOKEN_BYTES];          // revoke_passes: the presented pass's
};

// Two readings of one clock: step = now_s / TWINLOCK_STEP_S.
struct twinlock_clock {
  uint64_t now_s;  // 30 to 2^40 - 1
  uint64_t step;
};

// What the configuration says, the same for every account.
struct twinlock_rules {
  uint64_t required_from;  // `required` holds from this time on; 0: always
  uint8_t required;        // accounts whose policy is `inherit` require a second factor
  uint8_t replace_after_recovery;
  uint8_t strict;  // only the current step is accepted
};

// What a decision depends on beside the record and the event.
struct twinlock_situation {
  struct twinlock_clock clock;
  struct twinlock_rules rules;
  uint8_t account[TWINLOCK_ACCOUNT_BYTES];  // SHA-256 of the account's name
  uint8_t fresh[TWINLOCK_FRESH_BYTES];      // from the operating system's random source, new for each call
};

// What was decided. Zeros alone are a refusal. A secret or token that is not given out is zero.
struct twinlock_outcome {
  uint64_t decided_at;                          // time of the decision; 0: clock or record is unsound
  uint64_t retry_at;                            // waiting: when to come again; otherwise 0
  uint64_t step;                                // accepted code: the step that matched; otherwise 0
  uint8_t verdict;                              // enum twinlock_verdict
  uint8_t notice;                               // enum twinlock_notice
  uint8_t write;                                // `record` must be durable before the answer leaves
  uint8_t clock_went_back;                      // by more than 30 s
  uint8_t by_ticket;                            // verify, evaluated: a live ticket was shown
  uint8_t record[TWINLOCK_RECORD_BYTES];        // the next record; zeros where none can be read
  uint8_t secret[TWINLOCK_SECRET_BYTES];        // begin_enrollment: for the authenticator app
  uint8_t enrollment_id[TWINLOCK_TOKEN_BYTES];  // begin_enrollment: for the browser that asked
  uint8_t recovery_code[TWINLOCK_TOKEN_BYTES];  // confirm_enrollment, renew_recovery_code: shown once
  uint8_t link[TWINLOCK_TOKEN_BYTES];           // request_recovery: for the mail
  uint8_t asker[TWINLOCK_TOKEN_BYTES];          // request_recovery: for the browser that asked
  uint8_t grant[TWINLOCK_TOKEN_BYTES];          // confirm_recovery, operator_reset: if it leads to replacing
  uint8_t ticket[TWINLOCK_TOKEN_BYTES];         // operator_unlock: for whoever waits
  // confirm_enrollment, verify, renew_recovery_code, revoke_passes by a pass: what this browser's new pass
  // must name.
  uint8_t epoch[TWINLOCK_TOKEN_BYTES];
};

// What may be said of an account without an event.
struct twinlock_account_view {
  uint64_t retry_after_s[2];  // by enum twinlock_lane; 0: a code would be evaluated now
  uint64_t enrolled_at;
  uint64_t last_used_at;
  uint64_t recovery_drawn_at;
  uint64_t recovery_saved_at;
  uint64_t deadline;               // enrolling, recovering
  uint64_t grant_until;            // replacing; 0: no live grant
  uint64_t ticket_until;           // on, recovering; 0: no live ticket
  uint32_t failures;               // consecutive
  uint8_t sound;                   // 0: record, clock or rules are unsound, and all else is 0: refuse
  uint8_t state;                   // enum twinlock_state
  uint8_t code_required;           // sign-in needs a code
  uint8_t second_factor_required;  // being off is forbidden
  uint8_t passes_without;          // sign-in passes with no code
  uint8_t locked;
  uint8_t epoch[TWINLOCK_TOKEN_BYTES];  // on, recovering: passes that name another are dead
};

// Returns 1 if the library was built with the sizes that the caller compiled against, else 0. Call it once,
// as TWINLOCK_COMPATIBLE(), before anything else.
uint8_t twinlock_compatible(uint32_t abi_version, size_t event_bytes, size_t situation_bytes,
                            size_t outcome_bytes, size_t view_bytes);
#define TWINLOCK_COMPATIBLE()                                                             \
  twinlock_compatible(TWINLOCK_ABI_VERSION, sizeof(struct twinlock_event),                \
                      sizeof(struct twinlock_situation), sizeof(struct twinlock_outcome), \
                      sizeof(struct twinlock_account_view))

// Writes the record of an account that nobody has touched. There is no other way to begin one: a record that
// is missing or empty is refused, so that a lost row cannot pass for an account without a second factor.
void twinlock_new_record(uint8_t record[TWINLOCK_RECORD_BYTES]);

// Decides one event. `bad_record`: `record` is null, `record_bytes` is not TWINLOCK_RECORD_BYTES, or the
// bytes are not the encoding of a valid record. `malformed`: also where a flag is above 1. Leaves no secret
// on the stack. `outcome` holds secrets afterwards: wipe it.
void twinlock_handle(const uint8_t* record, size_t record_bytes, const struct twinlock_event* event,
                     const struct twinlock_situation* situation, struct twinlock_outcome* outcome);

// Looks at an account. Not `sound`: as for twinlock_handle(), or `host_word` is none. Leaves no secret on the
// stack.
void twinlock_view(const uint8_t* record, size_t record_bytes, const struct twinlock_clock* clock,
                   uint8_t host_word, const struct twinlock_rules* rules, struct twinlock_account_view* view);

// Overwrites memory with zero, such that the compiler keeps the writes.
void twinlock_wipe(void* memory, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
