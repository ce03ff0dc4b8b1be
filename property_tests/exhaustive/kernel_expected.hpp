// SPDX-License-Identifier: Apache-2.0
// spec 2 as a table in words, and what it says of one event in one situation. Shares no constant and no code
// with the kernel: a situation is seconds left and counts, not a record.
#pragma once

#include <cstdint>

#include "kernel/event.hpp"

namespace twinlock::exhaustive {

enum class Shown : std::uint8_t { none, right, wrong };

// An account, as seconds left and counts.
struct Standing {
  State state = State::off;
  bool replaces = false;  // enrolling: from replacing
  Policy policy = Policy::inherit;
  std::int64_t date = 0;  // `required` holds from so many seconds after the last commit on; 0: always
  HostWord word = HostWord::unsaid;
  int wrong_confirmations = 0;
  std::int64_t life = 0;          // enrolling, recovering
  std::int64_t grant = 0;         // 0: none
  int failures[3] = {0, 0, 0};    // known, other, with a ticket
  int ticket_codes = 0;           // 0: none
  std::int64_t ticket = 0;        // its life
  std::int64_t wait[2] = {0, 0};  // known, other
  std::int64_t budget = 0;        // used, in seconds of refill
  std::int64_t recovery = 0;      // used, in seconds of refill
  std::int64_t begins = 0;        // used, in seconds of refill
  bool imported = false;          // on: there is no recovery code
  bool saved = false;             // on, recovering: the recovery code was confirmed as saved
  std::int64_t links[3] = {0, 0, 0};
  std::int64_t last_step = 0;  // relative to the step of the last commit
  std::int64_t now = 0;        // when it is decided, seconds after the last commit
};

// What one request shows.
struct Request {
  Kind kind = Kind::verify;
  Lane lane = Lane::other;
  int offset = 0;           // the code's step from now
  bool wrong_code = false;  // right at no step
  bool letters = false;     // not a code at all
  bool id = true, grant = true, pass = true, link = true;
  Shown ticket = Shown::none;
  HostWord word = HostWord::unsaid;
  Shown asker = Shown::right, recovery = Shown::right;
  bool mailable = true, by_operator = false, replace = false;
  Policy policy = Policy::inherit;
  bool dated = false;  // set_policy: from 1,000 s after the last commit on
  int key_bytes = 20;  // operator_import
};

// What the configuration says; `date` as Standing::date.
struct Configured {
  bool required = false, replace_after_recovery = false, strict = false;
  std::int64_t date = 0;
};

struct Expected {
  Verdict verdict = Verdict::wrong_state;
  Notice notice = Notice::none;
  bool write = false;
  std::int64_t wait = 0;  // waiting: seconds
  bool match = false;     // a code was accepted
  bool by_ticket = false;
  bool same_secret = true;  // the pending secret and its id are those of before
  Standing next;
};

// The situation in which an event `elapsed` seconds after the last commit is decided: what is over is gone.
// Up to 30 s before the last commit it is decided as at it; a clock that is further back takes nothing away.
[[nodiscard]] Standing after(Standing s, std::int64_t elapsed);

// `steps` is how far the clock's step has moved since the last commit.
[[nodiscard]] Expected expected(const Standing& s, const Request& q, const Configured& rules,
                                std::int64_t steps);

}  // namespace twinlock::exhaustive
