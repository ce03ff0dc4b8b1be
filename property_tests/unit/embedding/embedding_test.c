// SPDX-License-Identifier: Apache-2.0
// The kernel called from C11: what is refused, and a life of one account from the first secret to a lost
// phone. Codes come from BoringSSL's HMAC, never from the kernel.
#include <openssl/digest.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "kernel/twinlock.h"

static unsigned passed, failed;

static void expect_at(int good, int line, const char* what) {
  passed += good ? 1U : 0U;
  failed += good ? 0U : 1U;
  if (!good) printf("%s:%d: does not hold: %s\n", __FILE__, line, what);
}
#define EXPECT(condition) expect_at((condition) != 0, __LINE__, #condition)

static int is_zero(const uint8_t* bytes, size_t n) {
  uint8_t all = 0;
  for (size_t i = 0; i < n; ++i) all = (uint8_t)(all | bytes[i]);
  return all == 0;
}

static void type_code(uint8_t code[TWINLOCK_CODE_DIGITS], const uint8_t* secret, uint64_t step) {
  uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  for (int i = 0; i < 8; ++i) counter[i] = (uint8_t)(step >> (56 - 8 * i));
  HMAC(EVP_sha1(), secret, TWINLOCK_SECRET_BYTES, counter, sizeof counter, mac, &length);
  const unsigned at = mac[19] & 15U;
  uint32_t value = ((uint32_t)mac[at] & 127U) << 24 | (uint32_t)mac[at + 1] << 16 |
                   (uint32_t)mac[at + 2] << 8 | mac[at + 3];
  for (int i = TWINLOCK_CODE_DIGITS; i-- > 0; value /= 10) code[i] = (uint8_t)('0' + value % 10);
}

static struct twinlock_situation situation;
static struct twinlock_event event;
static struct twinlock_outcome out;
static uint8_t record[TWINLOCK_RECORD_BYTES];

// A new event, so much later, with random bytes that no other event had.
static void prepare(enum twinlock_kind kind, uint64_t later_s) {
  static uint8_t drawn = 0;
  memset(&event, 0, sizeof event);
  event.kind = (uint8_t)kind;
  event.lane = TWINLOCK_LANE_OTHER;
  situation.clock.now_s += later_s;
  situation.clock.step = situation.clock.now_s / TWINLOCK_STEP_S;
  ++drawn;
  for (size_t i = 0; i < sizeof situation.fresh; ++i) situation.fresh[i] = (uint8_t)(1 + (i + drawn) % 255);
}

static int ask(void) {
  twinlock_handle(record, sizeof record, &event, &situation, &out);
  if (out.write) memcpy(record, out.record, sizeof record);
  return out.verdict;
}

static struct twinlock_account_view look(void) {
  struct twinlock_account_view view;
  twinlock_view(record, sizeof record, &situation.clock, TWINLOCK_HOST_UNSAID, &situation.rules, &view);
  return view;
}

static void the_library_is_the_headers(void) {
  EXPECT(TWINLOCK_COMPATIBLE() == 1);
  const size_t e = sizeof event, s = sizeof situation, o = sizeof out,
               v = sizeof(struct twinlock_account_view);
  EXPECT(twinlock_compatible(TWINLOCK_ABI_VERSION + 1, e, s, o, v) == 0);
  EXPECT(twinlock_compatible(TWINLOCK_ABI_VERSION, e + 1, s, o, v) == 0);
  EXPECT(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s + 1, o, v) == 0);
  EXPECT(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s, o + 1, v) == 0);
  EXPECT(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s, o, v + 1) == 0);
}

static void refuse_record(const uint8_t* bytes, size_t n) {
  struct twinlock_account_view view;
  memset(&out, 0xFF, sizeof out);
  twinlock_handle(bytes, n, &event, &situation, &out);
  EXPECT(out.verdict == TWINLOCK_VERDICT_BAD_RECORD && out.write == 0);
  EXPECT(is_zero(out.record, sizeof out.record) && is_zero(out.secret, sizeof out.secret));
  memset(&view, 0xFF, sizeof view);
  twinlock_view(bytes, n, &situation.clock, TWINLOCK_HOST_UNSAID, &situation.rules, &view);
  EXPECT(view.sound == 0 && view.passes_without == 0 && view.failures == 0);
}

// A missing row must not pass for an account without a second factor.
static void no_record_is_refused(void) {
  static const uint8_t zeros[TWINLOCK_RECORD_BYTES + 1];
  prepare(TWINLOCK_KIND_BEGIN_ENROLLMENT, 0);
  refuse_record(NULL, 0);
  refuse_record(NULL, sizeof record);
  refuse_record(zeros, 0);
  refuse_record(zeros, sizeof record);
  refuse_record(record, sizeof record - 1);
  refuse_record(record, sizeof record + 1);
}

// In the order of the verdicts: each line repairs what the one above was refused for.
static void wrong_input_is_refused(void) {
  struct twinlock_account_view view;
  prepare(TWINLOCK_KIND_BEGIN_ENROLLMENT, 0);
  event.mailable = 2;
  situation.rules.strict = 2;
  memset(situation.fresh + TWINLOCK_SECRET_BYTES, 0, TWINLOCK_TOKEN_BYTES);
  situation.clock.step += 1;
  EXPECT(ask() == TWINLOCK_VERDICT_BAD_CLOCK);
  EXPECT(look().sound == 0);
  situation.clock.step -= 1;
  EXPECT(ask() == TWINLOCK_VERDICT_BAD_ENTROPY);
  situation.fresh[TWINLOCK_SECRET_BYTES] = 1;
  EXPECT(ask() == TWINLOCK_VERDICT_MALFORMED);
  event.mailable = 1;
  EXPECT(ask() == TWINLOCK_VERDICT_MALFORMED);
  EXPECT(look().sound == 0);
  situation.rules.strict = 0;
  EXPECT(look().sound == 1 && look().passes_without == 1 && look().state == TWINLOCK_STATE_OFF);
  event.kind = TWINLOCK_KIND_OPERATOR_RESTORED + 1;
  EXPECT(ask() == TWINLOCK_VERDICT_MALFORMED);
  event.kind = TWINLOCK_KIND_VERIFY;
  memset(event.code, '0', sizeof event.code);
  EXPECT(ask() == TWINLOCK_VERDICT_WRONG_STATE);
  twinlock_view(record, sizeof record, &situation.clock, 3, &situation.rules, &view);
  EXPECT(view.sound == 0);
}

static void enroll(uint8_t secret[TWINLOCK_SECRET_BYTES], uint8_t recovery_code[TWINLOCK_TOKEN_BYTES]) {
  uint8_t id[TWINLOCK_TOKEN_BYTES];
  prepare(TWINLOCK_KIND_BEGIN_ENROLLMENT, 0);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && out.write == 1);
  memcpy(secret, out.secret, TWINLOCK_SECRET_BYTES);
  memcpy(id, out.enrollment_id, sizeof id);
  prepare(TWINLOCK_KIND_BEGIN_ENROLLMENT, 5);  // the same page again
  memcpy(event.enrollment_id, id, sizeof id);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && out.write == 0);
  EXPECT(memcmp(out.secret, secret, TWINLOCK_SECRET_BYTES) == 0);
  prepare(TWINLOCK_KIND_CONFIRM_ENROLLMENT, 5);
  memcpy(event.enrollment_id, id, sizeof id);
  type_code(event.code, secret, situation.clock.step + 5);
  EXPECT(ask() == TWINLOCK_VERDICT_REJECTED && out.write == 1 && is_zero(out.recovery_code, 16));
  type_code(event.code, secret, situation.clock.step);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && out.notice == TWINLOCK_NOTICE_ENABLED);
  EXPECT(out.step == situation.clock.step && is_zero(out.secret, sizeof out.secret));
  EXPECT(!is_zero(out.recovery_code, 16));
  memcpy(recovery_code, out.recovery_code, TWINLOCK_TOKEN_BYTES);
  const struct twinlock_account_view view = look();
  EXPECT(view.state == TWINLOCK_STATE_ON && view.code_required == 1 && view.passes_without == 0);
  EXPECT(memcmp(view.epoch, out.epoch, sizeof view.epoch) == 0 && !is_zero(view.epoch, sizeof view.epoch));
}

static void sign_in(const uint8_t* secret) {
  prepare(TWINLOCK_KIND_VERIFY, 30);
  type_code(event.code, secret, situation.clock.step);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && !is_zero(out.epoch, sizeof out.epoch));
  EXPECT(ask() == TWINLOCK_VERDICT_REJECTED && is_zero(out.epoch, sizeof out.epoch));
  EXPECT(look().failures == 1);
  for (int i = 0; i < 4; ++i) ask();
  EXPECT(ask() == TWINLOCK_VERDICT_WAITING && out.retry_at == situation.clock.now_s + 30);
  EXPECT(look().retry_after_s[TWINLOCK_LANE_OTHER] == 30 && look().retry_after_s[TWINLOCK_LANE_KNOWN] == 0);
  prepare(TWINLOCK_KIND_REVOKE_PASSES, 1);
  memcpy(event.epoch, look().epoch, sizeof event.epoch);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && memcmp(event.epoch, out.epoch, sizeof out.epoch) != 0);
}

static void lose_the_phone(const uint8_t* recovery_code) {
  uint8_t link[TWINLOCK_TOKEN_BYTES], asker[TWINLOCK_TOKEN_BYTES];
  prepare(TWINLOCK_KIND_REQUEST_RECOVERY, 10);
  memcpy(event.recovery_code, recovery_code, sizeof event.recovery_code);
  EXPECT(ask() == TWINLOCK_VERDICT_UNDELIVERABLE);
  event.mailable = 1;
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && out.notice == TWINLOCK_NOTICE_RECOVERY_ASKED);
  memcpy(link, out.link, sizeof link);
  memcpy(asker, out.asker, sizeof asker);
  prepare(TWINLOCK_KIND_CONFIRM_RECOVERY, 10);
  memcpy(event.link, link, sizeof link);
  EXPECT(ask() == TWINLOCK_VERDICT_PROOF_NEEDED);
  event.has_asker = 1;
  memcpy(event.asker, asker, sizeof asker);
  situation.rules.replace_after_recovery = 1;
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && !is_zero(out.grant, sizeof out.grant));
  EXPECT(look().state == TWINLOCK_STATE_REPLACING && look().passes_without == 0);
  prepare(TWINLOCK_KIND_BEGIN_ENROLLMENT, 10);
  EXPECT(ask() == TWINLOCK_VERDICT_WRONG_HOLDER);
  memcpy(event.grant, out.grant, sizeof event.grant);  // of a refusal: none
  EXPECT(ask() == TWINLOCK_VERDICT_WRONG_HOLDER);
}

static void the_operator_helps(void) {
  prepare(TWINLOCK_KIND_OPERATOR_RESET, 10);
  situation.rules.replace_after_recovery = 0;
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && is_zero(out.grant, sizeof out.grant));
  EXPECT(look().state == TWINLOCK_STATE_OFF);
  prepare(TWINLOCK_KIND_OPERATOR_IMPORT, 10);
  event.key_length = TWINLOCK_KEY_BYTES_MIN;
  memset(event.key, 7, TWINLOCK_KEY_BYTES_MIN);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && out.notice == TWINLOCK_NOTICE_IMPORTED);
  prepare(TWINLOCK_KIND_OPERATOR_UNLOCK, 10);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED && !is_zero(out.ticket, sizeof out.ticket));
  EXPECT(look().ticket_until == situation.clock.now_s + 1800);
}

// The record may lie in the outcome that is written.
static void the_outcome_may_hold_the_record(void) {
  struct twinlock_outcome in_place;
  prepare(TWINLOCK_KIND_OPERATOR_RESTORED, 10);
  memcpy(in_place.record, record, sizeof record);
  twinlock_handle(in_place.record, sizeof record, &event, &situation, &in_place);
  EXPECT(ask() == TWINLOCK_VERDICT_ACCEPTED);
  EXPECT(in_place.verdict == out.verdict && memcmp(in_place.record, record, sizeof record) == 0);
  twinlock_wipe(&in_place, sizeof in_place);
  EXPECT(is_zero((const uint8_t*)&in_place, sizeof in_place));
}

int main(void) {
  uint8_t secret[TWINLOCK_SECRET_BYTES], recovery_code[TWINLOCK_TOKEN_BYTES];
  situation.clock.now_s = 1700000010;
  twinlock_new_record(record);
  the_library_is_the_headers();
  no_record_is_refused();
  wrong_input_is_refused();
  enroll(secret, recovery_code);
  sign_in(secret);
  lose_the_phone(recovery_code);
  the_operator_helps();
  the_outcome_may_hold_the_record();
  printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
