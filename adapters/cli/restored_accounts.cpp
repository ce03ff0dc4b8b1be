// SPDX-License-Identifier: Apache-2.0
#include "adapters/cli/restored_accounts.hpp"

#include <condition_variable>
#include <mutex>

#include "adapters/console/output.hpp"

namespace twinlock::cli {

namespace {

constexpr std::size_t page_rows = 256;
constexpr std::size_t in_flight_max = 512;

}  // namespace

RestoredAccounts send_restored(service::Service& service, const std::vector<store::Account>& accounts,
                               const std::string& operator_name, const std::string& reason) {
  RestoredAccounts out;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t in_flight = 0;
  const auto note = [&](const service::DecisionResult& result) {
    const std::lock_guard lock(mutex);
    if (result && result->value().verdict == Verdict::accepted)
      ++out.done;
    else if (!result && result.error() == service::Failure::sealed)
      ++out.sealed;
    else
      ++out.failed;
    --in_flight;
    changed.notify_one();
  };
  console::Progress progress("accounts restored");
  service.start();
  for (const store::Account& account : accounts) {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return in_flight < in_flight_max; });
      ++in_flight;
    }
    Event event{};
    event.kind = Kind::operator_restored;
    service.submit({.account = account,
                    .event = event,
                    .pass_epoch = {},
                    .known_epoch = {},
                    .email = {},
                    .source_address = {},
                    .operator_name = operator_name,
                    .reason = reason},
                   note);
    progress.step();
  }
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return in_flight == 0; });
  }
  service.stop();
  return out;
}

store::Result<std::vector<store::Account>> all_accounts(store::Store& store) {
  std::vector<store::Account> accounts;
  for (;;) {
    const auto rows = store.scan(accounts.empty() ? std::string_view() : accounts.back().bytes(), page_rows);
    if (!rows) return tl::unexpected(rows.error());
    for (const store::ScannedRow& row : *rows) accounts.push_back(row.account);
    if (rows->size() < page_rows) return accounts;
  }
}

}  // namespace twinlock::cli
