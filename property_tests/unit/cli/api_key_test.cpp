// SPDX-License-Identifier: Apache-2.0
// api-key, and what twinlockd makes of the file that it writes.
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "property_tests/unit/cli/cli_test.hpp"

namespace twinlock::test {
namespace {

class ApiKey : public CliTest {
 protected:
  void SetUp() override { init(); }

  std::string add(const std::string& scope) {
    return text({"api-key", "add", "--scope", scope, "--name", "n"}, "id");
  }
  std::string content() {
    std::ifstream file(folder_ / "twinlock.api_keys");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // What a start of twinlockd ends with.
  Result refused_start() { return run({TWINLOCKD_PROGRAM, "--config", "twinlock.toml"}, folder_.path()); }
};

TEST_F(ApiKey, TheKeyIsShownOnceAndNotKept) {
  const std::string key = text({"api-key", "add", "--scope", "app"}, "key");
  EXPECT_EQ(key.size(), 68U);
  EXPECT_EQ(folder_.mode("twinlock.api_keys"), 0600U);
  EXPECT_EQ(content().find(key.substr(4)), std::string::npos);
  EXPECT_EQ(cli({"api-key", "list"}).out.find(key.substr(4)), std::string::npos);
}

TEST_F(ApiKey, ListAndRemove) {
  EXPECT_EQ(cli({"api-key", "list"}).out, "no keys: the API is off\n");
  const std::string app = add("app");
  const std::string ops = add("operator");
  const std::string listed = cli({"api-key", "list"}).out;
  for (const std::string& part : {app, ops, std::string("app"), std::string("operator")})
    EXPECT_NE(listed.find(part), std::string::npos) << part << " in\n" << listed;
  EXPECT_EQ(text({"api-key", "remove", app}, "id"), app);
  const Result again = cli({"api-key", "remove", app});
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("there is no key '" + app + "'"), std::string::npos);
}

TEST_F(ApiKey, UsageIsRefused) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"api-key"},
                                                {"api-key", "add"},
                                                {"api-key", "add", "--scope", "root"},
                                                {"api-key", "remove"}})
    EXPECT_EQ(cli(words).code, 2);
}

TEST_F(ApiKey, AFileThatCannotBeTrustedRefusesTheStart) {
  add("app");
  ASSERT_EQ(::chmod((folder_ / "twinlock.api_keys").c_str(), 0644), 0);
  const Result end = refused_start();
  EXPECT_EQ(end.code, 3);
  EXPECT_NE(end.err.find("chmod 0600"), std::string::npos) << end.err;
  EXPECT_EQ(end.err.find("listening"), std::string::npos) << end.err;
}

TEST_F(ApiKey, ADaemonSaysWhetherThereIsAnApiAndWhere) {
  std::ofstream(folder_ / "twinlock.toml", std::ios::app) << "[api]\nlisten = [\"api.sock\"]\n";
  add("app");
  Child daemon({TWINLOCKD_PROGRAM, "--config", "twinlock.toml"}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("twinlockd: ready"));
  EXPECT_EQ(folder_.mode("api.sock"), 0660U);
  daemon.signal(SIGTERM);
  const Result end = daemon.finish();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_FALSE(folder_.has("api.sock"));
  for (const char* line : {"listening on API at ", "API on with 1 key in "})
    EXPECT_NE(end.err.find(line), std::string::npos) << line << " in\n" << end.err;
}

}  // namespace
}  // namespace twinlock::test
