// SPDX-License-Identifier: Apache-2.0
#include "kernel/wipe.hpp"

namespace twinlock {

void wipe_bytes(std::uint8_t* p, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) p[i] = 0;
  __asm__ volatile("" : : "r"(p) : "memory");
}

void wipe(Secret& s) noexcept { wipe_bytes(s.b, secret_bytes); }

void wipe(TotpKey& k) noexcept { wipe_bytes(k.b, totp_key_bytes_max); }

void wipe(Token& t) noexcept { wipe_bytes(t.b, token_bytes); }

[[gnu::noinline]] void scrub_stack() noexcept {
  std::uint8_t area[stack_bytes_max];
  wipe_bytes(area, stack_bytes_max);
}

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

void wipe(Event& e) noexcept {
  wipe(e.key);
  wipe_bytes(e.code.digit, code_digits);
  wipe(e.enrollment_id);
  wipe(e.grant);
  wipe(e.ticket);
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
  wipe(f.ticket);
}

void wipe(Outcome& o) noexcept { wipe(o.record); }

}  // namespace twinlock
