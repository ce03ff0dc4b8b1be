// SPDX-License-Identifier: Apache-2.0
// One account in a world that the test owns: its record, its clock, its randomness. Codes come from the
// reference TOTP, never from the kernel.
#pragma once

#include <ostream>
#include <random>

#include "kernel/twinlock.hpp"

namespace twinlock {

// Names as in event.hpp and record.hpp; GoogleTest finds PrintTo by itself.
const char* name(Verdict verdict);
const char* name(State state);
void PrintTo(Verdict verdict, std::ostream* out);
void PrintTo(State state, std::ostream* out);
void PrintTo(Notice notice, std::ostream* out);

}  // namespace twinlock

namespace twinlock::test {

inline constexpr Seconds start_s = 1700000010;  // begins a step

// The drawn secret as a key: zeros follow it.
[[nodiscard]] TotpKey padded(const Secret& secret);

// The code of the key at the step, by the reference.
[[nodiscard]] Code code_at(const TotpKey& key, Step step);

// A code that is right at none of the steps from step - 3 to step + 3.
[[nodiscard]] Code wrong_code(const TotpKey& key, Step step);

[[nodiscard]] Event event(Kind kind, Lane lane = Lane::other);

// operator_import of a key of `length` bytes, none of them zero.
[[nodiscard]] Event import_of(std::uint8_t length);

// All eight values drawn from the generator, none zero.
[[nodiscard]] Fresh draw_fresh(std::mt19937_64& random);

// Field by field, throttle and times included.
[[nodiscard]] bool same_record(const Record& a, const Record& b);

struct World {
  Record record = new_record();
  Rules rules{};
  AccountTag account{{1, 2, 3}};
  Seconds now = start_s;
  std::mt19937_64 random{20240229};
  Fresh fresh{};                                              // drawn for the last event
  Outcome out{};                                              // of the last event
  Token recovery_code{}, link{}, asker{}, grant{}, ticket{};  // as the person or the browser holds them

  [[nodiscard]] Clock clock() const { return {now, now / 30}; }
  [[nodiscard]] Step step() const { return now / 30; }
  [[nodiscard]] View see() const { return view(record, clock(), HostWord::unsaid, rules); }

  // Draws, decides, checks what every outcome must keep, commits what must be written.
  Verdict send(const Event& e);

  // The key that a code is checked against: the pending one while enrolling, the active one otherwise.
  [[nodiscard]] TotpKey key() const;

  // An event with a code of that key, `offset` steps from now, and with every token that the person holds,
  // the ticket aside.
  [[nodiscard]] Event right(Kind kind, int offset = 0, Lane lane = Lane::other) const;
  [[nodiscard]] Event wrong(Kind kind, Lane lane = Lane::other) const;

  // Verify with the ticket: a right code, and a wrong one.
  [[nodiscard]] Event right_by_ticket() const;
  [[nodiscard]] Event wrong_by_ticket() const;

  // A begin from another browser, which holds no enrollment.
  [[nodiscard]] Event anew() const;

  void enroll();                         // off: begins and confirms; the matched step is spent
  void recover();                        // on: asks; the link is outstanding
  void fail(unsigned times, Lane lane);  // wrong codes, each as soon as the lane is free
  void unlock();                         // on: the operator issues a ticket
};

}  // namespace twinlock::test
