// SPDX-License-Identifier: Apache-2.0
// Swaps one account's row until it has won as often as it was told, then exits with 0. A process of the
// concurrency test.
#include <charconv>
#include <cstdio>
#include <string_view>

#include "adapters/sqlite/store.hpp"

namespace {

using namespace twinlock;

enum class SwapResult { won, lost, failed };

SwapResult swap_once(store::Store& store, const store::Account& account) {
  const auto row = store.load(account);
  if (!row) return SwapResult::failed;
  const store::Version version = *row ? (*row)->version : 0;
  const store::Change change{account, version, store::Bytes(240, 1), {version + 1, "{}", {}}, {}};
  store::CommitResult result = store::CommitResult::conflict;
  if (!store.commit({&change, 1}, 1000, {&result, 1})) return SwapResult::failed;
  return result == store::CommitResult::done ? SwapResult::won : SwapResult::lost;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  sqlite::Options options;
  options.path = argv[1];
  options.wait_max = std::chrono::seconds(30);
  options.checkpoint_pages = 32;
  const auto account = store::Account::from(argv[2]);
  const std::string_view count = argv[3];
  int left = 0;
  std::from_chars(count.data(), count.data() + count.size(), left);
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened || !account) return 3;
  while (left > 0) {
    const SwapResult outcome = swap_once(**opened, *account);
    if (outcome == SwapResult::failed) return 4;
    if (outcome == SwapResult::won) --left;
  }
  return 0;
}
