// SPDX-License-Identifier: Apache-2.0
// Writes the audit chain: one public entry for each committed change, hashed together with the entry before
// it. An entry never holds a secret (K20).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/service/profile.hpp"
#include "adapters/service/service.hpp"

namespace twinlock::service {

// What an entry says. Empty texts are left out.
struct AuditFacts {
  Seconds time = 0;
  std::string_view event;
  std::string_view verdict;
  std::string_view before;  // states
  std::string_view after;
  std::string_view lane;
  std::string_view source;
  std::string_view operator_name;
  std::string_view reason;
  std::string_view notice;
  std::string_view other;  // account that the entry is also about
  bool address_adopted = false;
  bool clock_went_back = false;
  bool restarted = false;  // the row did not open and was reset: older entries cannot be checked any more
};

// Returns one JSON object on one line, always below 4 KiB.
std::string audit_body(const AuditFacts& facts);

// Returns SHA-256 of the previous entry's hash, the sequence (8 bytes, little-endian) and the body.
store::Digest audit_hash(const store::Digest& previous, std::uint64_t sequence, std::string_view body);

// Returns the entry that follows the profile's head, and makes it the head.
store::AuditEntry append_audit(Profile& profile, std::string body);

}  // namespace twinlock::service
