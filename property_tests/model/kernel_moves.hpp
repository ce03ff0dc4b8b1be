// SPDX-License-Identifier: Apache-2.0
// A random history of several accounts, as choices that mean something only while it is played
// (kernel_histories.cpp), and RapidCheck's generators of it.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "kernel/event.hpp"

namespace twinlock::model {

enum class Jump : std::uint8_t { little, step, wait, life, voucher, budget, hour, behind, back, wild };

// One request, as choices: what is right depends on the history before it.
struct Move {
  std::uint8_t account;
  std::uint32_t event;  // weighed against the history's weights
  Jump jump;
  int amount;  // seconds, or how far beside a deadline
  int code;    // steps from now; above 2 something else (code_for)
  int token;   // 0 to 5 right; above: something else (token_for)
  std::uint32_t flags;
  std::uint32_t more;  // the host's word, whether the ticket is shown, a policy's date, an imported key
  int times;  // above 1 a siege: so many wrong codes, each as soon as its lane is free or a second beside
};

struct History {
  std::vector<int> weights;
  std::vector<Move> moves;
  Rules rules;
  std::int64_t start;
};

inline void showValue(const Move& m, std::ostream& out) {
  out << "\n  {account " << int{m.account} << ", event " << m.event << ", jump " << static_cast<int>(m.jump)
      << " " << m.amount << " s, code " << m.code << ", token " << m.token << ", flags " << m.flags
      << ", times " << m.times << "}";
}

inline void showValue(const History& h, std::ostream& out) {
  out << "start " << h.start << ", required " << h.rules.required << " from " << h.rules.required_from
      << ", replace " << h.rules.replace_after_recovery << ", strict " << h.rules.strict << ", weights ";
  rc::show(h.weights, out);
  for (const Move& m : h.moves) showValue(m, out);
}

inline rc::Gen<Move> moves() {
  const auto jumps = rc::gen::weightedElement<Jump>({{8, Jump::little},
                                                     {5, Jump::step},
                                                     {8, Jump::wait},
                                                     {2, Jump::life},
                                                     {1, Jump::voucher},
                                                     {1, Jump::budget},
                                                     {1, Jump::hour},
                                                     {2, Jump::behind},
                                                     {2, Jump::back},
                                                     {1, Jump::wild}});
  const auto times = rc::gen::weightedOneOf<int>(
      {{24, rc::gen::just(1)}, {1, rc::gen::resize(100, rc::gen::inRange(2, 120))}});
  return rc::gen::apply(
      [](std::uint8_t account, std::uint32_t event, Jump jump, int amount, int code, int token,
         std::uint32_t flags, std::uint32_t more,
         int repeat) { return Move{account, event, jump, amount, code, token, flags, more, repeat}; },
      rc::gen::resize(100, rc::gen::inRange<std::uint8_t>(0, 3)),
      rc::gen::resize(100, rc::gen::inRange(0U, 1000U)), jumps,
      rc::gen::resize(100, rc::gen::inRange(-1, 50)),
      rc::gen::weightedOneOf<int>(
          {{6, rc::gen::just(0)}, {5, rc::gen::resize(100, rc::gen::inRange(-3, 9))}}),
      rc::gen::weightedOneOf<int>(
          {{4, rc::gen::just(0)}, {3, rc::gen::resize(100, rc::gen::inRange(0, 12))}}),
      rc::gen::resize(100, rc::gen::inRange(0U, 1U << 10U)),
      rc::gen::resize(100, rc::gen::inRange(0U, 1U << 12U)), times);
}

inline rc::Gen<History> histories() {
  const auto weight = rc::gen::weightedOneOf<int>(
      {{1, rc::gen::just(0)}, {4, rc::gen::resize(100, rc::gen::inRange(1, 10))}});
  return rc::gen::apply(
      [](std::vector<int> weights, std::vector<Move> all, bool required, bool replace, int strict, int from,
         std::int64_t start) {
        const Seconds date = from == 0 ? static_cast<Seconds>(start) + 5000 : 0;
        return History{std::move(weights), std::move(all), Rules{required, date, replace, strict == 0},
                       start};
      },
      rc::gen::container<std::vector<int>>(kinds_count, weight),
      rc::gen::resize(200, rc::gen::container<std::vector<Move>>(moves())), rc::gen::arbitrary<bool>(),
      rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 4), rc::gen::inRange(0, 4),
      rc::gen::elementOf(std::vector<std::int64_t>{30, 1700000000, 1700000010, 1099511627776 - 3000000}));
}

}  // namespace twinlock::model
