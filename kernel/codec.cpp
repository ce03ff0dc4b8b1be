// SPDX-License-Identifier: Apache-2.0
#include "kernel/codec.hpp"

#include "kernel/bytes.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

// Layout. 0 version, 1 state, 2 before, 3 policy, 4 enrollment failures, 5 and 6 failures per lane, 7 unlock
// credit; from 8 thirteen times of six bytes; from 86 the two secrets; from 126 six tokens; 222 and 223 zero.
static constexpr std::size_t time_bytes = 6;
static constexpr std::size_t reserve_at = 222;
static constexpr std::size_t reserve_bytes = 2;
static_assert(reserve_at == 8 + 13 * time_bytes + 2 * secret_bytes + 6 * token_bytes);
static_assert(reserve_at + reserve_bytes == record_bytes);

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

bool encode(const Record& r, Encoded& out) noexcept {
  const Encoded zero{};
  out = zero;
  if (!valid(r)) return false;
  out.b[0] = record_version;
  out.b[1] = static_cast<std::uint8_t>(r.state);
  out.b[2] = static_cast<std::uint8_t>(r.before);
  out.b[3] = static_cast<std::uint8_t>(r.policy);
  out.b[4] = r.enrollment_failures;
  out.b[5] = r.throttle.failures[0];
  out.b[6] = r.throttle.failures[1];
  out.b[7] = r.throttle.unlock_credit;
  put_time(out, 8, r.seen);
  put_time(out, 14, r.last_step);
  put_time(out, 20, r.throttle.wait_until[0]);
  put_time(out, 26, r.throttle.wait_until[1]);
  put_time(out, 32, r.throttle.budget_until);
  put_time(out, 38, r.throttle.recovery_until);
  for (std::size_t i = 0; i < links_count; ++i) put_time(out, 44 + time_bytes * i, r.throttle.link_until[i]);
  put_time(out, 62, r.deadline);
  put_time(out, 68, r.grant_until);
  put_time(out, 74, r.enrolled_at);
  put_time(out, 80, r.last_used_at);
  put_bytes(out, 86, r.secret.b, secret_bytes);
  put_bytes(out, 106, r.pending.b, secret_bytes);
  put_bytes(out, 126, r.enrollment_id.b, token_bytes);
  put_bytes(out, 142, r.epoch.b, token_bytes);
  put_bytes(out, 158, r.recovery_hash.b, token_bytes);
  put_bytes(out, 174, r.link_hash.b, token_bytes);
  put_bytes(out, 190, r.asker_hash.b, token_bytes);
  put_bytes(out, 206, r.grant_hash.b, token_bytes);
  return true;
}

static Record read_fields(const Encoded& in) noexcept {
  Record r = new_record();
  r.state = static_cast<State>(in.b[1]);
  r.before = static_cast<State>(in.b[2]);
  r.policy = static_cast<Policy>(in.b[3]);
  r.enrollment_failures = in.b[4];
  r.throttle.failures[0] = in.b[5];
  r.throttle.failures[1] = in.b[6];
  r.throttle.unlock_credit = in.b[7];
  r.seen = get_time(in, 8);
  r.last_step = get_time(in, 14);
  r.throttle.wait_until[0] = get_time(in, 20);
  r.throttle.wait_until[1] = get_time(in, 26);
  r.throttle.budget_until = get_time(in, 32);
  r.throttle.recovery_until = get_time(in, 38);
  for (std::size_t i = 0; i < links_count; ++i) r.throttle.link_until[i] = get_time(in, 44 + time_bytes * i);
  r.deadline = get_time(in, 62);
  r.grant_until = get_time(in, 68);
  r.enrolled_at = get_time(in, 74);
  r.last_used_at = get_time(in, 80);
  get_bytes(in, 86, r.secret.b, secret_bytes);
  get_bytes(in, 106, r.pending.b, secret_bytes);
  get_bytes(in, 126, r.enrollment_id.b, token_bytes);
  get_bytes(in, 142, r.epoch.b, token_bytes);
  get_bytes(in, 158, r.recovery_hash.b, token_bytes);
  get_bytes(in, 174, r.link_hash.b, token_bytes);
  get_bytes(in, 190, r.asker_hash.b, token_bytes);
  get_bytes(in, 206, r.grant_hash.b, token_bytes);
  return r;
}

bool decode(const Encoded& in, Record& out) noexcept {
  out = new_record();
  if (in.b[0] != record_version || zero_bytes(in.b + reserve_at, reserve_bytes) == 0U) return false;
  Record r = read_fields(in);
  const bool sound = valid(r);
  if (sound) out = r;
  wipe(r);
  return sound;
}

}  // namespace twinlock
