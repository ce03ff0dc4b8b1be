// SPDX-License-Identifier: Apache-2.0
// Random histories of four accounts: a person, an attacker who knows the password, and an operator, through
// two processes over one store. The clock jumps, the store fails, processes die between load and commit or
// before the answer, and commits overtake each other. After every step the specification
// (kernel_oracle.hpp) says what each was told and what each account's view is; a step is in it exactly if
// its row changed.
#include <iostream>

#include "property_tests/model/service_history.hpp"

namespace twinlock::service::test {

namespace {

TEST(ServiceSwarm, EveryHistoryAgrees) {
  verdicts.fill(0), met.fill(0), overtaken_conflicts = 0;
  twinlock::test::check_or_replay([] { Played(*service_histories(), "memory").play(); });
  std::uint64_t events = 0;
  for (const auto n : verdicts) events += n;
  if (HasFailure() || events < 100'000) return;  // a replay, not a campaign
  std::cout << "figure: service swarm: " << events << " answers, by verdict:";
  for (const auto n : verdicts) std::cout << " " << n;
  std::cout << "; by mishap:";
  for (const auto n : met) std::cout << " " << n;
  std::cout << "; overtaken by a commit: " << overtaken_conflicts << "\n";
  for (const auto verdict : {Verdict::wrong_state, Verdict::forbidden, Verdict::wrong_holder,
                             Verdict::waiting, Verdict::rejected, Verdict::undeliverable, Verdict::accepted})
    EXPECT_GE(verdicts[static_cast<std::size_t>(verdict)], 1U) << static_cast<int>(verdict);
  for (const auto n : met) EXPECT_GE(n, 100U);
  EXPECT_GE(overtaken_conflicts, 50U);
}

// The same over SQLite, whose conflicts are its own.
TEST(ServiceSwarm, EveryHistoryAgreesOverSqlite) {
  twinlock::test::check_or_replay([] { Played(*service_histories(), "sqlite").play(); }, 200);
}

}  // namespace

}  // namespace twinlock::service::test
