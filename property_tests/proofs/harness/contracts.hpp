// SPDX-License-Identifier: Apache-2.0
// What kernel/bytes.cpp and kernel/wipe.cpp are proved to do (bytes.cpp here, for all inputs), in a form that
// the prover reads without loops: the other harnesses use these in its place. One line per function; k12_*
// and k11_* prove each against the shipped one.
#pragma once

#include "kernel/bytes.hpp"
#include "kernel/event.hpp"
#include "kernel/wipe.hpp"

namespace contract {

inline bool same_token(const twinlock::Token& a, const twinlock::Token& b) {
  return a.b[0] == b.b[0] && a.b[1] == b.b[1] && a.b[2] == b.b[2] && a.b[3] == b.b[3] && a.b[4] == b.b[4] &&
         a.b[5] == b.b[5] && a.b[6] == b.b[6] && a.b[7] == b.b[7] && a.b[8] == b.b[8] && a.b[9] == b.b[9] &&
         a.b[10] == b.b[10] && a.b[11] == b.b[11] && a.b[12] == b.b[12] && a.b[13] == b.b[13] &&
         a.b[14] == b.b[14] && a.b[15] == b.b[15];
}

inline bool absent_token(const twinlock::Token& a) {
  return (a.b[0] | a.b[1] | a.b[2] | a.b[3] | a.b[4] | a.b[5] | a.b[6] | a.b[7] | a.b[8] | a.b[9] | a.b[10] |
          a.b[11] | a.b[12] | a.b[13] | a.b[14] | a.b[15]) == 0;
}

inline bool absent_secret(const twinlock::Secret& a) {
  return (a.b[0] | a.b[1] | a.b[2] | a.b[3] | a.b[4] | a.b[5] | a.b[6] | a.b[7] | a.b[8] | a.b[9] | a.b[10] |
          a.b[11] | a.b[12] | a.b[13] | a.b[14] | a.b[15] | a.b[16] | a.b[17] | a.b[18] | a.b[19]) == 0;
}

inline bool absent_key(const twinlock::TotpKey& a) {
  return (a.b[0] | a.b[1] | a.b[2] | a.b[3] | a.b[4] | a.b[5] | a.b[6] | a.b[7] | a.b[8] | a.b[9] | a.b[10] |
          a.b[11] | a.b[12] | a.b[13] | a.b[14] | a.b[15] | a.b[16] | a.b[17] | a.b[18] | a.b[19] | a.b[20] |
          a.b[21] | a.b[22] | a.b[23] | a.b[24] | a.b[25] | a.b[26] | a.b[27] | a.b[28] | a.b[29] | a.b[30] |
          a.b[31] | a.b[32] | a.b[33] | a.b[34] | a.b[35] | a.b[36] | a.b[37] | a.b[38] | a.b[39] | a.b[40] |
          a.b[41] | a.b[42] | a.b[43] | a.b[44] | a.b[45] | a.b[46] | a.b[47] | a.b[48] | a.b[49] | a.b[50] |
          a.b[51] | a.b[52] | a.b[53] | a.b[54] | a.b[55] | a.b[56] | a.b[57] | a.b[58] | a.b[59] | a.b[60] |
          a.b[61] | a.b[62] | a.b[63]) == 0;
}

// The bytes behind each length: the first that may hold something.
inline bool zero_after(const twinlock::TotpKey& a, std::size_t length) {
  bool zero = true;
  for (std::size_t i = 0; i < 64; ++i) zero = zero && (i < length || a.b[i] == 0);
  return zero;
}

}  // namespace contract

#ifndef SHIPPED_BYTES
namespace twinlock {

bool same(const Token& a, const Token& b) noexcept { return contract::same_token(a, b); }
bool absent(const Token& t) noexcept { return contract::absent_token(t); }
bool absent(const Secret& s) noexcept { return contract::absent_secret(s); }
bool absent(const TotpKey& k) noexcept { return contract::absent_key(k); }
bool zero_after(const TotpKey& k, std::size_t length) noexcept { return contract::zero_after(k, length); }

void wipe(Token& t) noexcept {
  const Token none{};
  t = none;
}

void wipe(Secret& s) noexcept {
  const Secret none{};
  s = none;
}

void wipe(TotpKey& k) noexcept {
  const TotpKey none{};
  k = none;
}

void scrub_stack() noexcept {}  // the painted-stack test shows it

void wipe(Record& r) noexcept {
  wipe(r.secret);
  wipe(r.pending);
  wipe(r.enrollment_id);
  wipe(r.epoch);
  wipe(r.recovery_hash);
  wipe(r.link_hash);
  wipe(r.asker_hash);
  wipe(r.voucher_hash);
}

void wipe_bytes(std::uint8_t* p, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) p[i] = 0;
}

std::uint32_t zero_bytes(const std::uint8_t* a, std::size_t n) noexcept {
  std::uint32_t any = 0;
  for (std::size_t i = 0; i < n; ++i) any |= static_cast<std::uint32_t>(a[i]);
  return any == 0 ? 1U : 0U;
}

}  // namespace twinlock
#endif
