// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace twinlock::text {
namespace {

RC_GTEST_PROP(Encoding, HexAndBack, (const std::vector<std::uint8_t>& bytes)) {
  std::vector<std::uint8_t> back(bytes.size());
  RC_ASSERT(from_hex(to_hex(bytes), back));
  RC_ASSERT(back == bytes);
}

TEST(Encoding, HexHasOneSpelling) {
  std::uint8_t out[1];
  EXPECT_TRUE(from_hex("af", out));
  for (const char* bad : {"AF", "aF", "a", "afa", "ag", ""}) EXPECT_FALSE(from_hex(bad, out)) << bad;
}

TEST(Encoding, Base32OfRfc4648) {
  const auto base32 = [](std::string_view s) {
    return to_base32(std::span(reinterpret_cast<const std::uint8_t*>(s.data()), s.size()));
  };
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foo"), "MZXW6");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(Encoding, PercentIsExact) { EXPECT_EQ(percent_encode("a/b \xff~"), "a%2Fb%20%FF~"); }

RC_GTEST_PROP(Encoding, PercentAndBack, (const std::string& bytes)) {
  RC_ASSERT(percent_decode(percent_encode(bytes)) == bytes);
}

TEST(Encoding, PlusIsASpaceInFormsAlone) {
  std::string form;
  ASSERT_TRUE(form_decode("a+b%2B%2f", form));
  EXPECT_EQ(form, "a b+/");
  EXPECT_EQ(percent_decode("a+b%2B%2f"), "a+b+/");
}

TEST(Encoding, PercentNeedsTwoDigits) {
  std::string form;
  for (const char* bad : {"%", "%4", "a%4", "%zz", "%4g", "%%41"}) {
    EXPECT_FALSE(percent_decode(bad)) << bad;
    EXPECT_FALSE(form_decode(bad, form)) << bad;
  }
}

}  // namespace
}  // namespace twinlock::text
