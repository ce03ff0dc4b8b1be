// SPDX-License-Identifier: Apache-2.0
// Every claim about one step, over one world.
#include "charge.cpp"
#include "entry.cpp"
#include "guess.cpp"
#include "life.cpp"
#include "required.cpp"

extern "C" {

void step_claims() {
  any_world();
  entry_claims();
  charge_claims();
  guess_claims();
  life_claims();
  required_claims();
}
}
