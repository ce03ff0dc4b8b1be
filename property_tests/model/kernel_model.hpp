// SPDX-License-Identifier: Apache-2.0
// A naive model of one account's life, written from spec 2 alone: integers, optionals and a map of time left.
// It takes the kernel's words (event.hpp), none of its limits, its table, its codec or its hashes: what a
// person holds is kept as it is and compared as it is. Deadlines are not points in time here but seconds
// left, which only forward movement uses up.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernel/event.hpp"

namespace twinlock::model {

using Bytes = std::vector<std::uint8_t>;

// What the kernel must answer.
struct ModelOutcome {
  Verdict verdict;
  Notice notice = Notice::none;
  bool write = false;
  bool clock_went_back = false;
  std::int64_t retry_at = 0;
  std::int64_t step = 0;
  bool by_ticket = false;
  std::int64_t decided_at = 0;

  bool operator==(const ModelOutcome&) const = default;
};

// What view() must say.
struct Sight {
  State state;
  bool code_required, second_factor_required, passes_without, locked;
  std::int64_t retry_after_s[2];
  int failures;
  std::int64_t enrolled_at, last_used_at, recovery_drawn_at, recovery_saved_at, deadline, grant_until,
      ticket_until;

  bool operator==(const Sight&) const = default;
};

class Account {
 public:
  // One event; the model remembers what must have been written.
  ModelOutcome handle(const Event& e, const Clock& clock, const Rules& rules, const Fresh& fresh);

  // `word`: the host's, of the present request.
  [[nodiscard]] Sight look(std::int64_t now, HostWord word, const Rules& rules) const;

  // What its holders hold, for tests that want to be right.
  [[nodiscard]] const std::optional<Bytes>& secret() const { return facts.secret; }
  [[nodiscard]] const std::optional<Bytes>& pending() const { return facts.pending; }
  [[nodiscard]] const std::optional<Bytes>& token(const std::string& what) const {
    return facts.tokens.at(what);
  }
  [[nodiscard]] std::int64_t last_step() const { return facts.last_step; }
  [[nodiscard]] std::int64_t left(const std::string& what, std::int64_t now) const;

 private:
  struct Facts {
    State state = State::off;
    bool replaces = false;  // enrolling: from replacing
    Policy policy = Policy::inherit;
    std::int64_t policy_from = 0;
    HostWord host_word = HostWord::unsaid;
    int wrong_confirmations = 0;
    std::int64_t seen = 0;
    std::optional<Bytes> secret, pending;
    std::map<std::string, std::optional<Bytes>> tokens = {{"enrollment", {}}, {"epoch", {}}, {"recovery", {}},
                                                          {"link", {}},       {"asker", {}}, {"grant", {}},
                                                          {"ticket", {}}};
    std::map<std::string, std::int64_t> left;  // seconds; nothing or 0: over
    std::vector<std::int64_t> links;           // seconds until each of the hour's links is forgotten
    int failures[2] = {0, 0};
    int ticket_failures = 0, ticket_codes = 0;
    std::int64_t last_step = 0, enrolled_at = 0, last_used_at = 0, drawn_at = 0, saved_at = 0;
  };
  Facts facts;

  // What comes with an event besides the event.
  struct Scene {
    const Clock& clock;
    const Rules& rules;
    const Fresh& fresh;
  };

  static std::int64_t decision_time(const Facts& f, std::int64_t now);
  static Facts passed(Facts f, std::int64_t now);
  static void leave_enrollment(Facts& f);
  static void leave_recovery(Facts& f);
  static void end_ticket(Facts& f);
  static void wipe_factor(Facts& f);
  static void settle_loss(Facts& f, bool replaces, const Fresh& fresh);
  static bool required(const Facts& f, HostWord word, const Rules& rules);
  static int in_a_row(const Facts& f);
  static std::int64_t code_wait(const Facts& f, int lane);
  static ModelOutcome waiting(const Facts& f, std::int64_t wait);

  static ModelOutcome decide(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome begin(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome confirm(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome by_code(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome wrong_code(Facts& f, int lane, bool by_ticket);
  static ModelOutcome ask_recovery(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome confirm_saved(Facts& f, const Event& e);
  static ModelOutcome confirm_recovery(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome wrong_recovery_code(Facts& f);
  static ModelOutcome issue_ticket(Facts& f, const Scene& s);
  static ModelOutcome import(Facts& f, const Event& e, const Scene& s);
  static ModelOutcome restore(Facts& f, const Scene& s);
};

}  // namespace twinlock::model
