// SPDX-License-Identifier: Apache-2.0
// The C interface: translates between twinlock.h and the C++ interface, and decides nothing. What it cannot
// translate becomes a value that the kernel itself refuses, so that the order of the verdicts stays the
// kernel's. Not among what is proved: fuzz/c_interface.cpp claims that it agrees with the C++ interface. Its
// copies of secrets lie in frames that the entry points scrub (K11).
#include "kernel/twinlock.h"
#include "kernel/twinlock.hpp"

namespace twinlock {

static void copy(std::uint8_t* to, const std::uint8_t* from, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

static bool is_flag(std::uint8_t value) noexcept { return value <= 1; }

static bool flags_sound(const twinlock_event& e) noexcept {
  return is_flag(e.by_operator) && is_flag(e.replace) && is_flag(e.mailable) && is_flag(e.has_asker) &&
         is_flag(e.has_recovery_code);
}

static bool flags_sound(const twinlock_rules& rules) noexcept {
  return is_flag(rules.required) && is_flag(rules.replace_after_recovery) && is_flag(rules.strict);
}

// A record that cannot be read gets a state that none has: valid() refuses it. Not inlined, so that its frame
// is gone before the kernel's begins (K13).
[[gnu::noinline]] static void read_record(const std::uint8_t* from, std::size_t n, Record& to) noexcept {
  Encoded bytes;
  to = new_record();
  bool sound = false;
  if (from != nullptr && n == record_bytes) {
    copy(bytes.b, from, record_bytes);
    sound = decode(bytes, to);
  }
  if (!sound) to.state = static_cast<State>(0xFF);
}

// Zeros where the record is not valid.
[[gnu::noinline]] static void write_record(const Record& from, std::uint8_t* to) noexcept {
  Encoded bytes;
  static_cast<void>(encode(from, bytes));
  copy(to, bytes.b, record_bytes);
}

// An event whose flags are none gets a kind that none has: admit() refuses it.
static void read_event(const twinlock_event& from, bool sound, Event& to) noexcept {
  to.kind = static_cast<Kind>(sound ? from.kind : 0xFF);
  to.lane = static_cast<Lane>(from.lane);
  to.by_operator = from.by_operator == 1;
  to.replace = from.replace == 1;
  to.mailable = from.mailable == 1;
  to.host_word = static_cast<HostWord>(from.host_word);
  to.has_asker = from.has_asker == 1;
  to.has_recovery_code = from.has_recovery_code == 1;
  to.policy = static_cast<Policy>(from.policy);
  to.policy_from = from.policy_from;
  to.key_length = from.key_length;
  copy(to.key.b, from.key, totp_key_bytes_max);
  copy(to.code.digit, from.code, code_digits);
  copy(to.enrollment_id.b, from.enrollment_id, token_bytes);
  copy(to.grant.b, from.grant, token_bytes);
  copy(to.ticket.b, from.ticket, token_bytes);
  copy(to.recovery_code.b, from.recovery_code, token_bytes);
  copy(to.link.b, from.link, token_bytes);
  copy(to.asker.b, from.asker, token_bytes);
  copy(to.epoch.b, from.epoch, token_bytes);
}

static void read_clock(const twinlock_clock& from, Clock& to) noexcept {
  to.now = from.now_s;
  to.step = from.step;
}

static void read_rules(const twinlock_rules& from, Rules& to) noexcept {
  to.required = from.required == 1;
  to.required_from = from.required_from;
  to.replace_after_recovery = from.replace_after_recovery == 1;
  to.strict = from.strict == 1;
}

// In the order of Fresh.
static void read_fresh(const std::uint8_t* from, Fresh& to) noexcept {
  copy(to.secret.b, from, secret_bytes);
  copy(to.enrollment_id.b, from + secret_bytes, token_bytes);
  copy(to.epoch.b, from + secret_bytes + token_bytes, token_bytes);
  copy(to.recovery_code.b, from + secret_bytes + 2 * token_bytes, token_bytes);
  copy(to.link.b, from + secret_bytes + 3 * token_bytes, token_bytes);
  copy(to.asker.b, from + secret_bytes + 4 * token_bytes, token_bytes);
  copy(to.grant.b, from + secret_bytes + 5 * token_bytes, token_bytes);
  copy(to.ticket.b, from + secret_bytes + 6 * token_bytes, token_bytes);
}

// Hands out what an accepted event made for its caller.
static void give(const Event& e, const Record& next, const Fresh& fresh, twinlock_outcome& out) noexcept {
  switch (e.kind) {
    case Kind::begin_enrollment:
      copy(out.secret, next.pending.b, secret_bytes);
      copy(out.enrollment_id, next.enrollment_id.b, token_bytes);
      break;
    case Kind::confirm_enrollment:
    case Kind::renew_recovery_code:
      copy(out.recovery_code, fresh.recovery_code.b, token_bytes);
      copy(out.epoch, next.epoch.b, token_bytes);
      break;
    case Kind::verify:
      copy(out.epoch, next.epoch.b, token_bytes);
      break;
    case Kind::revoke_passes:
      if (!e.by_operator) copy(out.epoch, next.epoch.b, token_bytes);
      break;
    case Kind::request_recovery:
      copy(out.link, fresh.link.b, token_bytes);
      copy(out.asker, fresh.asker.b, token_bytes);
      break;
    case Kind::confirm_recovery:
    case Kind::operator_reset:
      if (next.state == State::replacing) copy(out.grant, fresh.grant.b, token_bytes);
      break;
    case Kind::operator_unlock:
      copy(out.ticket, fresh.ticket.b, token_bytes);
      break;
    default:  // the others hand out nothing
      break;
  }
}

static void write_outcome(const Outcome& from, twinlock_outcome& to) noexcept {
  to.decided_at = from.decided_at;
  to.retry_at = from.retry_at;
  to.step = from.step;
  to.verdict = static_cast<std::uint8_t>(from.verdict);
  to.notice = static_cast<std::uint8_t>(from.notice);
  to.write = from.write ? 1 : 0;
  to.clock_went_back = from.clock_went_back ? 1 : 0;
  to.by_ticket = from.by_ticket ? 1 : 0;
}

// Everything that twinlock_handle() works on.
struct Desk {
  Record record;
  Event event;
  Situation situation;
  Outcome outcome;
};

[[gnu::noinline]] static void handle_bytes(const std::uint8_t* record, std::size_t n,
                                           const twinlock_event& event, const twinlock_situation& situation,
                                           twinlock_outcome& out) noexcept {
  Desk d{};
  read_record(record, n, d.record);
  read_event(event, flags_sound(event) && flags_sound(situation.rules), d.event);
  read_clock(situation.clock, d.situation.clock);
  read_rules(situation.rules, d.situation.rules);
  copy(d.situation.account.b, situation.account, TWINLOCK_ACCOUNT_BYTES);
  read_fresh(situation.fresh, d.situation.fresh);
  d.outcome = handle(d.record, d.event, d.situation);
  const twinlock_outcome nothing{};
  out = nothing;
  write_outcome(d.outcome, out);
  write_record(d.outcome.record, out.record);
  if (d.outcome.verdict == Verdict::accepted) give(d.event, d.outcome.record, d.situation.fresh, out);
}

[[gnu::noinline]] static void view_bytes(const std::uint8_t* record, std::size_t n,
                                         const twinlock_clock& clock, std::uint8_t host_word,
                                         const twinlock_rules& rules, twinlock_account_view& out) noexcept {
  Record r;
  Clock at;
  Rules all;
  read_record(record, n, r);
  read_clock(clock, at);
  read_rules(rules, all);
  View v{};
  if (flags_sound(rules) && host_word < host_words_count)
    v = view(r, at, static_cast<HostWord>(host_word), all);
  const twinlock_account_view nothing{};
  out = nothing;
  if (v.sound) {
    out.retry_after_s[0] = v.retry_after_s[0];
    out.retry_after_s[1] = v.retry_after_s[1];
    out.enrolled_at = v.enrolled_at;
    out.last_used_at = v.last_used_at;
    out.recovery_drawn_at = v.recovery_drawn_at;
    out.recovery_saved_at = v.recovery_saved_at;
    out.deadline = v.deadline;
    out.grant_until = v.grant_until;
    out.ticket_until = v.ticket_until;
    out.failures = v.failures;
    out.sound = 1;
    out.state = static_cast<std::uint8_t>(v.state);
    out.code_required = v.code_required ? 1 : 0;
    out.second_factor_required = v.second_factor_required ? 1 : 0;
    out.passes_without = v.passes_without ? 1 : 0;
    out.locked = v.locked ? 1 : 0;
    if (v.code_required) copy(out.epoch, r.epoch.b, token_bytes);
  }
}

}  // namespace twinlock

std::uint8_t twinlock_compatible(std::uint32_t abi_version, std::size_t event_bytes,
                                 std::size_t situation_bytes, std::size_t outcome_bytes,
                                 std::size_t view_bytes) {
  return abi_version == TWINLOCK_ABI_VERSION && event_bytes == sizeof(twinlock_event) &&
                 situation_bytes == sizeof(twinlock_situation) && outcome_bytes == sizeof(twinlock_outcome) &&
                 view_bytes == sizeof(twinlock_account_view)
             ? 1
             : 0;
}

void twinlock_new_record(std::uint8_t record[TWINLOCK_RECORD_BYTES]) {
  twinlock::write_record(twinlock::new_record(), record);
}

void twinlock_handle(const std::uint8_t* record, std::size_t record_bytes, const twinlock_event* event,
                     const twinlock_situation* situation, twinlock_outcome* outcome) {
  twinlock::handle_bytes(record, record_bytes, *event, *situation, *outcome);
  twinlock::scrub_stack();
}

void twinlock_view(const std::uint8_t* record, std::size_t record_bytes, const twinlock_clock* clock,
                   std::uint8_t host_word, const twinlock_rules* rules, twinlock_account_view* view) {
  twinlock::view_bytes(record, record_bytes, *clock, host_word, *rules, *view);
  twinlock::scrub_stack();
}

void twinlock_wipe(void* memory, std::size_t bytes) {
  twinlock::wipe_bytes(static_cast<std::uint8_t*>(memory), bytes);
}
