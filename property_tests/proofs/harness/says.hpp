// SPDX-License-Identifier: Apache-2.0
// What the specification is told beside the record and the event.
#pragma once

// What a check would say: found by asking the stubs, never taken from the kernel's Evidence.
struct Says {
  bool
      code[3];  // the presented code is that of the step before, of this one, of the one after; active secret
  bool pending_code[3];  // the same, pending secret
  bool recovery_code;
  bool link;
  bool asker;
  bool grant;
  bool ticket;
  bool enrollment_id;
  bool epoch;
};

// The digests of what was drawn.
struct Drawn {
  Token recovery_hash;
  Token link_hash;
  Token asker_hash;
  Token grant_hash;
  Token ticket_hash;
};

// Each of the drawn values holds something.
static bool usable_values(const Fresh& f) {
  return !empty_secret(f.secret) && !empty_token(f.enrollment_id) && !empty_token(f.epoch) &&
         !empty_token(f.recovery_code) && !empty_token(f.link) && !empty_token(f.asker) &&
         !empty_token(f.grant) && !empty_token(f.ticket);
}
