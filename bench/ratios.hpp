// SPDX-License-Identifier: Apache-2.0
// The main() of every benchmark here: medians of repeated, interleaved runs, then a table of ratios. Figures
// of one run may be divided by each other; figures of two machines, or of one machine at two times, may not.
#pragma once

#include <string>
#include <vector>

namespace twinlock::bench {

// What is divided: processor time where nothing waits (neighbours on the machine hardly change it), wall time
// where the disk is part of what is measured.
enum class Time { processor, wall };

// Runs what is registered and prints, for each benchmark, its median time (of one item, where it counts
// items) and that time divided by the median of each of `baselines` (names of benchmarks of the same
// program). Google Benchmark's own options apply and win over the defaults here. Returns the exit code: 1
// where a benchmark failed or a baseline did not run.
int run(int argc, char** argv, Time time, const std::vector<std::string>& baselines);

}  // namespace twinlock::bench
