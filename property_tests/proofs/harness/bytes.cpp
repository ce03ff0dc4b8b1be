// SPDX-License-Identifier: Apache-2.0
// The constant-time helpers compute what the plain ones do, for all inputs of their sizes (K12's other half:
// correct, too).
#define SHIPPED_BYTES
#include "assumptions.hpp"
#include "match_contract.hpp"

extern "C" {

void k12_is_zero() {
  const std::uint32_t x = nondet_u32();
  CHECK(is_zero(x) == (x == 0 ? 1U : 0U), "is_zero is the test for zero");
  CAN(is_zero(x) == 1U);
  CAN(is_zero(x) == 0U);
}

void k12_compare_token() {
  const Token a = nondet_token();
  const Token b = nondet_token();
  CHECK(same(a, b) == same_token(a, b), "same is equality");
  CHECK(absent(a) == contract::absent_token(a), "absent is all zero");
  CHECK((same_bytes(a.b, b.b, token_bytes) == 1U) == same_token(a, b), "so is same_bytes over 16 bytes");
  CHECK((zero_bytes(a.b, token_bytes) == 1U) == contract::absent_token(a), "and zero_bytes");
  CAN(same(a, b));
  CAN(absent(a));
}

void k12_compare_secret() {
  const Secret a = nondet_secret();
  const Secret b = nondet_secret();
  CHECK((same_bytes(a.b, b.b, secret_bytes) == 1U) == same_secret(a, b),
        "same_bytes is equality over 20 bytes");
  CHECK(absent(a) == contract::absent_secret(a), "absent is all zero");
  CAN(same_secret(a, b));
  CAN(absent(a));
}

void k11_wipe() {
  Record r = nondet_record();
  const Record before = r;
  wipe(r);
  CHECK(empty_secret(r.secret) && empty_secret(r.pending) && empty_token(r.enrollment_id) &&
            empty_token(r.epoch) && empty_token(r.recovery_hash) && empty_token(r.link_hash) &&
            empty_token(r.asker_hash) && empty_token(r.grant_hash),
        "wipe leaves no secret, id or hash");
  CHECK(r.state == before.state && r.seen == before.seen && r.last_step == before.last_step &&
            r.deadline == before.deadline,
        "and touches nothing beside them");
  Secret s = nondet_secret();
  wipe(s);
  CHECK(empty_secret(s), "a secret");
  Token t = nondet_token();
  wipe(t);
  CHECK(empty_token(t), "a token");
  CAN(!empty_secret(before.secret));
}

void k12_code_digits() {
  const Code c = nondet_code();
  bool digits = true;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < code_digits; ++i) {
    if (c.digit[i] < '0' || c.digit[i] > '9') digits = false;
    if (digits) value = value * 10U + (c.digit[i] - 48U);
  }
  CHECK(is_code(c) == digits, "is_code takes exactly six ASCII digits");
  if (digits) CHECK(code_value(c) == value && value < code_limit, "code_value is what they spell");
  CAN(is_code(c) && code_value(c) == 999999U);
}

void k12_truncate() {
  std::uint8_t mac[secret_bytes];
  const std::uint32_t at = mac[19] & 0x0FU;
  const std::uint32_t plain = (static_cast<std::uint32_t>(mac[at] & 0x7FU) << 24U) |
                              (static_cast<std::uint32_t>(mac[at + 1]) << 16U) |
                              (static_cast<std::uint32_t>(mac[at + 2]) << 8U) |
                              static_cast<std::uint32_t>(mac[at + 3]);
  CHECK(truncate(mac) == low_six_digits(plain), "RFC 4226, 5.3, without its secret address");
  CAN(at == 15U);
}

void k01_match_code() {
  Codes c;
  c.c[0] = nondet_u32();
  c.c[1] = nondet_u32();
  c.c[2] = nondet_u32();
  const std::uint32_t presented = nondet_u32();
  const Step now = nondet_u64();
  const Step last = nondet_u64();
  const bool strict = nondet_bool();
  GIVEN(now >= 1 && now < step_limit);
  const CodeMatch m = match_code(c, presented, now, last, strict);
  const CodeMatch plain = contract::match_code(c, presented, now, last, strict);
  CHECK(m.match == plain.match && m.step == plain.step,
        "a fresh match in the window, at the highest step; strict: at the current step alone");
  CAN(m.match && m.step == now + 1 && c.c[0] == c.c[2]);
  CAN(m.match && strict);
  CAN(!m.match && presented == c.c[1]);
}
}
