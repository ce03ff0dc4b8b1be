// SPDX-License-Identifier: Apache-2.0
// Looks at all spellings at once: whether the table agrees with the records, and what another edition of the
// rules (a newer Unicode) makes of it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "adapters/keys/key_ring.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::service {

using Names = std::pair<std::string, std::string>;

struct SpellingFindings {
  std::vector<std::string> missing;  // need a code, and the table does not know
  std::vector<std::string> stale;    // stand in the table, and need none
  std::vector<Names> collisions;     // both need a code, and nobody called them distinct
  std::vector<Names> distinct;       // called distinct
  std::size_t unreadable = 0;        // rows of the table that make no sense
};

// Opens every record; a record that does not open is left out (it is reported elsewhere).
Expected<SpellingFindings> check_spellings(store::Store& store, const keys::KeyRing& keys);

// Folds every row anew where the table is of an older edition than this program, in one commit. Returns the
// pairs that are spellings of one another only now, both needing a code. An error is one line that says what
// to do: the store failed, or the table is of a newer edition.
tl::expected<std::vector<Names>, std::string> fold_spellings_anew(store::Store& store);

}  // namespace twinlock::service
