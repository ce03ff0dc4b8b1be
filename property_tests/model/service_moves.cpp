// SPDX-License-Identifier: Apache-2.0
#include "property_tests/model/service_moves.hpp"

#include <numeric>
#include <ostream>

namespace twinlock::service::test {

namespace {

constexpr std::size_t times = 7;
constexpr Seconds starts_at = 1'700'000'010;  // TestEnvironment

rc::Gen<std::uint32_t> number(std::uint32_t limit) {
  return rc::gen::resize(100, rc::gen::inRange<std::uint32_t>(0, limit));
}

rc::Gen<Move> moves() {
  return rc::gen::apply(
      [](std::uint32_t account, std::uint32_t actor, std::uint32_t kind, std::uint32_t mishap,
         std::uint32_t time, int amount, int code, std::uint32_t flags, unsigned conflicts) {
        return Move{
            static_cast<std::uint8_t>(account), actor, kind, mishap, time, amount, code, flags, conflicts};
      },
      number(accounts), number(1000), number(1000), number(1000), number(1000),
      rc::gen::resize(100, rc::gen::inRange(0, 60)),
      rc::gen::weightedOneOf<int>(
          {{6, rc::gen::just(0)}, {4, rc::gen::resize(100, rc::gen::inRange(-2, 6))}}),
      number(1024), rc::gen::resize(100, rc::gen::inRange(1U, 10U)));
}

rc::Gen<std::vector<int>> weights(std::size_t count) {
  return rc::gen::container<std::vector<int>>(
      count, rc::gen::weightedOneOf<int>(
                 {{1, rc::gen::just(0)}, {3, rc::gen::resize(100, rc::gen::inRange(1, 10))}}));
}

}  // namespace

std::size_t weighed(const std::vector<int>& weights, std::uint32_t pick, std::size_t otherwise) {
  const int sum = std::accumulate(weights.begin(), weights.end(), 0);
  if (sum == 0) return otherwise;
  int left = static_cast<int>(pick) % sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return otherwise;
}

std::int64_t seconds_of(const History& history, const Move& move) {
  switch (weighed(history.time_weights, move.time, 0)) {
    case 1:
      return 30;
    case 2:
      return move.amount * 10;
    case 3:
      return 3600 - move.amount;
    case 4:
      return 25920 * move.amount;
    case 5:
      return -move.amount * move.amount;
    case 6:
      return move.amount < 10 ? -100000 * move.amount : 601;
    default:
      return move.amount;
  }
}

rc::Gen<History> service_histories() {
  return rc::gen::apply(
      [](std::vector<int> actor, std::vector<int> mishap, std::vector<int> time, std::vector<int> person,
         std::vector<int> attacker, std::vector<int> operators, std::vector<Move> all, std::uint32_t rules) {
        if (!mishap.empty()) mishap[0] *= 8;  // most of the time nothing goes wrong
        return History{std::move(actor),
                       std::move(mishap),
                       std::move(time),
                       {std::move(person), std::move(attacker), std::move(operators)},
                       std::move(all),
                       {.required = (rules & 3U) == 0,
                        .required_from = (rules & 192U) == 0 ? starts_at + 4000 : 0,
                        .replace_after_recovery = (rules & 12U) == 0,
                        .strict = (rules & 48U) == 0}};
      },
      weights(actors), weights(mishaps), weights(times), weights(kinds_count), weights(kinds_count),
      weights(kinds_count), rc::gen::resize(150, rc::gen::container<std::vector<Move>>(moves())),
      number(256));
}

void showValue(const Move& m, std::ostream& out) {
  out << "\n  {account " << int{m.account} << ", actor " << m.actor << ", kind " << m.kind << ", mishap "
      << m.mishap << "/" << m.conflicts << ", time " << m.time << "/" << m.amount << ", code " << m.code
      << ", flags " << m.flags << "}";
}

void showValue(const History& h, std::ostream& out) {
  out << "required " << h.rules.required << ", replace " << h.rules.replace_after_recovery << ", strict "
      << h.rules.strict << ", weights of actors ";
  rc::show(h.actor_weights, out);
  out << " mishaps ";
  rc::show(h.mishap_weights, out);
  out << " times ";
  rc::show(h.time_weights, out);
  out << " kinds ";
  rc::show(h.kind_weights, out);
  for (const Move& m : h.moves) showValue(m, out);
}

}  // namespace twinlock::service::test
