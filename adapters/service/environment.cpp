// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>

#include <ctime>

#include "adapters/service/service.hpp"

namespace twinlock::service {

bool SystemEnvironment::clock(Clock& out) {
  timespec time{};
  if (::clock_gettime(CLOCK_REALTIME, &time) != 0 || time.tv_sec < 0) return false;
  out.now = static_cast<Seconds>(time.tv_sec);
  out.step = out.now / step_s;
  return true;
}

bool SystemEnvironment::random(std::span<std::uint8_t> out) {
  return RAND_bytes(out.data(), out.size()) == 1;
}

}  // namespace twinlock::service
