// SPDX-License-Identifier: Apache-2.0
// Look-alikes: an account without a factor of its own is refused while another spelling of it needs a code.
//
// Each fold (adapters/text/fold.hpp) has one row in the store: its holders, which are the accounts that need
// a code, and the pairs that the operator called distinct. The row is swapped in the same commit that makes
// an account a holder or ends it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/service/prepare.hpp"

namespace twinlock::service {

// What the row of one fold says. Sorted, so that equal rows have equal bytes.
struct Spellings {
  std::vector<std::string> holders;
  std::vector<std::pair<std::string, std::string>> distinct;  // the lesser name first
  friend bool operator==(const Spellings&, const Spellings&) = default;
};

// encode returns the row's body, "" of nothing: a line for each holder ("h NAME") and pair ("d NAME \t
// NAME"), which no name can contain. decode returns nullopt of anything that encode does not write.
std::string encode_spellings(const Spellings& spellings);
std::optional<Spellings> decode_spellings(std::string_view body);

// Returns whether the account needs a code whatever the configuration says: on, recovering, replacing
// (enrolling from it too), or required by its own policy.
bool holds_spelling(const Record& record);

// Returns whether the account has a factor of its own, so that it answers for itself.
bool has_own_factor(const Record& record);

// Returns a holder that `name` could be taken for: another one, and not called distinct from it.
std::optional<std::string> other_holder(const Spellings& spellings, std::string_view name);

// Returns whether the two are different names of one fold.
bool are_look_alikes(const Account& a, const Account& b);

// The row of an account's fold.
struct SpellingRow {
  std::string fold;
  std::string body;
  Spellings is;
};

// Failure::unavailable: the store failed; Failure::sealed: the row makes no sense, as one that was damaged.
Expected<SpellingRow> load_spellings(store::Store& store, const Account& account);

// Returns the swap that makes the account a holder or ends it; nullopt: it is so already.
std::optional<store::SpellingSwap> hold_spelling(const SpellingRow& row, const Account& account, bool holds);

// Returns the swap that calls the two distinct, or no longer so; nullopt: it is so already.
std::optional<store::SpellingSwap> part_spellings(const SpellingRow& row, const Account& a, const Account& b,
                                                  bool distinct);

}  // namespace twinlock::service
