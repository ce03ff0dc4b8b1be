// SPDX-License-Identifier: Apache-2.0
#include "kernel/codec.hpp"

#include "kernel/bytes.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

// Where each field of the encoding begins. Both directions read this table.
static constexpr std::size_t time_bytes = 6;
static constexpr std::size_t at_version = 0;
static constexpr std::size_t at_state = 1;
static constexpr std::size_t at_before = 2;
static constexpr std::size_t at_policy = 3;
static constexpr std::size_t at_host_word = 4;
static constexpr std::size_t at_enrollment_failures = 5;
static constexpr std::size_t at_failures = 6;  // one byte a lane
static constexpr std::size_t at_ticket_failures = 8;
static constexpr std::size_t at_ticket_codes = 9;
static constexpr std::size_t at_secret_length = 10;
static constexpr std::size_t at_reserve = 11;  // zero
static constexpr std::size_t at_seen = 12;     // from here times
static constexpr std::size_t at_last_step = 18;
static constexpr std::size_t at_wait_until = 24;  // one a lane
static constexpr std::size_t at_budget_until = 36;
static constexpr std::size_t at_recovery_until = 42;
static constexpr std::size_t at_begin_until = 48;
static constexpr std::size_t at_link_until = 54;  // one a link
static constexpr std::size_t at_deadline = 72;
static constexpr std::size_t at_voucher_until = 78;
static constexpr std::size_t at_policy_from = 84;
static constexpr std::size_t at_enrolled_at = 90;
static constexpr std::size_t at_last_used_at = 96;
static constexpr std::size_t at_recovery_drawn_at = 102;
static constexpr std::size_t at_recovery_saved_at = 108;
static constexpr std::size_t at_secret = 114;  // from here secrets
static constexpr std::size_t at_pending = 178;
static constexpr std::size_t at_enrollment_id = 198;  // from here tokens
static constexpr std::size_t at_epoch = 214;
static constexpr std::size_t at_recovery_hash = 230;
static constexpr std::size_t at_link_hash = 246;
static constexpr std::size_t at_asker_hash = 262;
static constexpr std::size_t at_voucher_hash = 278;
static_assert(at_ticket_failures == at_failures + lanes_count);
static_assert(at_budget_until == at_wait_until + lanes_count * time_bytes);
static_assert(at_deadline == at_link_until + links_count * time_bytes);
static_assert(at_secret == at_seen + 17 * time_bytes);
static_assert(at_enrollment_id == at_secret + totp_key_bytes_max + secret_bytes);
static_assert(at_enrollment_id + 6 * token_bytes == record_bytes);

static void put_time(Encoded& out, std::size_t at, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < time_bytes; ++i)
    out.b[at + i] = static_cast<std::uint8_t>((value >> (8U * i)) & 0xFFU);
}

static std::uint64_t get_time(const Encoded& in, std::size_t at) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < time_bytes; ++i) value |= static_cast<std::uint64_t>(in.b[at + i]) << (8U * i);
  return value;
}

static void put_bytes(Encoded& out, std::size_t at, const std::uint8_t* from, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) out.b[at + i] = from[i];
}

static void get_bytes(const Encoded& in, std::size_t at, std::uint8_t* to, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) to[i] = in.b[at + i];
}

[[gnu::noinline]] static bool encode_unscrubbed(const Record& r, Encoded& out) noexcept {
  const Encoded zero{};
  out = zero;
  if (!valid(r)) return false;
  out.b[at_version] = record_version;
  out.b[at_state] = static_cast<std::uint8_t>(r.state);
  out.b[at_before] = static_cast<std::uint8_t>(r.before);
  out.b[at_policy] = static_cast<std::uint8_t>(r.policy);
  out.b[at_host_word] = static_cast<std::uint8_t>(r.host_word);
  out.b[at_enrollment_failures] = r.enrollment_failures;
  out.b[at_failures] = r.throttle.failures[0];
  out.b[at_failures + 1] = r.throttle.failures[1];
  out.b[at_ticket_failures] = r.throttle.ticket_failures;
  out.b[at_ticket_codes] = r.ticket_codes;
  out.b[at_secret_length] = r.secret_length;
  put_time(out, at_seen, r.seen);
  put_time(out, at_last_step, r.last_step);
  put_time(out, at_wait_until, r.throttle.wait_until[0]);
  put_time(out, at_wait_until + time_bytes, r.throttle.wait_until[1]);
  put_time(out, at_budget_until, r.throttle.budget_until);
  put_time(out, at_recovery_until, r.throttle.recovery_until);
  put_time(out, at_begin_until, r.throttle.begin_until);
  for (std::size_t i = 0; i < links_count; ++i)
    put_time(out, at_link_until + time_bytes * i, r.throttle.link_until[i]);
  put_time(out, at_deadline, r.deadline);
  put_time(out, at_voucher_until, r.voucher_until);
  put_time(out, at_policy_from, r.policy_from);
  put_time(out, at_enrolled_at, r.enrolled_at);
  put_time(out, at_last_used_at, r.last_used_at);
  put_time(out, at_recovery_drawn_at, r.recovery_drawn_at);
  put_time(out, at_recovery_saved_at, r.recovery_saved_at);
  put_bytes(out, at_secret, r.secret.b, totp_key_bytes_max);
  put_bytes(out, at_pending, r.pending.b, secret_bytes);
  put_bytes(out, at_enrollment_id, r.enrollment_id.b, token_bytes);
  put_bytes(out, at_epoch, r.epoch.b, token_bytes);
  put_bytes(out, at_recovery_hash, r.recovery_hash.b, token_bytes);
  put_bytes(out, at_link_hash, r.link_hash.b, token_bytes);
  put_bytes(out, at_asker_hash, r.asker_hash.b, token_bytes);
  put_bytes(out, at_voucher_hash, r.voucher_hash.b, token_bytes);
  return true;
}

bool encode(const Record& r, Encoded& out) noexcept {
  const bool sound = encode_unscrubbed(r, out);
  scrub_stack();
  return sound;
}

static Record read_fields(const Encoded& in) noexcept {
  Record r = new_record();
  r.state = static_cast<State>(in.b[at_state]);
  r.before = static_cast<State>(in.b[at_before]);
  r.policy = static_cast<Policy>(in.b[at_policy]);
  r.host_word = static_cast<HostWord>(in.b[at_host_word]);
  r.enrollment_failures = in.b[at_enrollment_failures];
  r.throttle.failures[0] = in.b[at_failures];
  r.throttle.failures[1] = in.b[at_failures + 1];
  r.throttle.ticket_failures = in.b[at_ticket_failures];
  r.ticket_codes = in.b[at_ticket_codes];
  r.secret_length = in.b[at_secret_length];
  r.seen = get_time(in, at_seen);
  r.last_step = get_time(in, at_last_step);
  r.throttle.wait_until[0] = get_time(in, at_wait_until);
  r.throttle.wait_until[1] = get_time(in, at_wait_until + time_bytes);
  r.throttle.budget_until = get_time(in, at_budget_until);
  r.throttle.recovery_until = get_time(in, at_recovery_until);
  r.throttle.begin_until = get_time(in, at_begin_until);
  for (std::size_t i = 0; i < links_count; ++i)
    r.throttle.link_until[i] = get_time(in, at_link_until + time_bytes * i);
  r.deadline = get_time(in, at_deadline);
  r.voucher_until = get_time(in, at_voucher_until);
  r.policy_from = get_time(in, at_policy_from);
  r.enrolled_at = get_time(in, at_enrolled_at);
  r.last_used_at = get_time(in, at_last_used_at);
  r.recovery_drawn_at = get_time(in, at_recovery_drawn_at);
  r.recovery_saved_at = get_time(in, at_recovery_saved_at);
  get_bytes(in, at_secret, r.secret.b, totp_key_bytes_max);
  get_bytes(in, at_pending, r.pending.b, secret_bytes);
  get_bytes(in, at_enrollment_id, r.enrollment_id.b, token_bytes);
  get_bytes(in, at_epoch, r.epoch.b, token_bytes);
  get_bytes(in, at_recovery_hash, r.recovery_hash.b, token_bytes);
  get_bytes(in, at_link_hash, r.link_hash.b, token_bytes);
  get_bytes(in, at_asker_hash, r.asker_hash.b, token_bytes);
  get_bytes(in, at_voucher_hash, r.voucher_hash.b, token_bytes);
  return r;
}

[[gnu::noinline]] static bool decode_unscrubbed(const Encoded& in, Record& out) noexcept {
  out = new_record();
  if (in.b[at_version] != record_version || in.b[at_reserve] != 0) return false;
  Record r = read_fields(in);
  const bool sound = valid(r);
  if (sound) out = r;
  wipe(r);
  return sound;
}

bool decode(const Encoded& in, Record& out) noexcept {
  const bool sound = decode_unscrubbed(in, out);
  scrub_stack();
  return sound;
}

}  // namespace twinlock
