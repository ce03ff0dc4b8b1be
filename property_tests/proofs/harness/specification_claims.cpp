// SPDX-License-Identifier: Apache-2.0
// The claims about one step, of the specification instead of the kernel. The situations are not looked for
// again: k21_step shows that both answer the same.
#define OF_SPECIFICATION
#define WITH_SPECIFICATION
#include "charge.cpp"
#include "entry.cpp"
#include "guess.cpp"
#include "life.cpp"
#include "required.cpp"

extern "C" {

void specification_claims() {
  any_world();
  entry_claims();
  charge_claims();
  guess_claims();
  life_claims();
  required_claims();
}
}
