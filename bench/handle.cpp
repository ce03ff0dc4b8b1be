// SPDX-License-Identifier: Apache-2.0
// One event through the kernel's public call: a wrong code, refused and charged; a right one; and what a gate
// asks: the view alone, and the whole look (load, open, decode, view) over a store in memory. Beside them the
// code check that no evaluation can do without.
#include <benchmark/benchmark.h>

#include "adapters/memory_store/memory_store.hpp"
#include "bench/accounts.hpp"
#include "bench/on_record.hpp"
#include "bench/ratios.hpp"
#include "kernel/totp.hpp"

namespace {

using namespace twinlock;

void code_check(benchmark::State& state) {
  Secret secret = bench::on_record().secret;
  for (auto _ : state) {
    benchmark::DoNotOptimize(secret);
    const CodeMatch found = match_code(totp_codes(secret, bench::at.step), 0, bench::at.step, 0, false);
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(code_check);

void handle_with(benchmark::State& state, bool right, Verdict expected) {
  Record record = bench::on_record();
  const Clock later{bench::at.now + step_s, bench::at.step + 1};  // the step of the enrollment is spent
  const Situation situation{later, {}, {}, bench::some_fresh()};
  Event e{};
  e.kind = Kind::verify;
  e.lane = Lane::other;
  e.code =
      right ? bench::right_code(record.secret, later.step) : bench::wrong_code(record.secret, later.step);
  for (auto _ : state) {
    benchmark::DoNotOptimize(record);
    const Outcome out = handle(record, e, situation);
    if (out.verdict != expected) return state.SkipWithError("another verdict");
    benchmark::DoNotOptimize(out);
  }
}
void handle_wrong_code(benchmark::State& state) { handle_with(state, false, Verdict::rejected); }
void handle_right_code(benchmark::State& state) { handle_with(state, true, Verdict::accepted); }
BENCHMARK(handle_wrong_code);
BENCHMARK(handle_right_code);

void gate_view(benchmark::State& state) {
  Record record = bench::on_record();
  for (auto _ : state) {
    benchmark::DoNotOptimize(record);
    const View seen = view(record, bench::at, {});
    if (!seen.code_required) return state.SkipWithError("another view");
    benchmark::DoNotOptimize(seen);
  }
}
BENCHMARK(gate_view);

void gate_look_in_memory(benchmark::State& state) {
  store::MemoryStore store;
  const keys::KeyRing keys = bench::some_keys();
  bench::SetClock clock;
  service::Service service{store, keys, clock, {}};
  service.start();
  const bench::Person person = bench::enroll(service, clock, 1).front();
  for (auto _ : state) {
    const auto seen = service.look(person.account);
    if (!seen || !seen->view.code_required) return state.SkipWithError("another view");
    benchmark::DoNotOptimize(seen->view);
  }
  service.stop();
}
BENCHMARK(gate_look_in_memory);

}  // namespace

int main(int argc, char** argv) {
  return twinlock::bench::run(argc, argv, twinlock::bench::Time::processor, {"code_check"});
}
