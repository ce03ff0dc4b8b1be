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
  policy.policy_from = 29;
  EXPECT_EQ(w.send(policy), Verdict::accepted);
  all.push_back(w.record);
  World imported = w;
  EXPECT_EQ(imported.send(import_of(64)), Verdict::accepted);
  all.push_back(imported.record);
  Event begin = w.right(Kind::begin_enrollment);
  begin.host_word = HostWord::required;
  EXPECT_EQ(w.send(begin), Verdict::accepted);
  EXPECT_EQ(w.send(w.wrong(Kind::confirm_enrollment)), Verdict::rejected);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::confirm_enrollment)), Verdict::accepted);
  all.push_back(w.record);
  EXPECT_EQ(w.send(w.right(Kind::confirm_saved)), Verdict::accepted);
  w.unlock();
  EXPECT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
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

// Each of the 294 bytes takes each of its 255 other values: refused, or another valid record with exactly
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
  for (const std::size_t at : {std::size_t{0}, std::size_t{11}}) {
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
  Event policy = event(Kind::set_policy);
  policy.policy = Policy::required;
  policy.policy_from = 0x0102030405;
  ASSERT_EQ(w.send(policy), Verdict::accepted);
  ASSERT_EQ(w.send(w.right(Kind::confirm_saved)), Verdict::accepted);
  w.fail(5, Lane::other);
  w.unlock();
  ASSERT_EQ(w.send(w.wrong_by_ticket()), Verdict::rejected);
  Encoded b;
  ASSERT_TRUE(encode(w.record, b));
  const std::uint8_t head[] = {1, 2, 0, 2, 0, 0, 0, 5, 1, 4, 20, 0};  // version, on, before, required, ...
  EXPECT_EQ(std::memcmp(b.b, head, sizeof head), 0);
  const Record& r = w.record;
  const Throttle& t = r.throttle;
  const std::uint64_t times[] = {r.seen,
                                 r.last_step,
                                 t.wait_until[0],
                                 t.wait_until[1],
                                 t.budget_until,
                                 t.recovery_until,
                                 t.begin_until,
                                 t.link_until[0],
                                 t.link_until[1],
                                 t.link_until[2],
                                 r.deadline,
                                 r.voucher_until,
                                 r.policy_from,
                                 r.enrolled_at,
                                 r.last_used_at,
                                 r.recovery_drawn_at,
                                 r.recovery_saved_at};
  for (std::size_t field = 0; field < std::size(times); ++field)
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_EQ(b.b[12 + 6 * field + i], static_cast<std::uint8_t>(times[field] >> (8 * i))) << field;
  EXPECT_EQ(std::memcmp(b.b + 114, r.secret.b, totp_key_bytes_max), 0);
  EXPECT_EQ(std::memcmp(b.b + 198, r.enrollment_id.b, token_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 214, r.epoch.b, token_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 230, r.recovery_hash.b, token_bytes), 0);
  EXPECT_EQ(std::memcmp(b.b + 278, r.voucher_hash.b, token_bytes), 0);
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
  EXPECT_FALSE(view(r, w.clock(), HostWord::unsaid, w.rules).sound);
}

}  // namespace
}  // namespace twinlock::test
