// SPDX-License-Identifier: Apache-2.0
// K13's loops: none of the kernel runs longer for one input than for another. The claim is the prover's own
// (--unwinding-assertions): with every loop unwound 65 times, for every input at all, no loop wants to go on.
// So no loop has more than 64 turns, and there is no recursion.
// The shipped bytes.cpp and totp.cpp are in it. Not in it: hash.cpp (its loops are over constants; the
// prover's subset lint sees to that) and scrub_stack(), one loop over 4,096 bytes.
#define SHIPPED_BYTES
#include "assumptions.hpp"

extern "C" {

void k13_loops_are_bounded() {
  const Record r = nondet_record();
  const Event e = nondet_event();
  const Situation s = nondet_situation();
  nothing_asked();
  Outcome o = handle_unscrubbed(r, e, s);
  const View v = view_unscrubbed(r, s.clock, e.host_word, s.rules);
  const Encoded in = nondet_encoded();
  Record read;
  const bool decoded = decode_unscrubbed(in, read);
  Encoded out;
  const bool encoded = encode_unscrubbed(r, out);
  std::uint8_t mac[secret_bytes];
  const std::uint32_t digits = truncate(mac);
  wipe(o);
  CHECK(!v.sound || v.failures <= 100, "the kernel comes to its end");
  CAN(decoded);
  CAN(encoded);
  CAN(digits == 999999U);
}
}
