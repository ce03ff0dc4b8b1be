// SPDX-License-Identifier: Apache-2.0
// K14: one record, one encoding; every other buffer is refused.
#include "assumptions.hpp"

extern "C" {

void k14_decode_encode() {
  const Record r = nondet_record();
  Encoded out;
  const bool encoded = encode(r, out);
  CHECK(encoded == valid(r), "exactly the valid records are encoded");
  Record back;
  const bool read = decode(out, back);
  CHECK(read == encoded, "and exactly their encodings are decoded");
  if (encoded) CHECK(same_record(back, r), "to the same record");
  CAN(encoded && r.state == State::recovering);
  CAN(!encoded);
}

void k14_encode_decode() {
  const Encoded in = nondet_encoded();
  Record r;
  if (decode(in, r)) {
    CHECK(valid(r), "a decoded record is valid");
    Encoded again;
    CHECK(encode(r, again), "and encodes");
    const std::uint64_t i = nondet_u64();
    GIVEN(i < record_bytes);
    CHECK(again.b[i] == in.b[i], "to the very same bytes");
    CAN(r.state == State::enrolling && r.before == State::replacing);
  } else {
    CHECK(same_record(r, new_record()), "a refused buffer leaves a new record");
    CAN(in.b[0] == record_version);
  }
}
}
