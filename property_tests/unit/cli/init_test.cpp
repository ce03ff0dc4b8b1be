// SPDX-License-Identifier: Apache-2.0
// init: what it makes, what it keeps, what it refuses.
#include <sys/stat.h>
#include <unistd.h>

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

TEST_F(InitCommand, TakesUpAConfigurationThatIsThere) {
  std::ofstream(folder_ / "a.toml") << "[site]\nbase_url = \"https://example.org\"\n[store]\npath = "
                                       "\"data/t.db\"\n[keys]\nfile = \"keys/t.key\"\n";
  EXPECT_EQ(cli({"init", "--config", "a.toml"}).code, 3) << "the folders are the operator's to make";
  ASSERT_EQ(run({"mkdir", "data", "keys"}, folder_.path()).code, 0);
  const Result result = cli({"init", "--config", "a.toml"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(folder_.mode("keys/t.key"), 0600U);
  EXPECT_EQ(folder_.mode("data/t.db"), 0600U);
  EXPECT_FALSE(folder_.has("twinlock.toml"));
}

// Key and database are the service's, also when root makes them: else twinlockd could not read them.
TEST_F(InitCommand, AsRootItActsAsTheFoldersOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  constexpr uid_t nobody = 65'534;
  ASSERT_EQ(run({"mkdir", "data"}, folder_.path()).code, 0);
  ASSERT_EQ(::chown((folder_ / "data").c_str(), nobody, nobody), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  std::ofstream(folder_ / "twinlock.toml")
      << "[site]\ndev = true\n[keys]\nfile = \"data/twinlock.key\"\n[store]\npath = \"data/twinlock.db\"\n";
  const Result result = cli({"init"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char* name : {"data/twinlock.key", "data/twinlock.db"}) {
    struct stat st {};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &st), 0) << name;
    EXPECT_EQ(st.st_uid, nobody) << name;
  }
}

TEST_F(InitCommand, WritesAndReadsNothingInAFolderThatOthersMayWrite) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  const Result refused = cli({"init"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("run: chmod go-w " + folder_.path()), std::string::npos) << refused.err;
  EXPECT_FALSE(folder_.has("twinlock.toml"));
  std::ofstream(folder_ / "twinlock.toml") << "[site]\ndev = true\n";
  EXPECT_EQ(cli({"show", "alice"}).code, 2);
  EXPECT_EQ(run({TWINLOCKD_PROGRAM, "--check"}, folder_.path()).code, 2);
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

// A site for each web server, with nothing of the example in it.
TEST_F(InitCommand, EveryServersRecipeIsThisSites) {
  std::ofstream(folder_ / "s") << "a-long-and-secret-word\n";
  ASSERT_EQ(run({"chmod", "600", "s"}, folder_.path()).code, 0);
  const std::string site = "[site]\nbase_url = \"https://wiki.example.net:8443\"\nprefix = \"/door\"\n";
  for (const std::string web :
       {"nginx", "caddy", "h2o", "lighttpd", "lighttpd.lua", "lighttpd_answer.lua", "apache"}) {
    const bool apache = web == "apache";
    std::ofstream(folder_ / "twinlock.toml")
        << site << "[gate]\nrefusal = \"redirect\"\n[listen]\n"
        << (apache ? "socket = \"\"\ntcp = \"127.0.0.1:9123\"\n[host]\naccount = "
                     "\"REMOTE_USER\"\nsecret_file = \"s\"\n"
                   : "socket = \"/srv/here.sock\"\n[host]\naccount = \"WHO_IS_IT\"\n");
    const Result result = cli({"init", "--web", web});
    EXPECT_EQ(result.code, 0) << web << result.err;
    for (const char* example : {"app.example.org", "/2fa", "/run/twinlock/twinlock.sock", "127.0.0.1:9000"})
      EXPECT_EQ(result.out.find(example), std::string::npos) << web << ": " << example;
    if (web == "nginx" || web == "caddy") {
      EXPECT_NE(result.out.find("WHO_IS_IT"), std::string::npos) << web;
    }
    if (web == "h2o") {
      EXPECT_NE(result.out.find("x-fallthru-set-who-is-it"), std::string::npos);
    }
    if (apache) {
      EXPECT_NE(result.out.find("ServerName https://wiki.example.net:8443"), std::string::npos);
    }
  }
}

TEST_F(InitCommand, ARecipeThatThisConfigurationCannotHaveIsRefused) {
  std::ofstream(folder_ / "twinlock.toml") << "[site]\nbase_url = \"https://example.org\"\n";
  EXPECT_EQ(cli({"init", "--web", "apache"}).code, 2);
  EXPECT_NE(cli({"init", "--web", "apache"}).err.find("set listen.tcp"), std::string::npos);
  EXPECT_NE(cli({"init", "--web", "lighttpd"}).err.find("gate.refusal"), std::string::npos);
}

// Where the database's disk is not mounted, looking for the recipe must not begin with no accounts.
TEST_F(InitCommand, PrintingTheRecipeMakesNothing) {
  EXPECT_EQ(cli({"init", "--web", "nginx"}).code, 0);
  for (const char* name : {"twinlock.toml", "twinlock.key", "twinlock.db"})
    EXPECT_FALSE(folder_.has(name)) << name;
  EXPECT_EQ(cli({"init", "--web", "nginx", "--issuer", "x"}).code, 2);
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
