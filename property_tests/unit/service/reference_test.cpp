// SPDX-License-Identifier: Apache-2.0
// Checks the reference TOTP against the RFCs' own vectors before anything is compared with it, and that a
// profile has only one encoding.
#include "adapters/service/profile.hpp"
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

reference::Bytes ascii(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Reference, hotp_rfc_4226_appendix_d) {
  const std::uint32_t expected[] = {755224, 287082, 359152, 969429, 338314,
                                    254676, 287922, 162583, 399871, 520489};
  for (std::uint64_t i = 0; i < 10; ++i)
    EXPECT_EQ(reference::hotp(ascii("12345678901234567890"), i), expected[i]);
}

TEST(Reference, totp_rfc_6238_appendix_b) {
  const std::pair<std::uint64_t, std::string> rows[] = {{59, "287082"},         {1111111109, "081804"},
                                                        {1111111111, "050471"}, {1234567890, "005924"},
                                                        {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [time, code] : rows)
    EXPECT_EQ(reference::totp(ascii("12345678901234567890"), time / 30), code);
}

TEST(ProfileBytes, come_back_and_nothing_else_is_taken) {
  Profile profile;
  profile.audit_sequence = 0x0102030405060708;
  profile.audit_head.fill(9);
  profile.language = text::Language::german;
  profile.address = "alice@example.org";
  const auto bytes = encode_profile(profile);
  ASSERT_EQ(bytes.size(), record_bytes + 32 + 8 + 2 + profile.address.size());
  Profile again;
  ASSERT_TRUE(decode_profile(bytes, again));
  EXPECT_EQ(encode_profile(again), bytes);
  EXPECT_EQ(again.address, profile.address);
  EXPECT_EQ(again.audit_sequence, profile.audit_sequence);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_profile(std::span(bytes).first(size), again)) << size;
  auto changed = bytes;
  changed.push_back(0);
  EXPECT_FALSE(decode_profile(changed, again));
  changed = bytes;
  changed[record_bytes + 40] = 2;  // no such language
  EXPECT_FALSE(decode_profile(changed, again));
  changed = bytes;
  changed[0] ^= 1;  // no such record version
  EXPECT_FALSE(decode_profile(changed, again));
  profile.address = std::string(255, 'a');
  EXPECT_TRUE(encode_profile(profile).empty());
}

}  // namespace

}  // namespace twinlock::service::test
