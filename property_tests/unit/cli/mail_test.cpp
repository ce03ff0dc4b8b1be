// SPDX-License-Identifier: Apache-2.0
// mail list, retry, drop: the outbox after a reset, whose notice waits there.
#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {
namespace {

class MailCommand : public CliTest {
 protected:
  void SetUp() override {
    init();
    Inside(folder_.path(), wall_clock()).enroll("alice");  // "enabled" is told by mail
  }

  std::vector<std::string> ids() {
    std::vector<std::string> all;
    for (auto mail : json({"mail", "list"}).get_array()) all.emplace_back(std::string_view(mail["id"]));
    return all;
  }
};

TEST_F(MailCommand, ListMasksTheAddressAndHidesTheContent) {
  const Result listed = cli({"mail", "list"});
  EXPECT_EQ(listed.code, 0);
  EXPECT_NE(listed.out.find("alice"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("s***@"), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find("someone@"), std::string::npos);
  EXPECT_EQ(ids().size(), 1U);
}

TEST_F(MailCommand, RetryMakesItDue) {
  sql("UPDATE outbox SET due = 9999999999, attempts = 3");
  EXPECT_EQ(std::uint64_t(json({"mail", "retry", ids().at(0)})["due_now"]), 1U);
  EXPECT_EQ(run({"sqlite3", folder_ / "twinlock.db", "SELECT due FROM outbox"}, folder_.path()).out, "0\n");
  EXPECT_EQ(std::uint64_t(json({"mail", "retry", "all"})["due_now"]), 1U);
  EXPECT_EQ(cli({"mail", "retry", "0011"}).code, 1);
}

TEST_F(MailCommand, DropIsAudited) {
  const std::string id = ids().at(0);
  EXPECT_EQ(cli({"mail", "drop", id}).code, 2) << "a reason is needed";
  EXPECT_EQ(std::uint64_t(json({"mail", "drop", id, "--reason", "address is gone"})["dropped"]), 1U);
  EXPECT_EQ(ids().size(), 0U);
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("mail_dropped"), std::string::npos);
  EXPECT_EQ(cli({"audit", "verify"}).code, 0);
  EXPECT_EQ(cli({"mail", "drop", id, "--reason", "again"}).code, 1);
}

}  // namespace
}  // namespace twinlock::test
