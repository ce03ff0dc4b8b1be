// SPDX-License-Identifier: Apache-2.0
// totp_codes() and digest() in place of kernel/hash.cpp's. Nothing is assumed of HMAC-SHA-1 and SHA-256 but
// that the same question gets the same answer, and that a digest is never all zero (its last line).
//
// A harness that wants to know what a check would say asks first, like any caller; its questions are
// remembered. Whoever asks the same, of the same secret and step, or for the same purpose, account, binding
// and value, gets the same answer. Whoever asks anything else gets any answer: a kernel that hashes another
// field, for another account or with another binding, cannot rely on one.
#pragma once

struct CodesQuestion {
  Secret secret;
  Step step;
  Codes answer;
};

struct DigestQuestion {
  AccountTag account;
  Token binding;
  Token value;
  Token answer;
};

struct Asked {
  std::uint32_t codes;  // how often totp_codes() was called since nothing_asked()
  std::uint32_t codes_kept;
  CodesQuestion code[2];          // of the active and of the pending secret
  std::uint32_t digests_kept[5];  // by purpose
  DigestQuestion presented[5];    // the first question for that purpose
  DigestQuestion drawn[5];        // and the second
};

Asked asked;

static bool same_account(const AccountTag& a, const AccountTag& b) {
  bool all = true;
  for (std::uint32_t i = 0; i < 32; ++i) all = all && a.b[i] == b.b[i];
  return all;
}

static bool same_codes_question(const CodesQuestion& q, const Secret& secret, Step step) {
  return q.step == step && same_secret(q.secret, secret);
}

static bool same_digest_question(const DigestQuestion& q, const AccountTag& account, const Token& binding,
                                 const Token& value) {
  return same_token(q.binding, binding) && same_token(q.value, value) && same_account(q.account, account);
}

namespace twinlock {

Codes totp_codes(const Secret& secret, Step now_step) noexcept {
  REQUIRE(now_step >= 1 && now_step < step_limit);
  asked.codes = asked.codes + 1U;
  if (asked.codes_kept > 0 && same_codes_question(asked.code[0], secret, now_step))
    return asked.code[0].answer;
  if (asked.codes_kept > 1 && same_codes_question(asked.code[1], secret, now_step))
    return asked.code[1].answer;
  CodesQuestion q;
  q.secret = secret;
  q.step = now_step;
  q.answer.c[0] = nondet_u32();
  q.answer.c[1] = nondet_u32();
  q.answer.c[2] = nondet_u32();
  if (asked.codes_kept == 1) asked.code[1] = q;
  if (asked.codes_kept == 0) asked.code[0] = q;
  if (asked.codes_kept < 2) asked.codes_kept = asked.codes_kept + 1U;
  return q.answer;
}

Token digest(Purpose purpose, const AccountTag& account, const Token& binding, const Token& value) noexcept {
  const std::uint8_t i = static_cast<std::uint8_t>(purpose);
  if (asked.digests_kept[i] > 0 && same_digest_question(asked.presented[i], account, binding, value))
    return asked.presented[i].answer;
  if (asked.digests_kept[i] > 1 && same_digest_question(asked.drawn[i], account, binding, value))
    return asked.drawn[i].answer;
  DigestQuestion q;
  q.account = account;
  q.binding = binding;
  q.value = value;
  q.answer = nondet_token();
  GIVEN(!contract::absent_token(q.answer));
  if (asked.digests_kept[i] == 1) asked.drawn[i] = q;
  if (asked.digests_kept[i] == 0) asked.presented[i] = q;
  if (asked.digests_kept[i] < 2) asked.digests_kept[i] = asked.digests_kept[i] + 1U;
  return q.answer;
}

}  // namespace twinlock

static void nothing_asked() {
  asked.codes = 0;
  asked.codes_kept = 0;
  for (std::uint32_t i = 0; i < 5; ++i) asked.digests_kept[i] = 0;
}
