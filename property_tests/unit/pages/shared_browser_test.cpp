// SPDX-License-Identifier: Apache-2.0
// One browser that many people share, such as a workstation in a ward.
#include <gtest/gtest.h>

#include "adapters/http/pass.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class SharedBrowser : public testing::Test {
 protected:
  Site site;
  std::map<std::string, std::string> cookies;  // what the browser has, whoever sits before it

  Browser sits_down(int person) {
    Browser browser(site, "person " + std::to_string(person));
    browser.cookies = cookies;
    return browser;
  }
  void enroll(int person) {
    Browser browser = sits_down(person);
    browser.enroll();
    cookies = browser.cookies;
    site.next_step();
  }
  std::size_t header_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [name, value] : cookies) bytes += name.size() + value.size() + 3;
    return bytes;
  }
};

TEST_F(SharedBrowser, KeepsTheFourNewestOfTheOthers) {
  for (int i = 0; i < 30; ++i) {
    enroll(i);
    EXPECT_LE(cookies.size(), 1 + 2 * (1 + http::others_kept_max)) << i;
    EXPECT_LT(header_bytes(), 2'000U) << i;
  }
  for (int i = 0; i < 30; ++i) EXPECT_EQ(sits_down(i).gate().status, i < 25 ? 403 : 200) << i;
}

// Names that no account has, or stamps that are none, go first; more than fit one answer's head go by and by.
TEST_F(SharedBrowser, ForgetsAsManyAsAnAnswerHoldsAndTheOldestFirst) {
  enroll(0);
  enroll(1);
  const std::string junk = "__Host-twinlock-pass-";
  for (int i = 0; i < 40; ++i) cookies[junk + "junk" + std::to_string(i)] = "x";
  enroll(2);
  EXPECT_EQ(cookies.size(), 1 + 2 * 3 + 40 - http::surplus_names_max);
  for (int i = 3; i < 8; ++i) enroll(i);
  EXPECT_EQ(cookies.size(), 1 + 2 * (1 + http::others_kept_max));
  for (const auto& [name, value] : cookies) EXPECT_EQ(name.find("junk"), std::string::npos) << name;
}

TEST_F(SharedBrowser, AnyNumberOfCookiesIsNoFault) {
  Browser browser = sits_down(0);
  for (int i = 0; i < 200; ++i) browser.cookies["__Host-twinlock-pass-" + std::to_string(i)] = "x";
  EXPECT_EQ(browser.get("/2fa/").status, 200);
  EXPECT_EQ(browser.gate().status, 200);
}

}  // namespace
}  // namespace twinlock::pages
