// SPDX-License-Identifier: Apache-2.0
// How many changes a second reach the disk: store_rate FILE [page bytes] [accounts] [seconds]. The file must
// not exist.
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/store.hpp"

namespace {

using namespace twinlock;
using std::chrono::steady_clock;

struct Fleet {
  std::vector<store::Account> accounts;
  std::vector<store::Version> versions;
};

std::uint32_t number(int argc, char** argv, int at, std::uint32_t otherwise) {
  if (at >= argc) return otherwise;
  const std::string_view text = argv[at];
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

store::Change next(const Fleet& fleet, std::size_t at) {
  const store::Version version = fleet.versions[at];
  return {fleet.accounts[at], version, store::Bytes(256, 7), {version + 1, std::string(90, 'x'), {}}, {}};
}

bool commit(store::Store& store, Fleet& fleet, const std::vector<std::size_t>& chosen) {
  std::vector<store::Change> changes;
  for (const std::size_t at : chosen) changes.push_back(next(fleet, at));
  std::vector<store::CommitResult> results(changes.size());
  if (!store.commit(changes, 1000, results)) return false;
  for (const std::size_t at : chosen) ++fleet.versions[at];
  return true;
}

bool measure(store::Store& store, Fleet& fleet, std::size_t batch, std::uint32_t seconds) {
  std::mt19937_64 random(batch);
  const double cpu = cpu_s();
  const auto begin = steady_clock::now();
  std::uint64_t changes = 0;
  double elapsed = 0;
  while (elapsed < seconds) {
    std::vector<std::size_t> chosen;
    const std::size_t first = random() % fleet.accounts.size();
    for (std::size_t i = 0; i < batch; ++i) chosen.push_back((first + i * 7919) % fleet.accounts.size());
    for (const std::size_t at : chosen)
      if (!store.load(fleet.accounts[at])) return false;
    if (!commit(store, fleet, chosen)) return false;
    changes += batch;
    elapsed = std::chrono::duration<double>(steady_clock::now() - begin).count();
  }
  std::printf("%4zu a batch: %8.0f changes/s, %6.1f us CPU each (load, swap, audit entry, on disk)\n", batch,
              static_cast<double>(changes) / elapsed, 1e6 * (cpu_s() - cpu) / static_cast<double>(changes));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  sqlite::Options options;
  options.path = argv[1];
  options.create = true;
  options.page_bytes = number(argc, argv, 2, options.page_bytes);
  const std::uint32_t count = number(argc, argv, 3, 100000);
  const std::uint32_t seconds = number(argc, argv, 4, 5);
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  Fleet fleet;
  for (std::uint32_t i = 0; i < count; ++i)
    fleet.accounts.push_back(
        *store::Account::from("user" + std::to_string(i * 2654435761u) + "@example.org"));
  fleet.versions.assign(count, 0);
  for (std::uint32_t i = 0; i < count;) {
    std::vector<std::size_t> chosen;
    for (; i < count && chosen.size() < 1000; ++i) chosen.push_back(i);
    if (!commit(**opened, fleet, chosen)) return 1;
  }
  for (const std::size_t batch : {std::size_t{1}, std::size_t{64}, std::size_t{512}})
    if (!measure(**opened, fleet, batch, seconds)) return 1;
  return 0;
}
