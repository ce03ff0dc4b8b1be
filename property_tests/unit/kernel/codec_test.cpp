// SPDX-License-Identifier: Apache-2.0
// The record's bytes (K14): what is encoded decodes to itself, and nothing else decodes.
#include "kernel/codec.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

// One record of every kind, with as much in it as it can hold.
std::vector<Record> samples() {
  std::vector<Record> all;
  World w;
  all.push_back(w.record);
  Event policy = event(Kind::set_policy);
  policy.policy = Policy::required;
  EXPECT_EQ(w.send(policy), Verdict::accepted);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  EXPECT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
  all.push_back(w.record);
  EXPECT_EQ(w.send(event(Kind::operator_unlock)), Verdict::accepted);
  w.fail(7, Lane::other);
  w.fail(5, Lane::known);
  w.recover();
  w.recover();
  Event e = w.right(Kind::request_recovery);
  e.recovery_code = Token{};
  EXPECT_EQ(w.send(e), Verdict::rejected);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::confirm_recovery)), Verdict::accepted);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  all.push_back(w.record);
  return all;
}

bool same_bytes(const Encoded& a, const Encoded& b) { return std::memcmp(a.b, b.b, record_bytes) == 0; }

TEST(Codec, RoundTrip) {
  for (const Record& r : samples()) {
    Encoded bytes;
    Record back;
    ASSERT_TRUE(encode(r, bytes));
    ASSERT_TRUE(decode(bytes, back));
    EXPECT_TRUE(same_record(r, back)) << name(r.state);
  }
}

// Each of the 224 bytes takes each of its 255 other values: refused, or another valid record with exactly
// these bytes.
TEST(Codec, EveryOtherByteIsRefusedOrCanonical) {
  unsigned refused = 0;
  for (const Record& r : samples()) {
    Encoded sound;
    ASSERT_TRUE(encode(r, sound));
    for (std::size_t i = 0; i < record_bytes; ++i) {
      for (unsigned flip = 1; flip < 256; ++flip) {
        Encoded bytes = sound;
        bytes.b[i] = static_cast<std::uint8_t>(bytes.b[i] ^ flip);
        Record back;
        if (!decode(bytes, back)) {
          ++refused;
          ASSERT_TRUE(same_record(back, new_record()));
          continue;
        }
        Encoded again;
        ASSERT_TRUE(valid(back));
        ASSERT_TRUE(encode(back, again));
        ASSERT_TRUE(same_bytes(bytes, again)) << name(r.state) << " byte " << i << " flip " << flip;
        ASSERT_FALSE(same_record(back, r)) << name(r.state) << " byte " << i << " flip " << flip;
      }
    }
  }
  EXPECT_GT(refused, 10000U);
}

TEST(Codec, VersionAndReserveAreFixed) {
  Encoded bytes;
  ASSERT_TRUE(encode(new_record(), bytes));
  EXPECT_EQ(bytes.b[0], 1);
  for (const std::size_t at : {std::size_t{0}, std::size_t{222}, std::size_t{223}}) {
    for (unsigned flip = 1; flip < 256; ++flip) {
      Encoded other = bytes;
      other.b[at] = static_cast<std::uint8_t>(other.b[at] ^ flip);
      Record r;
      EXPECT_FALSE(decode(other, r)) << at << " " << flip;
    }
  }
}

// The layout, pinned: a record written by this version must be read by the next.
TEST(Codec, Layout) {
  World w;
  w.enroll();
  Encoded b;
  ASSERT_TRUE(encode(w.record, b));
  EXPECT_EQ(b.b[1], 2);  // on
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(b.b[8 + i], static_cast<std::uint8_t>(start_s >> (8 * i)));
    EXPECT_EQ(b.b[14 + i], static_cast<std::uint8_t>(start_s / 30 >> (8 * i)));
    EXPECT_EQ(b.b[74 + i], static_cast<std::uint8_t>(start_s >> (8 * i)));
    EXPECT_EQ(b.b[80 + i], static_cast<std::uint8_t>(start_s >> (8 * i)));
  }
  EXPECT_EQ(std::memcmp(b.b + 86, w.record.secret.b, secret_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 126, w.record.enrollment_id.b, token_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 142, w.record.epoch.b, token_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 158, w.record.recovery_hash.b, token_bytes), 0);
}

// An invalid record is refused by everybody, never repaired.
TEST(Codec, InvalidIsNeverEncoded) {
  World w;
  w.enroll();
  Record r = w.record;
  r.throttle.failures[0] = 101;
  Encoded bytes;
  std::memset(bytes.b, 0xA5, record_bytes);
  EXPECT_FALSE(encode(r, bytes));
  const Encoded zero{};
  EXPECT_TRUE(same_bytes(bytes, zero));
  EXPECT_FALSE(view(r, w.clock(), w.rules).sound);
}

}  // namespace
}  // namespace twinlock::test
