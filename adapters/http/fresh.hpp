// SPDX-License-Identifier: Apache-2.0
// Decides whether setting up a second factor asks for the first one anew (ASVS 5, 7.5.1): else whoever takes
// over an open session binds the account to an authenticator of their own.
#pragma once

#include <optional>

#include "adapters/config/config.hpp"
#include "kernel/limits.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::http {

// Whether the running or the lost factor is to be replaced: a grant is then the proof. Where policy requires
// a factor, only begin_enrollment can tell an enrollment from `off` from one that replaces.
bool comes_from_replacing(const View& view);

// Whether the person must sign in anew before an enrollment begins. `fresh_s`: seconds since they proved
// their first factor, as the host says; nullopt: it does not say, and they are not asked.
bool sign_in_is_stale(const config::Config& config, std::optional<Seconds> fresh_s, const View& view);

}  // namespace twinlock::http
