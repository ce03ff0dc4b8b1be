// SPDX-License-Identifier: Apache-2.0
// Opens a row of the store into a profile and seals it again, bound to account, version and key id (K15).
#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "adapters/service/profile.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::service {

struct Loaded {
  store::Version version = 0;  // 0: no row yet; then a new profile
  keys::KeyId key = 0;         // that sealed it
  Profile profile;
};

// Loads and opens a row. Failure::unavailable: the store failed; Failure::sealed: the row does not open, or
// is not a valid profile. If the row's key id is unknown, the key ring reloads its file once.
Expected<Loaded> load_profile(store::Store& store, const keys::KeyRing& keys, const Account& account);

// Returns the sealed row for `version`; nullopt: no entropy, or the record is not valid.
std::optional<store::Bytes> seal_profile(const keys::KeyRing& keys, const Account& account,
                                         store::Version version, const Profile& profile);

}  // namespace twinlock::service
