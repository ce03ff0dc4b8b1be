// SPDX-License-Identifier: Apache-2.0
// What every answer must carry (spec 6.3), written out: a change of it must show here.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

namespace twinlock::test {

inline void expect_armour(std::string_view head) {
  for (const std::string_view line :
       {"\r\nCache-Control: no-store\r\n", "\r\nReferrer-Policy: same-origin\r\n",
        "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nX-Frame-Options: DENY\r\n",
        "\r\nX-Permitted-Cross-Domain-Policies: none\r\n", "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nCross-Origin-Embedder-Policy: require-corp\r\n",
        "\r\nCross-Origin-Resource-Policy: same-origin\r\n", "\r\nPermissions-Policy: camera=(), ",
        "\r\nContent-Security-Policy: default-src 'none'; ", "frame-ancestors 'none'\r\n"})
    EXPECT_NE(head.find(line), std::string_view::npos) << line << head;
  EXPECT_EQ(head.find("unsafe"), std::string_view::npos) << head;
}

}  // namespace twinlock::test
