// SPDX-License-Identifier: Apache-2.0
#include "kernel/bytes.hpp"

namespace twinlock {

std::uint32_t same_bytes(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) noexcept {
  std::uint32_t difference = 0;
  for (std::size_t i = 0; i < n; ++i) difference |= static_cast<std::uint32_t>(a[i] ^ b[i]);
  return is_zero(difference);
}

std::uint32_t zero_bytes(const std::uint8_t* a, std::size_t n) noexcept {
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < n; ++i) any |= static_cast<std::uint32_t>(a[i]);
  return is_zero(any);
}

bool same(const Token& a, const Token& b) noexcept { return same_bytes(a.b, b.b, token_bytes) != 0U; }

bool absent(const Token& t) noexcept { return zero_bytes(t.b, token_bytes) != 0U; }

bool absent(const Secret& s) noexcept { return zero_bytes(s.b, secret_bytes) != 0U; }

bool absent(const TotpKey& k) noexcept { return zero_bytes(k.b, totp_key_bytes_max) != 0U; }

bool zero_after(const TotpKey& k, std::size_t length) noexcept {
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < totp_key_bytes_max; ++i)
    if (i >= length) any |= static_cast<std::uint32_t>(k.b[i]);
  return is_zero(any) != 0U;
}

}  // namespace twinlock
