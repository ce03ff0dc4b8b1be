// SPDX-License-Identifier: Apache-2.0
// The prover's side: the re-spelled kernel computes the answer of each case, and it must be the compiler's.
// clang-format off: the order counts
#define scrub_stack shipped_scrub_stack
#include "kernel/wipe.cpp"
#undef scrub_stack
namespace twinlock {
void scrub_stack() noexcept {}  // 4,096 writes that no answer depends on
}  // namespace twinlock
#include "agree/case.hpp"
#include "kernel/admit.cpp"
#include "kernel/bytes.cpp"
#include "kernel/clock.cpp"
#include "kernel/codec.cpp"
#include "kernel/decide.cpp"
#include "kernel/gather.cpp"
#include "kernel/next_record.cpp"
#include "kernel/record.cpp"
#include "kernel/throttle.cpp"
#include "kernel/totp.cpp"
#include "kernel/twinlock.cpp"
// clang-format on

using namespace twinlock;
using namespace agree;

static std::uint64_t answer(const Case& c) {
  Walk w{};
  w.data = c;
  Input in{};
  walk_input(w, in);
  const Outcome o = handle_unscrubbed(in.record, in.event, in.situation);
  return answer_of(in, o);
}

#include CASES
