// SPDX-License-Identifier: Apache-2.0
// doctor: its lines, its levels, its exit code.
#include <fstream>
#include <map>

#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {
namespace {

class DoctorCommand : public CliTest {
 protected:
  // check -> level; of two of one name, the worse.
  std::map<std::string, std::string> levels() {
    std::map<std::string, std::string> all;
    const Result result = cli({"doctor", "--json"});
    simdjson::dom::array checks;
    EXPECT_EQ(parser_.parse(result.out).get(checks), simdjson::SUCCESS) << result.out;
    std::string worst = "ok";
    for (auto check : checks) {
      const std::string level{std::string_view(check["level"])};
      all[std::string(std::string_view(check["check"]))] = level;
      if (level == "fail" || (level == "warn" && worst == "ok")) worst = level;
    }
    EXPECT_EQ(result.code, worst == "fail" ? 2 : worst == "warn" ? 1 : 0);
    return all;
  }
};

TEST_F(DoctorCommand, FindsARunningOneWell) {
  init();
  Child daemon({TWINLOCKD_PROGRAM}, folder_.path());
  ASSERT_TRUE(daemon.wait_for("twinlockd: ready")) << daemon.finish().err;
  auto found = levels();
  for (const char* check :
       {"versions", "configuration", "permissions", "keys", "accounts", "database", "outbox", "server"})
    EXPECT_EQ(found[check], "ok") << check;
  EXPECT_EQ(found["mail"], "warn") << "no transport";
}

TEST_F(DoctorCommand, FindsNoServer) {
  init();
  EXPECT_EQ(levels()["server"], "fail");
}

TEST_F(DoctorCommand, FindsOpenPermissionsAndTheKeyGone) {
  init();
  ASSERT_EQ(run({"chmod", "644", "twinlock.key"}, folder_.path()).code, 0);
  auto found = levels();
  EXPECT_EQ(found["permissions"], "fail");
  EXPECT_EQ(found["keys"], "fail");
}

TEST_F(DoctorCommand, WantsTheKeyApartFromTheDatabaseOfARealSite) {
  ASSERT_EQ(cli({"init", "--base-url", "https://example.org"}).code, 0);
  EXPECT_EQ(levels()["permissions"], "warn");
  ASSERT_EQ(run({"mkdir", "keys"}, folder_.path()).code, 0);
  ASSERT_EQ(run({"mv", "twinlock.key", "keys/"}, folder_.path()).code, 0);
  std::ofstream(folder_ / "twinlock.toml", std::ios::app) << "[keys]\nfile = \"keys/twinlock.key\"\n";
  EXPECT_EQ(levels()["permissions"], "ok");
}

TEST_F(DoctorCommand, FindsRowsThatDoNotOpen) {
  init();
  {
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
    inside.enroll("bob");
  }
  sql("UPDATE account SET sealed = zeroblob(length(sealed)) WHERE account = CAST('alice' AS BLOB)");
  EXPECT_EQ(levels()["accounts"], "fail");
  const Result people = cli({"doctor"});
  EXPECT_EQ(people.code, 2);
  EXPECT_NE(people.out.find("1 of 2 cannot be decrypted (alice)"), std::string::npos) << people.out;
}

TEST_F(DoctorCommand, FindsSpellingsThatDoNotAgreeWithTheRecords) {
  init();
  {
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
  }
  EXPECT_NE(cli({"doctor"}).out.find("they agree with the records"), std::string::npos);
  sql("DELETE FROM spelling");
  const Result lost = cli({"doctor"});
  EXPECT_EQ(lost.code, 2);
  EXPECT_NE(lost.out.find("other spellings of alice (1 accounts) are let in"), std::string::npos) << lost.out;
  EXPECT_EQ(cli({"policy", "alice", "inherit"}).code, 0);
  EXPECT_NE(cli({"doctor"}).out.find("they agree with the records"), std::string::npos);
}

TEST_F(DoctorCommand, FindsDamage) {
  init();
  Inside(folder_.path(), wall_clock()).enroll("alice");
  sql("DELETE FROM name");
  EXPECT_EQ(levels()["database"], "fail");
}

TEST_F(DoctorCommand, LooksForTheSendmailThatIsMeant) {
  ASSERT_EQ(run({"mkdir", "a b"}, folder_.path()).code, 0);
  ASSERT_EQ(run({"cp", "/bin/true", "a b/sendmail"}, folder_.path()).code, 0);
  const auto level_of = [&](const std::string& command) {
    std::ofstream(folder_ / "twinlock.toml")
        << "[site]\ndev = true\n[mail]\nsendmail = [" << command << "]\n";
    return levels()["mail"];
  };
  EXPECT_EQ(level_of("'" + folder_.path() + "/a b/sendmail', '-t', '-i'"), "ok");
  EXPECT_EQ(level_of("'" + folder_.path() + "/a b/sendmail -t -i'"), "fail") << "not split at blanks";
  EXPECT_EQ(level_of("'" + folder_.path() + "/none', '-t'"), "fail");
}

// What it finds behind real web servers: property_tests/interop/doctor_url.py.
TEST_F(DoctorCommand, OfASiteFindsThatNothingListens) {
  const std::string url = "http://127.0.0.1:" + std::to_string(free_port());
  const Result result = cli({"doctor", "--url", url});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.out.find("ok    configuration  none on this machine"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("fail  tls            " + url), std::string::npos) << result.out;
  EXPECT_FALSE(folder_.has("twinlock.db"));
}

TEST_F(DoctorCommand, OfASiteTakesPlainOriginsOnly) {
  for (const char* url : {"", "example.org", "ftp://a", "https://", "https://a/b", "https://u@a",
                          "https://a:b", "https://a:123456", "https://a?b", "https://a b"}) {
    const Result result = cli({"doctor", "--url", url});
    EXPECT_EQ(result.code, 2) << url;
    EXPECT_NE(result.err.find("--url"), std::string::npos) << url << result.out;
  }
  for (const char* other : {"https://a", "https://127.", "https://127.0.0.1.2", "https://127.999.0.1"}) {
    const Result result = cli({"doctor", "--url", other, "--insecure"});
    EXPECT_EQ(result.code, 2) << other;
    EXPECT_NE(result.err.find("this machine only"), std::string::npos) << other << result.out;
  }
  EXPECT_EQ(cli({"doctor", "--url", "https://a", "--path", "b"}).code, 2);
  EXPECT_EQ(cli({"doctor", "--url", "https://a", "--user", "b"}).code, 2) << "a password is needed";
}

TEST_F(DoctorCommand, ABadConfigurationIsAFinding) {
  const Result result = cli({"doctor", "--config", "none.toml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.out.find("fail  configuration"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace twinlock::test
