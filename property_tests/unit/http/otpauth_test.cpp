// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/otpauth.hpp"

#include <gtest/gtest.h>

namespace twinlock::http {
namespace {

Secret rfc_secret() {
  Secret secret{};
  const std::string_view text = "12345678901234567890";
  std::copy(text.begin(), text.end(), secret.b);
  return secret;
}

TEST(Otpauth, UriIsPercentEncoded) {
  EXPECT_EQ(
      otpauth_uri(rfc_secret(), "Harbour & Row", "zo\xC3\xAB:x@example.org"),
      "otpauth://totp/Harbour%20%26%20Row:zo%C3%AB%3Ax%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
      "issuer=Harbour%20%26%20Row&algorithm=SHA1&digits=6&period=30");
}

TEST(Otpauth, KeyInGroupsOfFour) {
  EXPECT_EQ(grouped_key(rfc_secret()), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
}

TEST(Qr, HasAQuietZoneOfFourModules) {
  const Qr qr = draw_qr(otpauth_uri(rfc_secret(), "Example", "alice"));
  ASSERT_FALSE(qr.path.empty());
  EXPECT_EQ(qr.view_box, "0 0 " + std::to_string(qr.size) + " " + std::to_string(qr.size));
  EXPECT_EQ((qr.size - 8 - 17) % 4, 0U);
  EXPECT_TRUE(qr.path.starts_with("M4 4h7v1h-7z")) << "the finder pattern's first row";
}

TEST(Qr, PictureIsBlackOnWhite) {
  const std::string svg = qr_svg("otpauth://totp/x");
  EXPECT_NE(svg.find("fill=\"#fff\""), std::string::npos);
  EXPECT_NE(svg.find("fill=\"#000\""), std::string::npos);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

TEST(Qr, TooMuchTextGivesNoPicture) { EXPECT_TRUE(draw_qr(std::string(4000, 'x')).path.empty()); }

}  // namespace
}  // namespace twinlock::http
