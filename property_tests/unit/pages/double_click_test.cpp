// SPDX-License-Identifier: Apache-2.0
// The same form sent twice is one attempt.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "adapters/pages/submitted_forms.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::pages {
namespace {

using namespace test;

class DoubleClick : public testing::Test {
 protected:
  Site site;
  Browser alice{site, "alice"};
  Browser other{site, "alice"};
  std::string key;

  void SetUp() override {
    key = alice.enroll();
    site.next_step();
    other.get("/2fa/challenge");
  }
};

TEST_F(DoubleClick, AWrongCodeIsChargedOnce) {
  const auto request = other.form_request("/2fa/challenge", {{"code", site.wrong_code(key)}});
  EXPECT_EQ(site.ask(request).status, 422);
  EXPECT_EQ(site.ask(request).status, 422);
  EXPECT_EQ(site.look("alice").view.failures, 1U);
  site.world().pass_time(30);
  EXPECT_EQ(site.ask(request).status, 422);
  EXPECT_EQ(site.look("alice").view.failures, 2U) << "half a minute later it is another attempt";
}

TEST_F(DoubleClick, ARightCodeIsAcceptedForBoth) {
  const auto request = other.form_request("/2fa/challenge", {{"code", site.code(key)}});
  const auto first = site.ask(request);
  const auto second = site.ask(request);
  EXPECT_EQ(first.status, 303);
  EXPECT_EQ(second.status, 303);
  EXPECT_EQ(first.head, second.head);
  EXPECT_EQ(site.look("alice").view.failures, 0U);
}

TEST_F(DoubleClick, ManyAtOnceAreOneAttempt) {
  const auto request = other.form_request("/2fa/challenge", {{"code", site.wrong_code(key)}});
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (site.ask(request).status == 422) ++refused;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 8);
  EXPECT_EQ(site.look("alice").view.failures, 1U);
}

TEST_F(DoubleClick, AnotherCodeOnTheSameFormIsAnotherAttempt) {
  EXPECT_EQ(site.ask(other.form_request("/2fa/challenge", {{"code", site.wrong_code(key)}})).status, 422);
  EXPECT_EQ(site.ask(other.form_request("/2fa/challenge", {{"code", site.code(key)}})).status, 303);
}

TEST_F(DoubleClick, AnotherSessionDoesNotGetTheFirstOnesPass) {
  auto request = other.form_request("/2fa/challenge", {{"code", site.code(key)}});
  EXPECT_EQ(site.ask(request).status, 303);
  set(request, "TWINLOCK_SESSION", "another");
  EXPECT_EQ(site.ask(request).status, 422);
}

TEST_F(DoubleClick, AFailureIsNotKept) {
  const auto request = other.form_request("/2fa/challenge", {{"code", site.code(key)}});
  site.world().memory()->fail_commits(1, store::MemoryStore::When::before);
  EXPECT_EQ(site.ask(request).status, 503);
  EXPECT_EQ(site.ask(request).status, 303);
}

TEST_F(DoubleClick, TheRecoveryCodeIsShownToADoubleClickButNotToAReload) {
  alice.get("/2fa/recovery-code");
  const auto sent = alice.form_request("/2fa/recovery-code", {{"code", site.code(key)}});
  const auto first = alice.send(sent);
  EXPECT_EQ(first.status, 200);
  const std::string shown = text_of(first.body, "recovery");
  EXPECT_EQ(text_of(site.ask(sent).body, "recovery"), shown);
  auto reload = sent;
  for (auto& cookie : reload.cookies) {
    if (alice.cookies.contains(cookie.name)) cookie.value = alice.cookies[cookie.name];
  }
  const auto again = site.ask(reload);
  EXPECT_EQ(again.status, 409);
  EXPECT_FALSE(again.says(shown));
  site.world().pass_time(secret_s_max);
  EXPECT_EQ(site.ask(sent).status, 409) << "too late for a double click";
  EXPECT_EQ(site.look("alice").view.failures, 0U);
}

// A second look with the clock turned back would find it, were it still there.
TEST_F(DoubleClick, AnyRequestWipesAShownRecoveryCodeWhoseTimeIsUp) {
  const std::function<void()> wipers[] = {
      [this] { site.app().tidy(); },
      [this] { other.gate(); },
      [this] { other.get("/2fa/health"); },
      [this] { other.get("/2fa/style.css"); },
  };
  for (const auto& wiper : wipers) {
    site.next_step();
    alice.get("/2fa/recovery-code");
    const auto sent = alice.form_request("/2fa/recovery-code", {{"code", site.code(key)}});
    EXPECT_EQ(alice.send(sent).status, 200);
    EXPECT_EQ(site.ask(sent).status, 200);
    site.world().environment().now += secret_s_max;
    wiper();
    site.world().environment().now -= secret_s_max - 1;
    const auto again = site.ask(sent);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(text_of(again.body, "recovery"), "");
  }
}

TEST_F(DoubleClick, OfManyFormsWithTheRightCodeOneIsAccepted) {
  const std::string wrong = site.wrong_code(key);
  std::vector<fastcgi::Request> requests;
  for (int i = 0; i < 100; ++i) {
    other.get("/2fa/challenge");
    requests.push_back(other.form_request("/2fa/challenge", {{"code", i == 50 ? site.code(key) : wrong}}));
    requests.push_back(other.form_request("/2fa/challenge", {{"code", site.code(key) + " "}}));
  }
  std::atomic<std::size_t> next{0};
  std::atomic<int> accepted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < requests.size(); at = next++) {
        if (site.ask(requests[at]).status == 303) ++accepted;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(accepted, 1);
}

}  // namespace
}  // namespace twinlock::pages
