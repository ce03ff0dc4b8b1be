// SPDX-License-Identifier: Apache-2.0
// One case: everything that handle() is given, as bytes, and one number over everything that it answers. The
// compiler and the prover read this same text, each with its own idea of what C++ means; agree.py compares
// the numbers.
//
// HMAC and the digests are replaced on both sides by the same simple functions.
#pragma once

#include "kernel/clock.hpp"
#include "kernel/codec.hpp"
#include "kernel/decide.hpp"
#include "kernel/digest.hpp"
#include "kernel/twinlock.hpp"

namespace agree {

inline constexpr std::size_t case_bytes = 686;

struct Case {
  std::uint8_t b[case_bytes];
};

// A walk over a case: reads when the prover or the compiler asks for the answer, writes when the generator
// makes one. So the layout is written once.
struct Walk {
  Case data;
  std::size_t at;
  bool writing;
};

inline void walk_byte(Walk& w, std::uint8_t& value) {
  if (w.writing) w.data.b[w.at] = value;
  value = w.data.b[w.at];
  w.at = w.at + 1;
}

inline void walk_bool(Walk& w, bool& value) {
  std::uint8_t byte = value ? 1 : 0;
  walk_byte(w, byte);
  value = byte != 0;
}

inline void walk_number(Walk& w, std::uint64_t& value) {
  std::uint64_t read = 0;
  for (std::uint32_t i = 0; i < 8; ++i) {
    std::uint8_t byte = static_cast<std::uint8_t>((value >> (8U * i)) & 0xFFU);
    walk_byte(w, byte);
    read |= static_cast<std::uint64_t>(byte) << (8U * i);
  }
  value = read;
}

inline void walk_token(Walk& w, twinlock::Token& t) {
  for (std::size_t i = 0; i < twinlock::token_bytes; ++i) walk_byte(w, t.b[i]);
}

inline void walk_secret(Walk& w, twinlock::Secret& s) {
  for (std::size_t i = 0; i < twinlock::secret_bytes; ++i) walk_byte(w, s.b[i]);
}

inline void walk_key(Walk& w, twinlock::TotpKey& k) {
  for (std::size_t i = 0; i < twinlock::totp_key_bytes_max; ++i) walk_byte(w, k.b[i]);
}

inline void walk_event(Walk& w, twinlock::Event& e) {
  std::uint8_t kind = static_cast<std::uint8_t>(e.kind);
  std::uint8_t lane = static_cast<std::uint8_t>(e.lane);
  std::uint8_t policy = static_cast<std::uint8_t>(e.policy);
  std::uint8_t word = static_cast<std::uint8_t>(e.host_word);
  walk_byte(w, kind);
  walk_byte(w, lane);
  walk_byte(w, policy);
  walk_byte(w, word);
  e.kind = static_cast<twinlock::Kind>(kind);
  e.lane = static_cast<twinlock::Lane>(lane);
  e.policy = static_cast<twinlock::Policy>(policy);
  e.host_word = static_cast<twinlock::HostWord>(word);
  walk_number(w, e.policy_from);
  walk_byte(w, e.key_length);
  walk_key(w, e.key);
  walk_bool(w, e.by_operator);
  walk_bool(w, e.replace);
  walk_bool(w, e.mailable);
  walk_bool(w, e.has_asker);
  walk_bool(w, e.has_recovery_code);
  for (std::size_t i = 0; i < twinlock::code_digits; ++i) walk_byte(w, e.code.digit[i]);
  walk_token(w, e.enrollment_id);
  walk_token(w, e.grant);
  walk_token(w, e.ticket);
  walk_token(w, e.recovery_code);
  walk_token(w, e.link);
  walk_token(w, e.asker);
  walk_token(w, e.epoch);
}

inline void walk_fresh(Walk& w, twinlock::Fresh& f) {
  walk_secret(w, f.secret);
  walk_token(w, f.enrollment_id);
  walk_token(w, f.epoch);
  walk_token(w, f.recovery_code);
  walk_token(w, f.link);
  walk_token(w, f.asker);
  walk_token(w, f.grant);
  walk_token(w, f.ticket);
}

inline void walk_throttle(Walk& w, twinlock::Throttle& t) {
  walk_byte(w, t.failures[0]);
  walk_byte(w, t.failures[1]);
  walk_byte(w, t.ticket_failures);
  walk_number(w, t.wait_until[0]);
  walk_number(w, t.wait_until[1]);
  walk_number(w, t.budget_until);
  walk_number(w, t.recovery_until);
  walk_number(w, t.begin_until);
  for (std::size_t i = 0; i < twinlock::links_count; ++i) walk_number(w, t.link_until[i]);
}

inline void walk_record(Walk& w, twinlock::Record& r) {
  std::uint8_t state = static_cast<std::uint8_t>(r.state);
  std::uint8_t before = static_cast<std::uint8_t>(r.before);
  std::uint8_t policy = static_cast<std::uint8_t>(r.policy);
  std::uint8_t word = static_cast<std::uint8_t>(r.host_word);
  walk_byte(w, state);
  walk_byte(w, before);
  walk_byte(w, policy);
  walk_byte(w, word);
  r.state = static_cast<twinlock::State>(state);
  r.before = static_cast<twinlock::State>(before);
  r.policy = static_cast<twinlock::Policy>(policy);
  r.host_word = static_cast<twinlock::HostWord>(word);
  walk_byte(w, r.enrollment_failures);
  walk_byte(w, r.ticket_codes);
  walk_byte(w, r.secret_length);
  walk_number(w, r.seen);
  walk_throttle(w, r.throttle);
  walk_number(w, r.last_step);
  walk_number(w, r.deadline);
  walk_number(w, r.voucher_until);
  walk_number(w, r.policy_from);
  walk_number(w, r.enrolled_at);
  walk_number(w, r.last_used_at);
  walk_number(w, r.recovery_drawn_at);
  walk_number(w, r.recovery_saved_at);
  walk_key(w, r.secret);
  walk_secret(w, r.pending);
  walk_token(w, r.enrollment_id);
  walk_token(w, r.epoch);
  walk_token(w, r.recovery_hash);
  walk_token(w, r.link_hash);
  walk_token(w, r.asker_hash);
  walk_token(w, r.voucher_hash);
}

struct Input {
  twinlock::Record record;
  twinlock::Event event;
  twinlock::Situation situation;  // of the account, its first byte; the others are zero
};

inline void walk_input(Walk& w, Input& in) {
  walk_record(w, in.record);
  walk_event(w, in.event);
  walk_number(w, in.situation.clock.now);
  walk_number(w, in.situation.clock.step);
  walk_bool(w, in.situation.rules.required);
  walk_number(w, in.situation.rules.required_from);
  walk_bool(w, in.situation.rules.replace_after_recovery);
  walk_bool(w, in.situation.rules.strict);
  walk_byte(w, in.situation.account.b[0]);
  walk_fresh(w, in.situation.fresh);
}

// FNV-1a's way over 64-bit words.
inline void fold_number(std::uint64_t& sum, std::uint64_t value) { sum = (sum ^ value) * 1099511628211ULL; }

inline void fold_byte(std::uint64_t& sum, std::uint8_t byte) { fold_number(sum, byte); }

inline void fold_bool(std::uint64_t& sum, bool value) { fold_byte(sum, value ? 1 : 0); }

// A record's bytes; of a record that is not valid the numbers.
inline void fold_record(std::uint64_t& sum, const twinlock::Record& r) {
  twinlock::Encoded bytes;
  fold_bool(sum, twinlock::encode(r, bytes));
  for (std::size_t i = 0; i < twinlock::record_bytes; ++i) fold_byte(sum, bytes.b[i]);
  fold_number(sum, r.seen + r.last_step + r.deadline + r.voucher_until + r.throttle.budget_until);
}

inline void fold_view(std::uint64_t& sum, const twinlock::View& v) {
  fold_byte(sum, static_cast<std::uint8_t>(v.state));
  fold_bool(sum, v.sound);
  fold_bool(sum, v.code_required);
  fold_bool(sum, v.second_factor_required);
  fold_bool(sum, v.passes_without);
  fold_bool(sum, v.locked);
  fold_number(sum, v.retry_after_s[0]);
  fold_number(sum, v.retry_after_s[1]);
  fold_number(sum, v.failures);
  fold_number(sum, v.enrolled_at);
  fold_number(sum, v.last_used_at);
  fold_number(sum, v.deadline);
  fold_number(sum, v.grant_until);
  fold_number(sum, v.ticket_until);
  fold_number(sum, v.recovery_drawn_at);
  fold_number(sum, v.recovery_saved_at);
}

inline std::uint64_t answer_of(const Input& in, const twinlock::Outcome& o) {
  std::uint64_t sum = 14695981039346656037ULL;
  fold_byte(sum, static_cast<std::uint8_t>(o.verdict));
  fold_byte(sum, static_cast<std::uint8_t>(o.notice));
  fold_bool(sum, o.write);
  fold_bool(sum, o.clock_went_back);
  fold_bool(sum, o.by_ticket);
  fold_number(sum, o.decided_at);
  fold_number(sum, o.retry_at);
  fold_number(sum, o.step);
  fold_record(sum, o.record);
  fold_view(sum, twinlock::view(in.record, in.situation.clock, in.event.host_word, in.situation.rules));
  return sum;
}

}  // namespace agree

// The functions in place of HMAC-SHA-1 and SHA-256.
namespace twinlock {

Codes totp_codes(const TotpKey& key, Step now_step) noexcept {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < totp_key_bytes_max; ++i) sum = (sum * 31U + key.b[i]) % code_limit;
  Codes c;
  for (std::uint32_t i = 0; i < candidates_count; ++i)
    c.c[i] = static_cast<std::uint32_t>((sum + (now_step + i) * 7919U) % code_limit);
  return c;
}

Token digest(Purpose purpose, const AccountTag& account, const Token& binding, const Token& value) noexcept {
  Token t;
  for (std::size_t i = 0; i < token_bytes; ++i)
    t.b[i] = static_cast<std::uint8_t>((value.b[i] ^ binding.b[token_bytes - 1 - i] ^ account.b[0]) +
                                       static_cast<std::uint8_t>(purpose) * 29U);
  t.b[0] = static_cast<std::uint8_t>(t.b[0] | 1U);
  return t;
}

}  // namespace twinlock
