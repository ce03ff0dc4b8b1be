// SPDX-License-Identifier: Apache-2.0
#include "bench/on_record.hpp"

#include <cstring>

#include "kernel/totp.hpp"

namespace twinlock::bench {

static Code spelled(std::uint32_t value) {
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; value /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + value % 10);
  return code;
}

Code right_code(const Secret& secret, Step step) { return spelled(totp_codes(secret, step).c[1]); }

Code wrong_code(const Secret& secret, Step step) {
  const Codes codes = totp_codes(secret, step);
  std::uint32_t guess = 0;
  while (guess == codes.c[0] || guess == codes.c[1] || guess == codes.c[2]) ++guess;
  return spelled(guess);
}

Fresh some_fresh() {
  Fresh fresh{};
  std::memset(&fresh, 0x5A, sizeof fresh);
  return fresh;
}

Record on_record() {
  Event e{};
  const Record enrolling = handle(new_record(), e, {at, {}, {}, some_fresh()}).record;
  e.kind = Kind::confirm_enrollment;
  e.enrollment_id = enrolling.enrollment_id;
  e.code = right_code(enrolling.pending, at.step);
  return handle(enrolling, e, {at, {}, {}, some_fresh()}).record;
}

}  // namespace twinlock::bench
