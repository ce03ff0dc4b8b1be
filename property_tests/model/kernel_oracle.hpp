// SPDX-License-Identifier: Apache-2.0
// One account's life as the specification says it is (property_tests/specification), for random histories:
// what the shipped kernel answers, keeps and shows must be this. K21 proves the same of both texts as the
// prover reads them; here a compiler has read them, with real codes and real digests.
//
// It keeps what its holders hold: where the kernel's record has a digest, the account has the token itself,
// and compares it as it is. Codes are the reference TOTP's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernel/twinlock.hpp"

namespace twinlock::model {

using Bytes = std::vector<std::uint8_t>;

// What the kernel must answer.
struct ModelOutcome {
  Verdict verdict;
  Notice notice;
  bool write;
  bool clock_went_back;
  std::int64_t retry_at;
  std::int64_t step;
  bool by_ticket;
  std::int64_t decided_at;

  bool operator==(const ModelOutcome&) const = default;
};

// What view() must say.
struct Sight {
  State state;
  bool code_required, second_factor_required, passes_without, locked;
  std::int64_t retry_after_s[2];
  std::int64_t failures;
  std::int64_t enrolled_at, last_used_at, recovery_drawn_at, recovery_saved_at, deadline, grant_until,
      ticket_until;

  bool operator==(const Sight&) const = default;
};

class Account {
 public:
  // One event; the account remembers what must have been written.
  ModelOutcome handle(const Event& e, const Clock& clock, const Rules& rules, const Fresh& fresh);

  // `word`: the host's, of the present request. `now`: a time that the kernel accepts.
  [[nodiscard]] Sight look(std::int64_t now, HostWord word, const Rules& rules) const;

  // Whether an event of this kind means something at this time, whatever proves it (spec 2.2).
  [[nodiscard]] bool means_something(Kind kind, std::int64_t now) const;

  // The account as it was last written. Its "hashes" are the tokens themselves.
  [[nodiscard]] const Record& clear() const { return clear_; }

  // The key whose codes mean something: the pending secret, else the active one. Empty: there is none.
  [[nodiscard]] Bytes key() const;

  // Returns where the kernel's record differs from what it must be; empty: nowhere. The kernel says what a
  // digest is (its vectors are tested elsewhere).
  [[nodiscard]] std::string difference(const Record& kept, const AccountTag& account) const;

 private:
  Record clear_ = new_record();
};

// The kernel's answers in the same words.
[[nodiscard]] ModelOutcome outcome_of(const Outcome& o);
[[nodiscard]] Sight sight_of(const View& v);

}  // namespace twinlock::model
