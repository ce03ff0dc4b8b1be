// SPDX-License-Identifier: Apache-2.0
// Defines what one sealed row holds: the kernel's record and what the service keeps beside it.
//
//   record (294) || audit head (32) || audit sequence (8, little-endian) || language (1) || address length
//   (1) || address
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "adapters/keys/key_ring.hpp"
#include "adapters/store/port.hpp"
#include "adapters/text/language.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::service {

inline constexpr std::size_t address_on_file_bytes_max = 254;

struct Profile {
  Record record = new_record();
  store::Digest audit_head{};                         // hash of the newest audit entry; zero: none yet
  std::uint64_t audit_sequence = 0;                   // of the newest entry
  text::Language language = text::Language::english;  // of mails
  std::string address;                                // where mails go; "": none on file

  ~Profile() { wipe(record); }
};

// Returns the plain text of a row, which the caller seals and wipes; empty: the record is not valid.
keys::Bytes encode_profile(const Profile& profile);

// Reads what encode_profile returned; on false `out` is a new profile.
[[nodiscard]] bool decode_profile(std::span<const std::uint8_t> plain, Profile& out);

}  // namespace twinlock::service
