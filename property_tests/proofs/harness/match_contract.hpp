// SPDX-License-Identifier: Apache-2.0
// What match_code() is proved to do (k01_match_code, for all inputs): a fresh match in the window, at the
// highest step.
#pragma once

#include "kernel/totp.hpp"

namespace contract {

inline twinlock::CodeMatch match_code(const twinlock::Codes& codes, std::uint32_t presented,
                                      twinlock::Step now, twinlock::Step last, bool strict) {
  twinlock::CodeMatch m;
  m.match = false;
  m.step = 0;
  if (!strict && presented == codes.c[0] && now - 1 > last) {
    m.match = true;
    m.step = now - 1;
  }
  if (presented == codes.c[1] && now > last) {
    m.match = true;
    m.step = now;
  }
  if (!strict && presented == codes.c[2] && now + 1 > last) {
    m.match = true;
    m.step = now + 1;
  }
  return m;
}

}  // namespace contract

#ifndef SHIPPED_BYTES
namespace twinlock {

CodeMatch match_code(const Codes& codes, std::uint32_t presented, Step now_step, Step last,
                     bool strict) noexcept {
  REQUIRE(now_step >= 1 && now_step < step_limit);
  return contract::match_code(codes, presented, now_step, last, strict);
}

}  // namespace twinlock
#endif
