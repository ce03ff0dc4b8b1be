// SPDX-License-Identifier: Apache-2.0
// The kernel alone: an account is enrolled, its first code confirmed, the next one verified and then
// replayed. Codes are read from the standard input, one a line; the secret is printed in hexadecimal, as
// oathtool takes it. What a real program must add (a store, a sealed record, one decision at a time) is in
// docs/kernel.md.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "kernel/twinlock.h"

// SHA-256 of "alice".
static const uint8_t account[TWINLOCK_ACCOUNT_BYTES] = {
    0x2b, 0xd8, 0x06, 0xc9, 0x7f, 0x0e, 0x00, 0xaf, 0x1a, 0x1f, 0xc3, 0x32, 0x8f, 0xa7, 0x63, 0xa9,
    0x26, 0x97, 0x23, 0xc8, 0xdb, 0x8f, 0xac, 0x4f, 0x93, 0xaf, 0x71, 0xdb, 0x18, 0x6d, 0x6e, 0x90};

static uint8_t stored[TWINLOCK_RECORD_BYTES];  // stands for the store

// Loads, decides, commits, and only then answers. `later_s`: pretends that so much time has passed.
static struct twinlock_outcome ask(struct twinlock_event* event, unsigned later_s) {
  struct twinlock_situation s = {0};
  struct twinlock_outcome out;
  s.clock.now_s = (uint64_t)time(NULL) + later_s;
  s.clock.step = s.clock.now_s / TWINLOCK_STEP_S;
  memcpy(s.account, account, sizeof s.account);
  if (getrandom(s.fresh, sizeof s.fresh, 0) != (ssize_t)sizeof s.fresh) exit(1);
  twinlock_handle(stored, sizeof stored, event, &s, &out);
  if (out.write) memcpy(stored, out.record, sizeof stored);
  twinlock_wipe(&s, sizeof s);
  twinlock_wipe(event, sizeof *event);
  return out;
}

static void read_code(uint8_t code[TWINLOCK_CODE_DIGITS]) {
  char line[32];
  if (!fgets(line, sizeof line, stdin) || strlen(line) < TWINLOCK_CODE_DIGITS) exit(1);
  memcpy(code, line, TWINLOCK_CODE_DIGITS);
}

static int say(const char* what, const struct twinlock_outcome* out) {
  printf("%s: verdict %d%s\n", what, out->verdict,
         out->verdict == TWINLOCK_VERDICT_ACCEPTED ? ", accepted" : "");
  fflush(stdout);
  return out->verdict == TWINLOCK_VERDICT_ACCEPTED;
}

int main(void) {
  struct twinlock_event event = {.kind = TWINLOCK_KIND_BEGIN_ENROLLMENT};
  struct twinlock_event again;
  struct twinlock_outcome out;
  if (!TWINLOCK_COMPATIBLE()) return 1;
  twinlock_new_record(stored);
  out = ask(&event, 0);
  if (!say("begin", &out)) return 1;
  printf("secret: ");
  for (size_t i = 0; i < sizeof out.secret; ++i) printf("%02x", out.secret[i]);
  printf("\n");
  fflush(stdout);

  event.kind = TWINLOCK_KIND_CONFIRM_ENROLLMENT;
  memcpy(event.enrollment_id, out.enrollment_id, sizeof event.enrollment_id);
  read_code(event.code);
  out = ask(&event, 0);
  if (!say("confirm", &out)) return 1;

  event.kind = TWINLOCK_KIND_VERIFY;
  event.lane = TWINLOCK_LANE_KNOWN;
  read_code(event.code);
  again = event;
  out = ask(&event, TWINLOCK_STEP_S);
  if (!say("verify", &out)) return 1;
  out = ask(&again, TWINLOCK_STEP_S);
  const int replayed = say("the same code again", &out);
  twinlock_wipe(&out, sizeof out);
  return replayed;
}
