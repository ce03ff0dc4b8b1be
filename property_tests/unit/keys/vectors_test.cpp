// SPDX-License-Identifier: Apache-2.0
// The primitives against the published vectors, and seals against fixed subkeys: an installation must still
// open after an upgrade what it sealed before. The subkeys were computed by Python's hmac and hashlib, from
// the key of 32 bytes 0x01. Those of the MACs: property_tests/formats.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/keys/crypto.hpp"
#include "adapters/keys/key_ring.hpp"
#include "property_tests/unit/keys/keys_support.hpp"

namespace twinlock::keys::test {

namespace {

struct HkdfVector {
  const char* name;
  std::string key, salt, info, out;
};

std::string counting(int first, int count) {
  std::string out;
  for (int i = first; i < first + count; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(i & 0xFF));
    out += digits;
  }
  return out;
}

std::string repeated(const std::string& byte, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += byte;
  return out;
}

TEST(Vectors, HkdfSha256Rfc5869AppendixA) {
  const HkdfVector vectors[] = {
      {"A.1", repeated("0b", 22), counting(0, 13), counting(0xF0, 10),
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {"A.2", counting(0, 80), counting(0x60, 80), counting(0xB0, 80),
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
       "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      {"A.3", repeated("0b", 22), "", "",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
  };
  for (const auto& v : vectors) {
    const auto expected = from_hex(v.out);
    std::vector<std::uint8_t> out(expected.size());
    ASSERT_TRUE(hkdf(out, from_hex(v.key), from_hex(v.salt), from_hex(v.info))) << v.name;
    EXPECT_EQ(out, expected) << v.name;
  }
}

TEST(Vectors, HmacSha256Rfc4231) {
  const auto check = [](const std::string& key, std::string_view text, std::string_view expected) {
    const auto mac = hmac(from_hex(key), bytes_of(text));
    EXPECT_EQ(std::vector<std::uint8_t>(mac.begin(), mac.end()), from_hex(expected));
  };
  check(repeated("0b", 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  check("4a656665", "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  check(repeated("aa", 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

struct SivVector {
  const char* plain;
  const char* bound;
  const char* result;
};

TEST(Vectors, Aes256GcmSivRfc8452AppendixC2) {
  const SivVector vectors[] = {
      {"", "", "07f5f4169bbf55a8400cd47ea6fd400f"},
      {"0100000000000000", "", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"},
      {"010000000000000000000000", "", "9aab2aeb3faa0a34aea8e2b18ca50da9ae6559e48fd10f6e5c9ca17e"},
      {"01000000000000000000000000000000", "",
       "85a01b63025ba19b7fd3ddfc033b3e76c9eac6fa700942702e90862383c6c366"},
      {"0200000000000000", "01", "1de22967237a813291213f267e3b452f02d01ae33e4ec854"},
      {"02000000000000000000000000000000", "01",
       "c91545823cc24f17dbb0e9e807d5ec17b292d28ff61189e8e49f3875ef91aff7"},
  };
  auto key = from_hex(repeated("00", 32));
  auto nonce = from_hex(repeated("00", 12));
  key[0] = 1;
  nonce[0] = 3;
  const GcmSiv siv(std::span<const std::uint8_t, 32>(key.data(), 32));
  ASSERT_TRUE(siv);
  const std::span<const std::uint8_t, nonce_bytes> at(nonce.data(), nonce_bytes);
  for (const auto& v : vectors) {
    const auto expected = from_hex(v.result);
    std::vector<std::uint8_t> sealed(expected.size());
    ASSERT_TRUE(siv.seal(sealed, at, from_hex(v.plain), from_hex(v.bound)));
    EXPECT_EQ(sealed, expected);
    std::vector<std::uint8_t> plain(expected.size() - tag_bytes);
    EXPECT_TRUE(siv.open(plain, at, sealed, from_hex(v.bound)));
    EXPECT_EQ(plain, from_hex(v.plain));
    EXPECT_FALSE(siv.open(plain, at, sealed, from_hex("02")));
  }
}

KeyRing ring_of_key_one(const std::string& id) {
  return std::move(*KeyRing::parse("twinlock-keys 1\nkey " + id + " " + key_one + " current\n"));
}

// A seal is the key's id (4 bytes, lowest first), the nonce, and AES-256-GCM-SIV of the text, which binds
// purpose, id, account, version and extra.
TEST(Vectors, k15_the_seals_stay_as_they_are) {
  const KeyRing ring = ring_of_key_one("67305985");  // 0x04030201
  const auto plain = bytes_of("what was sealed");
  const auto nonce = from_hex(counting(0x30, nonce_bytes));
  const auto check = [&](SealPurpose purpose, std::string_view subkey, std::string_view bound) {
    const auto key = from_hex(subkey);
    const GcmSiv siv(std::span<const std::uint8_t, 32>(key.data(), 32));
    std::vector<std::uint8_t> body(plain.size() + tag_bytes);
    ASSERT_TRUE(siv.seal(body, std::span<const std::uint8_t, nonce_bytes>(nonce.data(), nonce_bytes), plain,
                         from_hex(bound)));
    auto sealed = from_hex("01020304");
    sealed.insert(sealed.end(), nonce.begin(), nonce.end());
    sealed.insert(sealed.end(), body.begin(), body.end());
    const auto opened = ring.open(purpose, {"alice", 0x0102, "m"}, sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(*opened, plain);
    EXPECT_EQ(sealed_with(sealed), ring.current());
  };
  const std::string bound =
      "0102030405000000" + std::string("616c696365") + "0201000000000000" + "010000006d";
  check(SealPurpose::record, "5b61676a4414f03a7d7c181cddcf4cda31f7b2af4d97bdb83e849ce7dcb9a93e",
        "01" + bound);
  check(SealPurpose::mail, "29dfacdc88a6ab1397615f09024778f774a99a158c0f18c7f2f3fe2dfaf390a5", "02" + bound);
}

}  // namespace

}  // namespace twinlock::keys::test
