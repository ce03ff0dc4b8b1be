// SPDX-License-Identifier: Apache-2.0
#include "bench/ratios.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>

namespace twinlock::bench {

namespace {

struct Median {
  std::string name;
  double ns;
};

// Prints what Google Benchmark prints, and keeps the medians.
class Keeper final : public benchmark::ConsoleReporter {
 public:
  explicit Keeper(Time time) : ConsoleReporter(OO_Tabular), time_(time) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      failed = failed || run.error_occurred;
      if (run.run_type != Run::RT_Aggregate || run.aggregate_name != "median") continue;
      const auto items = run.counters.find("items_per_second");
      const double unit = benchmark::GetTimeUnitMultiplier(run.time_unit) / 1e9;
      const double time = time_ == Time::wall ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime();
      medians.push_back(
          {run.run_name.function_name + (run.run_name.args.empty() ? "" : "/" + run.run_name.args),
           items == run.counters.end() ? time / unit : 1e9 / items->second});
    }
  }

  std::vector<Median> medians;
  bool failed = false;

 private:
  Time time_;
};

const Median* find(const std::vector<Median>& medians, const std::string& name) {
  const auto found =
      std::find_if(medians.begin(), medians.end(), [&](const Median& m) { return m.name == name; });
  return found == medians.end() ? nullptr : &*found;
}

bool print_ratios(const std::vector<Median>& medians, Time time, const std::vector<std::string>& baselines) {
  std::printf("\n%-44s %14s", "medians of this run", time == Time::wall ? "wall, ns" : "processor, ns");
  for (const std::string& name : baselines) std::printf("  / %-20s", name.c_str());
  std::printf("\n");
  for (const Median& m : medians) {
    std::printf("%-44s %14.1f", m.name.c_str(), m.ns);
    for (const std::string& name : baselines) {
      const Median* base = find(medians, name);
      if (base == nullptr) return false;
      std::printf("  %-22.2f", m.ns / base->ns);
    }
    std::printf("\n");
  }
  return true;
}

}  // namespace

int run(int argc, char** argv, Time time, const std::vector<std::string>& baselines) {
  std::vector<std::string> options{argv[0], "--benchmark_repetitions=9", "--benchmark_min_time=0.05",
                                   "--benchmark_enable_random_interleaving=true",
                                   "--benchmark_report_aggregates_only=true"};
  options.insert(options.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (std::string& option : options) pointers.push_back(option.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;
  Keeper keeper(time);
  benchmark::RunSpecifiedBenchmarks(&keeper);
  benchmark::Shutdown();
  const bool complete = print_ratios(keeper.medians, time, baselines);
  if (!complete) std::fprintf(stderr, "a baseline did not run; no ratios\n");
  return keeper.failed || !complete ? 1 : 0;
}

}  // namespace twinlock::bench
