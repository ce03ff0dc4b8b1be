// A row of the store as a profile, and back: opening and sealing, bound to account, version and key id (K15).
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

// Failure::unavailable: the store; Failure::sealed: the row does not open, or is no valid profile. An unknown
// key id makes the ring reload its file once.
Expected<Loaded> load_profile(store::Store& store, const keys::KeyRing& keys, const Account& account);

// The sealed row of version `version`; nullopt: no entropy, or the record is not valid.
std::optional<store::Bytes> seal_profile(const keys::KeyRing& keys, const Account& account,
                                         store::Version version, const Profile& profile);

}  // namespace twinlock::service
