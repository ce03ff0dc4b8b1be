// SPDX-License-Identifier: Apache-2.0
// The account's life (docs/spec.md, section 2) as one plain function over numbers. It shares nothing with the
// kernel: no function, no constant, no type. The prover shows that the kernel does what it says (K21);
// compiled, it is the oracle of random histories (property_tests/model).
//
// Two forms of an account: a Record has times ("until"), as it is kept; an Account has what is left of each,
// in seconds, so that the passing of time is a subtraction. Of fields of bytes it says where the next value
// comes from, never what it is.
#pragma once

#include <cstdint>

namespace specification {

using Number = std::int64_t;

inline constexpr Number minute = 60;
inline constexpr Number hour = 3600;

enum class State : std::uint8_t { off = 0, enrolling = 1, on = 2, recovering = 3, replacing = 4 };

enum class Policy : std::uint8_t { inherit = 0, optional = 1, required = 2 };

// The host's word of whether the person must have a factor.
enum class HostWord : std::uint8_t { unsaid = 0, not_required = 1, required = 2 };

enum class Lane : std::uint8_t { known = 0, other = 1 };

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

enum class Verdict : std::uint8_t {
  bad_clock = 0,
  bad_record = 1,
  bad_entropy = 2,
  malformed = 3,
  wrong_state = 4,
  forbidden = 5,
  locked = 6,
  wrong_holder = 7,
  waiting = 8,
  proof_needed = 9,
  rejected = 10,
  undeliverable = 11,
  accepted = 12
};

enum class Notice : std::uint8_t {
  none = 0,
  enabled = 1,
  disabled = 2,
  recovery_code_renewed = 3,
  recovery_asked = 4,
  recovery_confirmed = 5,
  recovery_cancelled = 6,
  reset = 7,
  ten_failures = 8,
  locked = 9,
  ticket_issued = 10,
  imported = 11
};

// Which fields of bytes hold something: those that are not all zero.
struct Holds {
  bool secret;
  bool after_secret;  // something stands behind the secret's length
  bool pending;
  bool enrollment_id;
  bool epoch;
  bool recovery_hash;
  bool link_hash;
  bool asker_hash;
  bool voucher_hash;
};

// An account as it is kept. A time is in seconds since the epoch, 0: there is none.
struct Record {
  State state;
  State before;
  Policy policy;
  Number policy_from;
  HostWord host_word;
  Number wrong_confirmations;
  Number seen;
  Number failures[3];  // by lane, and with a ticket
  Number ticket_codes;
  Number wait_until[2];
  Number budget_until;
  Number recovery_until;
  Number begin_until;
  Number link_until[3];
  Number deadline;
  Number voucher_until;  // of a grant or a ticket
  Number last_step;
  Number enrolled_at;
  Number last_used_at;
  Number recovery_drawn_at;
  Number recovery_saved_at;
  Number secret_length;
  Holds holds;
};

// Where a field of bytes of the next record comes from.
enum class From : std::uint8_t {
  before = 0,   // it stays as it was
  nothing = 1,  // it is erased
  pending = 2,  // it is the pending secret
  drawn = 3,    // it is what was drawn for this event, or of a hash the digest of that
  ticket = 4,   // it is the digest of the ticket that was drawn
  given = 5     // it is the key that the operator gave
};

struct Fields {
  From secret;
  From pending;
  From enrollment_id;
  From epoch;
  From recovery_hash;
  From link_hash;
  From asker_hash;
  From voucher_hash;
};

// An account at a moment.
struct Account {
  State state;
  State before;
  Policy policy;
  Number policy_from;
  HostWord host_word;
  Number wrong_confirmations;
  Number failures[3];
  Number ticket_codes;
  Number wait_left[2];
  Number budget_used;    // seconds: a failure costs 25,920, and one comes back each second
  Number recovery_used;  // seconds: a wrong recovery code costs 360, and one comes back each second
  Number begin_used;     // seconds: a begun enrollment costs 60, and one comes back each second
  Number link_left[3];   // until each of the hour's links may be mailed anew, ascending
  Number life_left;      // of an enrollment or a recovery
  Number voucher_left;   // of a grant or a ticket
  Number last_step;
  Number enrolled_at;
  Number last_used_at;
  Number recovery_drawn_at;
  Number recovery_saved_at;
  Number secret_length;
  Fields fields;
};

// What is asked. A kind, a lane, a policy or a host's word may be out of range.
struct Event {
  Kind kind;
  Lane lane;
  Policy policy;
  Number policy_from;
  HostWord host_word;
  bool six_digits;  // the presented code is six digits
  bool key_sound;   // the given key is not zeros alone, and nothing stands behind its length
  Number key_length;
  bool by_operator;
  bool replace;
  bool mailable;
  bool has_asker;
  bool has_recovery_code;
};

// What each check would say of what is presented, whether or not it is made.
struct Says {
  bool code[3];  // equal to the active secret's code of the step before, of this one, of the one after
  bool pending_code[3];  // the same of the pending secret
  bool recovery_code;
  bool link;
  bool asker;
  bool grant;
  bool ticket;
  bool enrollment_id;
  bool epoch;
  bool drawn;  // each of the values drawn for this event holds something
};

struct Rules {
  bool required;
  Number required_from;
  bool replace_after_recovery;
  bool strict;
};

struct Clock {
  Number now;
  Number step;
};

struct Answer {
  Verdict verdict;
  Notice notice;
  bool write;  // false: the record stays as it was, byte for byte
  bool clock_went_back;
  bool code_evaluated;
  bool by_ticket;
  Number decided_at;  // 0: nothing was decided
  Number retry_at;
  Number step;
  Account next;  // when `write`
};

// The whole: one event, on a record as it is kept, at any time.
[[nodiscard]] Answer specified(const Record& r, const Event& e, const Clock& clock, const Rules& rules,
                               const Says& says) noexcept;

// Its parts. The time at which an event is decided:
[[nodiscard]] Number decision_time(Number seen, Number now) noexcept;

// The bounds of clock and record:
[[nodiscard]] bool sound_clock(const Clock& clock) noexcept;
[[nodiscard]] bool well_formed(const Record& r) noexcept;

// From one form to the other. record_of() leaves out what the fields of bytes hold.
[[nodiscard]] Account account_of(const Record& r) noexcept;
[[nodiscard]] Record record_of(const Account& a, Number now) noexcept;

[[nodiscard]] Number at_least_0(Number n) noexcept;

// What is left of a time, in seconds; 0: it has passed.
[[nodiscard]] Number left(Number until, Number seen) noexcept;

// The account is what it was before the enrollment; a recovery is gone as if it had never been asked for.
void end_enrollment(Account& a) noexcept;
void end_recovery(Account& a) noexcept;

// A grant or a ticket is gone.
void end_voucher(Account& a) noexcept;

// Throttling: failures over both lanes and with tickets, the end of a run of them, and how many seconds a
// code of the active secret, or the beginning of an enrollment, has to wait.
[[nodiscard]] Number larger(Number a, Number b) noexcept;
[[nodiscard]] Number failures_in_a_row(const Account& a) noexcept;
void clear_failures(Account& a) noexcept;
[[nodiscard]] Number wait_for_code(const Account& a, Lane lane) noexcept;
[[nodiscard]] Number wait_to_begin(const Account& a) noexcept;

// Whether one more wrong recovery code is written.
[[nodiscard]] bool recovery_budget_has_room(const Account& a) noexcept;

// Charges a wrong code, to its lane or to a ticket; returns what the person is told of it.
[[nodiscard]] Notice charge_code(Account& a, Lane lane, bool by_ticket) noexcept;

// What the passing of so many seconds does.
[[nodiscard]] Account later(const Account& a, Number seconds) noexcept;

// The answer that changes nothing.
[[nodiscard]] Answer refused(const Account& a, Verdict verdict) noexcept;

// What an event is answered, and what that rests on: a code of the active secret, or of either, is presented;
// a factor is required; a lost factor is being replaced; a live ticket was shown; the holder of a living
// enrollment begins it again; how many seconds to wait, 0: none; the highest fresh step whose code was
// presented, 0: none.
[[nodiscard]] bool needs_code(Kind k) noexcept;
[[nodiscard]] bool has_code(Kind k) noexcept;
[[nodiscard]] bool factor_required(const Account& a, const Event& e, Number now, const Rules& rules) noexcept;
[[nodiscard]] bool replaces(const Account& a) noexcept;
[[nodiscard]] bool by_ticket(const Account& a, const Event& e, const Says& says) noexcept;
[[nodiscard]] bool repeats(const Account& a, const Event& e, const Says& says) noexcept;
[[nodiscard]] Number wait_for(const Account& a, const Event& e, const Says& says) noexcept;
[[nodiscard]] Number matched_step(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                                  const Says& says) noexcept;
[[nodiscard]] Verdict verdict_on(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                                 const Says& says) noexcept;

// One event at a moment. Requires: sound clock, well-formed account.
[[nodiscard]] Answer decided(const Account& a, const Event& e, const Clock& clock, const Rules& rules,
                             const Says& says) noexcept;

}  // namespace specification
