// SPDX-License-Identifier: Apache-2.0
// audit show and audit verify, with the chain tampered with behind Twinlock's back.
#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {
namespace {

class AuditCommand : public CliTest {
 protected:
  void SetUp() override {
    init();
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(inside.wrong_code("alice", Lane::other), Verdict::rejected);
    inside.enroll("bob");
  }
};

TEST_F(AuditCommand, ShowIsATableAndLinesOfJson) {
  const Result people = cli({"audit", "show", "alice"});
  EXPECT_EQ(people.code, 0);
  EXPECT_NE(people.out.find("begin_enrollment"), std::string::npos) << people.out;
  EXPECT_NE(people.out.find("enrolling -> on"), std::string::npos) << people.out;
  const Result lines = cli({"audit", "show", "alice", "--json"});
  simdjson::dom::document_stream documents = parser_.parse_many(lines.out);
  std::uint64_t sequence = 0;
  for (auto document : documents) EXPECT_EQ(std::uint64_t(document["sequence"]), ++sequence);
  EXPECT_EQ(sequence, 5U);
  EXPECT_EQ(cli({"audit", "show", "nobody"}).code, 0);
}

TEST_F(AuditCommand, VerifyFindsNothingWrong) {
  EXPECT_EQ(std::uint64_t(json({"audit", "verify"})["accounts"]), 2U);
  EXPECT_EQ(cli({"audit", "verify", "alice"}).code, 0);
  EXPECT_EQ(cli({"audit", "verify", "nobody"}).code, 0);
}

struct Tampering {
  const char* what;
  const char* sql;
};

TEST_F(AuditCommand, VerifyNamesTheAccountThatWasTamperedWith) {
  const Tampering ways[] = {
      {"changed",
       "UPDATE audit SET body = replace(body, 'rejected', 'accepted') WHERE body LIKE '%rejected%'"},
      {"removed", "UPDATE audit SET previous = 1 WHERE id = 3"},
      {"cut", "UPDATE account SET audit_head = 4 WHERE account = CAST('alice' AS BLOB)"},
      {"reordered",
       "UPDATE audit SET sequence = CASE sequence WHEN 3 THEN 4 WHEN 4 THEN 3 ELSE sequence END"},
      {"hash", "UPDATE audit SET hash = zeroblob(32) WHERE id = 5"},
  };
  const std::string copy = folder_ / "sound.db";
  sql("PRAGMA wal_checkpoint(TRUNCATE)");
  sql("VACUUM INTO '" + copy + "'");
  for (const Tampering& way : ways) {
    sql(way.sql);
    const auto findings = json({"audit", "verify"}, 1)["findings"];
    std::size_t count = 0;
    for (auto finding : findings.get_array()) {
      EXPECT_EQ(std::string_view(finding["account"]), "alice") << way.what;
      ++count;
    }
    EXPECT_EQ(count, 1U) << way.what;
    EXPECT_EQ(cli({"audit", "verify", "bob"}).code, 0) << way.what;
    ASSERT_EQ(run({"sqlite3", folder_ / "twinlock.db", ".restore '" + copy + "'"}, folder_.path()).code, 0);
    ASSERT_EQ(cli({"audit", "verify"}).code, 0) << "sound again after " << way.what;
  }
}

}  // namespace
}  // namespace twinlock::test
