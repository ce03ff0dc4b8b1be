// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/profile.hpp"

#include <openssl/mem.h>

#include <algorithm>

namespace twinlock::service {

namespace {

constexpr std::size_t head_at = record_bytes;
constexpr std::size_t sequence_at = head_at + sizeof(store::Digest);
constexpr std::size_t sequence_bytes = 8;
constexpr std::size_t language_at = sequence_at + sequence_bytes;
constexpr std::size_t length_at = language_at + 1;
constexpr std::size_t address_at = length_at + 1;

bool take_record(std::span<const std::uint8_t> plain, Record& out) {
  Encoded encoded;
  std::copy_n(plain.begin(), record_bytes, encoded.b);
  const bool good = decode(encoded, out);
  OPENSSL_cleanse(&encoded, sizeof encoded);
  return good;
}

}  // namespace

keys::Bytes encode_profile(const Profile& profile) {
  Encoded encoded;
  if (!encode(profile.record, encoded) || profile.address.size() > address_on_file_bytes_max) return {};
  keys::Bytes out(address_at + profile.address.size());
  std::copy_n(encoded.b, record_bytes, out.begin());
  OPENSSL_cleanse(&encoded, sizeof encoded);
  std::copy(profile.audit_head.begin(), profile.audit_head.end(), out.begin() + head_at);
  for (std::size_t i = 0; i < sequence_bytes; ++i)
    out[sequence_at + i] = static_cast<std::uint8_t>(profile.audit_sequence >> (8 * i));
  out[language_at] = static_cast<std::uint8_t>(profile.language);
  out[length_at] = static_cast<std::uint8_t>(profile.address.size());
  std::copy(profile.address.begin(), profile.address.end(), out.begin() + address_at);
  return out;
}

bool decode_profile(std::span<const std::uint8_t> plain, Profile& out) {
  wipe(out.record);
  out = Profile{};
  if (plain.size() < address_at || plain.size() != address_at + plain[length_at]) return false;
  if (plain[length_at] > address_on_file_bytes_max) return false;
  if (plain[language_at] > static_cast<std::uint8_t>(text::Language::german)) return false;
  if (!take_record(plain, out.record)) return false;
  std::copy_n(plain.begin() + head_at, out.audit_head.size(), out.audit_head.begin());
  for (std::size_t i = 0; i < sequence_bytes; ++i)
    out.audit_sequence |= std::uint64_t{plain[sequence_at + i]} << (8 * i);
  out.language = static_cast<text::Language>(plain[language_at]);
  out.address.assign(plain.begin() + address_at, plain.end());
  return true;
}

}  // namespace twinlock::service
