// doctor: its lines, its levels, its exit code.
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
  EXPECT_NE(people.out.find("1 of 2 do not open (alice)"), std::string::npos) << people.out;
}

TEST_F(DoctorCommand, FindsDamage) {
  init();
  Inside(folder_.path(), wall_clock()).enroll("alice");
  sql("DELETE FROM name");
  EXPECT_EQ(levels()["database"], "fail");
}

TEST_F(DoctorCommand, ABadConfigurationIsAFinding) {
  const Result result = cli({"doctor", "--config", "none.toml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.out.find("fail  configuration"), std::string::npos) << result.out;
}

}  // namespace
}  // namespace twinlock::test
