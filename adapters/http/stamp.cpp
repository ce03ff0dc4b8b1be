// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/stamp.hpp"

#include <algorithm>
#include <tuple>

#include "adapters/text/encoding.hpp"

namespace twinlock::http {
namespace {

constexpr std::size_t key_at = 0;
constexpr std::size_t expiry_at = 4;
constexpr std::size_t nonce_at = 12;
constexpr std::size_t mac_at = 28;
static_assert(mac_at + std::tuple_size_v<keys::Mac> == stamp_bytes);

using Bytes = std::array<std::uint8_t, stamp_bytes>;

void write_number(std::span<std::uint8_t> out, std::uint64_t number) {
  for (std::size_t i = out.size(); i-- > 0; number >>= 8U) out[i] = static_cast<std::uint8_t>(number & 255U);
}

std::uint64_t read_number(std::span<const std::uint8_t> in) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : in) number = number << 8U | byte;
  return number;
}

// Adds key id, expiry and nonce, which the MAC covers too.
std::vector<std::uint8_t> covered(const Bytes& bytes, const MacInput& bound_to) {
  MacInput all = bound_to;
  all.add(std::span(bytes).first(mac_at));
  return all.bytes();
}

}  // namespace

MacInput& MacInput::add(std::string_view piece) {
  return add(std::span(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()));
}

MacInput& MacInput::add(std::span<const std::uint8_t> piece) {
  std::array<std::uint8_t, 8> length{};
  write_number(length, piece.size());
  bytes_.insert(bytes_.end(), length.begin(), length.end());
  bytes_.insert(bytes_.end(), piece.begin(), piece.end());
  return *this;
}

std::string make_stamp(const keys::KeyRing& keys, keys::MacPurpose purpose, const MacInput& bound_to,
                       Seconds expiry, const Nonce& nonce) {
  Bytes bytes{};
  const std::span<std::uint8_t> all(bytes);
  write_number(all.subspan(key_at, expiry_at - key_at), keys.current());
  write_number(all.subspan(expiry_at, nonce_at - expiry_at), expiry);
  std::copy(nonce.begin(), nonce.end(), bytes.begin() + nonce_at);
  const keys::Mac mac = keys.mac(purpose, covered(bytes, bound_to));
  std::copy(mac.begin(), mac.end(), bytes.begin() + mac_at);
  return text::to_hex(bytes);
}

Seconds claimed_expiry(std::string_view stamp) {
  Bytes bytes{};
  if (!text::from_hex(stamp, bytes)) return 0;
  return read_number(std::span<const std::uint8_t>(bytes).subspan(expiry_at, nonce_at - expiry_at));
}

std::optional<Nonce> check_stamp(const keys::KeyRing& keys, keys::MacPurpose purpose,
                                 const MacInput& bound_to, Seconds now, Seconds life_s_max,
                                 std::string_view stamp) {
  Bytes bytes{};
  if (!text::from_hex(stamp, bytes)) return std::nullopt;
  const std::span<const std::uint8_t> all(bytes);
  const std::uint64_t expiry = read_number(all.subspan(expiry_at, nonce_at - expiry_at));
  if (expiry <= now || expiry - now > life_s_max) return std::nullopt;
  const auto key = static_cast<keys::KeyId>(read_number(all.subspan(key_at, expiry_at - key_at)));
  if (!keys.check_mac(purpose, key, covered(bytes, bound_to), all.subspan(mac_at))) return std::nullopt;
  Nonce nonce{};
  std::copy_n(bytes.begin() + nonce_at, nonce.size(), nonce.begin());
  return nonce;
}

}  // namespace twinlock::http
