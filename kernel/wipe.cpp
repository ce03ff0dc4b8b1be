// SPDX-License-Identifier: Apache-2.0
#include "kernel/wipe.hpp"

namespace twinlock {

void wipe_bytes(std::uint8_t* p, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) p[i] = 0;
  __asm__ volatile("" : : "r"(p) : "memory");
}

void wipe(Secret& s) noexcept { wipe_bytes(s.b, secret_bytes); }

void wipe(Token& t) noexcept { wipe_bytes(t.b, token_bytes); }

void wipe(Record& r) noexcept {
  wipe(r.secret);
  wipe(r.pending);
  wipe(r.enrollment_id);
  wipe(r.epoch);
  wipe(r.recovery_hash);
  wipe(r.link_hash);
  wipe(r.asker_hash);
  wipe(r.grant_hash);
}

void wipe(Event& e) noexcept {
  wipe_bytes(e.code.digit, code_digits);
  wipe(e.enrollment_id);
  wipe(e.grant);
  wipe(e.recovery_code);
  wipe(e.link);
  wipe(e.asker);
  wipe(e.epoch);
}

void wipe(Fresh& f) noexcept {
  wipe(f.secret);
  wipe(f.enrollment_id);
  wipe(f.epoch);
  wipe(f.recovery_code);
  wipe(f.link);
  wipe(f.asker);
  wipe(f.grant);
}

void wipe(Outcome& o) noexcept { wipe(o.record); }

}  // namespace twinlock
