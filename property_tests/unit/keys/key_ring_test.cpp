// SPDX-License-Identifier: Apache-2.0
// K15: what is sealed opens only under the purpose, account, version, extra and key that it was sealed with.
#include "adapters/keys/key_ring.hpp"

#include <gtest/gtest.h>

#include <set>

#include "adapters/keys/key_file.hpp"
#include "property_tests/unit/keys/keys_support.hpp"

namespace twinlock::keys::test {

namespace {

const std::string two_keys = "twinlock-keys 1\nkey 1 " + key_one + "\nkey 2 " + key_two + " current\n";
const Bytes secret = bytes_of("the record's bytes");

KeyRing ring_of(const std::string& text) {
  auto ring = KeyRing::parse(text);
  EXPECT_TRUE(ring) << (ring ? "" : ring.error());
  return std::move(*ring);
}

constexpr auto record = SealPurpose::record;
const Binding binding{"alice", 7, "x"};

OpenError error_of(const KeyRing& ring, SealPurpose purpose, const Binding& at, const Bytes& sealed) {
  const auto opened = ring.open(purpose, at, sealed);
  EXPECT_FALSE(opened);
  return opened ? OpenError{} : opened.error();
}

TEST(KeyRing, OpensWhatItSealed) {
  const auto ring = ring_of(two_keys);
  for (const Bytes& plain : {Bytes{}, secret, Bytes(1000, 0xA5)}) {
    const auto sealed = ring.seal(record, binding, plain);
    EXPECT_EQ(sealed.size(), plain.size() + 32);
    EXPECT_EQ(sealed_with(sealed), 2U);
    const auto opened = ring.open(record, binding, sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(*opened, plain);
  }
}

TEST(KeyRing, NeverSealsTheSameWayTwice) {
  const auto ring = ring_of(two_keys);
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(ring.seal(record, binding, secret));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(KeyRing, EveryPartOfTheBindingCounts) {
  const auto ring = ring_of(two_keys);
  const auto sealed = ring.seal(record, binding, secret);
  EXPECT_EQ(error_of(ring, SealPurpose::mail, binding, sealed), OpenError::forged);
  const Binding others[] = {{"alicf", 7, "x"}, {"alic", 7, "ex"}, {"alice", 8, "x"}, {"alice", 7, "y"},
                            {"alice", 7, ""},  {"", 7, "x"},      {"alicex", 7, ""}, {"Alice", 7, "x"}};
  for (const auto& other : others) EXPECT_EQ(error_of(ring, record, other, sealed), OpenError::forged);
}

TEST(KeyRing, EveryBitCounts) {
  const auto ring = ring_of(two_keys);
  const auto sealed = ring.seal(record, binding, secret);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    const auto expected = bit < 32 ? OpenError::unknown_key : OpenError::forged;
    EXPECT_EQ(error_of(ring, record, binding, changed), expected) << "bit " << bit;
  }
}

TEST(KeyRing, TheKeyIdCannotBeSwapped) {
  const auto ring = ring_of(two_keys);
  auto sealed = ring.seal(record, binding, secret);
  ASSERT_EQ(sealed[0], 2);
  sealed[0] = 1;
  EXPECT_EQ(error_of(ring, record, binding, sealed), OpenError::forged);
}

TEST(KeyRing, EveryTruncationIsForged) {
  const auto ring = ring_of(two_keys);
  const auto sealed = ring.seal(record, binding, {});
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(error_of(ring, record, binding,
                       Bytes(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size))),
              OpenError::forged);
}

TEST(KeyRing, AnotherRingIsUnknownOrForged) {
  const auto sealed = ring_of(two_keys).seal(record, binding, secret);
  const auto other_id = ring_of("twinlock-keys 1\nkey 3 " + key_two + " current\n");
  EXPECT_EQ(error_of(other_id, record, binding, sealed), OpenError::unknown_key);
  const auto other_key = ring_of("twinlock-keys 1\nkey 2 " + key_one + " current\n");
  EXPECT_EQ(error_of(other_key, record, binding, sealed), OpenError::forged);
}

TEST(KeyRing, MacsHaveOnePurposeAndOneKey) {
  const auto ring = ring_of(two_keys);
  const auto mac = ring.mac(MacPurpose::pass, secret);
  EXPECT_TRUE(ring.check_mac(MacPurpose::pass, 2, secret, mac));
  EXPECT_FALSE(ring.check_mac(MacPurpose::pass, 1, secret, mac));
  EXPECT_FALSE(ring.check_mac(MacPurpose::pass, 3, secret, mac));
  EXPECT_FALSE(ring.check_mac(MacPurpose::pass, 2, bytes_of("another"), mac));
  EXPECT_FALSE(ring.check_mac(MacPurpose::pass, 2, secret, std::span(mac).first(31)));
  for (const auto other : {MacPurpose::known_browser, MacPurpose::form})
    EXPECT_FALSE(ring.check_mac(other, 2, secret, mac));
  for (std::size_t bit = 0; bit < mac.size() * 8; ++bit) {
    auto changed = mac;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(ring.check_mac(MacPurpose::pass, 2, secret, changed));
  }
}

TEST(KeyRing, RotatesWithoutARestart) {
  const Folder folder;
  const auto path = folder.file("twinlock.key");
  auto ring = KeyRing::create_file(path);
  ASSERT_TRUE(ring) << ring.error();
  const auto old = ring->seal(record, binding, secret);
  const auto added = add_key(path);
  ASSERT_TRUE(added) << added.error();
  EXPECT_EQ(*added, 2U);
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(ring->current(), 1U);
  ASSERT_TRUE(make_current(path, 2));
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(ring->current(), 2U);
  EXPECT_EQ(ring->ids(), (std::vector<KeyId>{1, 2}));
  EXPECT_TRUE(ring->open(record, binding, old));
  EXPECT_FALSE(retire_key(path, 2));
  ASSERT_TRUE(retire_key(path, 1));
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(ring->ids(), std::vector<KeyId>{2});
  EXPECT_EQ(error_of(*ring, record, binding, old), OpenError::unknown_key);
}

TEST(KeyRing, AFailedReloadKeepsWhatWasThere) {
  const Folder folder;
  const auto path = folder.file("twinlock.key");
  auto ring = KeyRing::create_file(path);
  ASSERT_TRUE(ring) << ring.error();
  const auto sealed = ring->seal(record, binding, secret);
  folder.write("twinlock.key", "nonsense\n");
  EXPECT_FALSE(ring->reload());
  EXPECT_TRUE(ring->open(record, binding, sealed));
}

}  // namespace

}  // namespace twinlock::keys::test
