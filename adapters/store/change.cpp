// SPDX-License-Identifier: Apache-2.0
#include "adapters/store/change.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace twinlock::store {

namespace {

tl::unexpected<StoreError> refuse(const char* why) {
  return tl::unexpected(StoreError{StoreErrorKind::unsupported, std::string("the batch was not stored: ") +
                                                                    why + "; this is a fault in Twinlock"});
}

bool swap_over_bounds(const SpellingSwap& swap) {
  return swap.fold.empty() || swap.fold.size() > spelling_fold_bytes_max || swap.edition.empty() ||
         swap.next.size() > spelling_body_bytes_max;
}

bool over_bounds(const Change& change) {
  if (change.spelling && swap_over_bounds(*change.spelling)) return true;
  if (change.sealed.size() > sealed_bytes_max || change.entry.body.size() > audit_body_bytes_max) return true;
  return std::any_of(change.mail.begin(), change.mail.end(),
                     [](const SealedMail& mail) { return mail.sealed.size() > sealed_mail_bytes_max; });
}

}  // namespace

Result<void> check_batch(std::span<const Change> changes, std::span<const CommitResult> results) {
  if (results.size() != changes.size()) return refuse("there must be one result for each change");
  if (std::any_of(changes.begin(), changes.end(), over_bounds)) return refuse("a change is too large");
  const auto order = order_by_account(changes);
  const auto same = [&](std::size_t a, std::size_t b) { return changes[a].account == changes[b].account; };
  if (std::adjacent_find(order.begin(), order.end(), same) != order.end())
    return refuse("an account has more than one change");
  return {};
}

StoreError foreign_edition(std::string_view of_table, std::string_view of_keys) {
  std::string message = "spellings of accounts are folded by edition ";
  message.append(of_table).append(" in the database and by ").append(of_keys);
  message.append(" in this program (rules, Unicode, library); restart twinlockd on this machine");
  return {StoreErrorKind::unsupported, std::move(message)};
}

std::vector<std::size_t> order_by_account(std::span<const Change> changes) {
  std::vector<std::size_t> order(changes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return changes[a].account < changes[b].account; });
  return order;
}

}  // namespace twinlock::store
