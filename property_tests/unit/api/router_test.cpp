// SPDX-License-Identifier: Apache-2.0
// Pages and API on one listener: who answers what, and what each gets to see.
#include "adapters/daemon/router.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "property_tests/unit/api/api_site.hpp"

namespace twinlock::api::test {
namespace {

class RouterTest : public testing::Test {
 protected:
  Site site;
  http::Tools tools{site.world().service(), site.world().keys(), site.config(), site.world().environment()};
  pages::App pages{tools};
  daemon::Router router{tools, pages, site.api(), site.watch()};

  Seen ask(fastcgi::Request request) {
    return seen_from([&](fastcgi::Reply reply) { router.handle(std::move(request), std::move(reply)); });
  }
};

TEST_F(RouterTest, TheApiGetsItsPathsAndThePagesTheirs) {
  EXPECT_EQ(ask(request_of({"GET", "/accounts/alice", {}, site.app_key})).header("Content-Type"),
            "application/json");
  auto page = request_of({"GET", ""});
  set(page, "SCRIPT_NAME", "/2fa/");
  set(page, "TWINLOCK_ACCOUNT", "alice");
  EXPECT_TRUE(ask(std::move(page)).header("Content-Type").starts_with("text/html"));
  auto health = request_of({"GET", ""});
  set(health, "SCRIPT_NAME", "/2fa/health");
  EXPECT_EQ(ask(std::move(health)).status, 200);
}

TEST_F(RouterTest, AnAuthorizerAsksTheGateWhateverThePath) {
  auto request = request_of({"GET", "/accounts/alice", {}, site.app_key});
  request.role = fastcgi::Role::authorizer;
  EXPECT_EQ(ask(std::move(request)).status, 401) << "the gate knows no account here";
}

// These alone are handled while as many requests as may be in flight wait for the store.
TEST_F(RouterTest, TheGateAloneAnswersAtOnce) {
  auto gate = request_of({"GET", ""});
  set(gate, "SCRIPT_NAME", "/2fa/gate");
  EXPECT_TRUE(router.at_once(gate));
  auto page = request_of({"POST", ""});
  set(page, "SCRIPT_NAME", "/2fa/challenge");
  EXPECT_FALSE(router.at_once(page));
  EXPECT_FALSE(router.at_once(request_of({"GET", "/accounts/alice", {}, site.app_key})));
  page.role = fastcgi::Role::authorizer;
  EXPECT_TRUE(router.at_once(page));
}

TEST_F(RouterTest, WhileThereIsNoKeyThePagesAnswer) {
  std::filesystem::remove(site.keys_path());
  const Seen seen = ask(request_of({"GET", "/accounts/alice", {}, site.app_key}));
  EXPECT_EQ(seen.status, 404);
  EXPECT_TRUE(seen.header("Content-Type").starts_with("text/html"));
}

TEST_F(RouterTest, WantsWhatBothRead) {
  const auto wanted = router.wanted();
  for (const auto* each : {&wanted.names, &wanted.short_names})
    for (const char* name : {"HTTP_AUTHORIZATION", "REQUEST_URI"})
      EXPECT_EQ(std::ranges::count(*each, name), 1) << name;
  EXPECT_EQ(std::ranges::count(wanted.names, "SCRIPT_NAME"), 1);
  EXPECT_EQ(std::ranges::count(wanted.short_names, "SCRIPT_NAME"), 0);
}

TEST(RouterApart, WithListenersOfItsOwnTheApiIsNowhereElse) {
  Site site({}, [](config::Config& config) { config.api.listen = {"api.sock"}; });
  const http::Tools tools{site.world().service(), site.world().keys(), site.config(),
                          site.world().environment()};
  pages::App pages(tools);
  daemon::Router router(tools, pages, site.api(), site.watch());
  const auto wanted = router.wanted();
  EXPECT_EQ(std::ranges::count(wanted.names, "HTTP_AUTHORIZATION"), 0);
  EXPECT_EQ(std::ranges::count(wanted.names, "REQUEST_URI"), 0);
  const Seen seen = seen_from([&](fastcgi::Reply reply) {
    router.handle(request_of({"GET", "/accounts/alice", {}, site.app_key}), std::move(reply));
  });
  EXPECT_EQ(seen.status, 404);
  EXPECT_TRUE(seen.header("Content-Type").starts_with("text/html"));
  auto page = request_of({"GET", "", {}, site.app_key});
  set(page, "SCRIPT_NAME", "/2fa/health");
  EXPECT_EQ(site.ask(std::move(page)).problem(), "not_found") << "its own listeners serve nothing else";
  auto authorizer = request_of({"GET", "/accounts/alice", {}, site.app_key});
  authorizer.role = fastcgi::Role::authorizer;
  EXPECT_EQ(site.ask(std::move(authorizer)).problem(), "not_found");
}

}  // namespace
}  // namespace twinlock::api::test
