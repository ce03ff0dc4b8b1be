// init: what it makes, what it keeps, what it refuses.
#include <fstream>
#include <sstream>

#include "property_tests/unit/cli/cli_test.hpp"

namespace twinlock::test {
namespace {

class InitCommand : public CliTest {};

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_F(InitCommand, MakesConfigurationKeyAndDatabase) {
  const Result result = cli(
      {"init", "--base-url", "https://example.org", "--issuer", "Ex \"a\\mple\"", "--contact", "the desk"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(folder_.mode("twinlock.key"), 0600U);
  EXPECT_EQ(folder_.mode("twinlock.db"), 0600U);
  EXPECT_TRUE(folder_.has("twinlock.toml"));
  EXPECT_NE(result.out.find("Next:"), std::string::npos);
  EXPECT_EQ(run({TWINLOCKD_PROGRAM, "--check"}, folder_.path()).code, 0);
  const std::string key = content(folder_ / "twinlock.key");
  EXPECT_EQ(cli({"init"}).code, 0) << "a second time keeps everything";
  EXPECT_EQ(content(folder_ / "twinlock.key"), key);
  EXPECT_EQ(cli({"init", "--issuer", "other"}).code, 1) << "what is there is not changed";
}

TEST_F(InitCommand, RefusesWhatTheDaemonWouldRefuse) {
  EXPECT_EQ(cli({"init", "--base-url", "http://example.org"}).code, 2);
  EXPECT_FALSE(folder_.has("twinlock.toml"));
  EXPECT_FALSE(folder_.has("twinlock.key"));
}

TEST_F(InitCommand, PrintsTheRecipeWithThisSocket) {
  init();
  const Result result = cli({"init", "--web", "nginx"});
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find("unix:" + folder_.path() + "/twinlock.sock;"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("auth_request /2fa/gate;"), std::string::npos);
}

TEST_F(InitCommand, TheRecipeFollowsTheConfiguration) {
  std::ofstream(folder_ / "s") << "a-long-and-secret-word\n";
  ASSERT_EQ(run({"chmod", "600", "s"}, folder_.path()).code, 0);
  std::ofstream(folder_ / "twinlock.toml")
      << "[site]\nbase_url = \"https://example.org\"\nprefix = \"/second\"\n[host]\naccount = "
         "\"APP_USER\"\nlabel = \"\"\n"
         "secret_file = \"s\"\n[listen]\nsocket = \"\"\ntcp = \"127.0.0.1:9000\"\n";
  const Result result = cli({"init", "--web", "nginx"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out.find("/2fa"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("TWINLOCK_ACCOUNT"), std::string::npos);
  EXPECT_EQ(result.out.find("TWINLOCK_LABEL"), std::string::npos);
  EXPECT_NE(result.out.find("server 127.0.0.1:9000;"), std::string::npos);
  EXPECT_NE(result.out.find("twinlock_secret.conf"), std::string::npos);
  EXPECT_EQ(result.out.find("a-long-and-secret-word"), std::string::npos);  // K20
}

}  // namespace
}  // namespace twinlock::test
