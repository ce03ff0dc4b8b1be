// SPDX-License-Identifier: Apache-2.0
// show, reset, unlock and policy, as processes, on a database that this process filled.
#include "property_tests/unit/cli/cli_test.hpp"
#include "property_tests/unit/cli/enroll.hpp"

namespace twinlock::test {
namespace {

constexpr Seconds hour_s = 3'600;

class AccountCommand : public CliTest {
 protected:
  void SetUp() override { init(); }
};

TEST_F(AccountCommand, ShowTellsStateAndNeverASecret) {
  Inside(folder_.path(), wall_clock()).enroll("alice");
  const auto shown = json({"show", "alice"});
  EXPECT_EQ(std::string_view(shown["account"]), "alice");
  EXPECT_EQ(std::string_view(shown["state"]), "on");
  EXPECT_TRUE(bool(shown["code_required"]));
  EXPECT_FALSE(bool(shown["locked"]));
  EXPECT_EQ(std::uint64_t(shown["failures"]), 0U);
  const std::string email{std::string_view(shown["email"])};
  EXPECT_NE(email, "");
  EXPECT_EQ(email.find("someone@"), std::string::npos);  // masked
  const Result people = cli({"show", "alice"});
  EXPECT_EQ(people.code, 0);
  EXPECT_NE(people.out.find("state                   on\n"), std::string::npos) << people.out;
}

TEST_F(AccountCommand, WhatChangesSomethingSaysFirstWithWhichConfiguration) {
  Inside(folder_.path(), wall_clock()).enroll("alice");
  const std::string said = "twinlock: configuration " + (folder_ / "twinlock.toml") + "\n";
  const std::vector<std::vector<std::string>> changing = {{"init"},
                                                          {"policy", "alice", "optional"},
                                                          {"unlock", "alice", "--reason", "mistyped"},
                                                          {"reset", "alice", "--reason", "lost phone"},
                                                          {"api-key", "add", "--scope", "app"},
                                                          {"api-key", "remove", "0a1b2c3d"},
                                                          {"mail", "retry", "all"},
                                                          {"mail", "drop", "all", "--reason", "test"}};
  for (const auto& command : changing)
    EXPECT_EQ(cli(command).err.find(said), 0U) << command[0] << " " << cli(command).err;
  EXPECT_EQ(cli({"show", "alice"}).err, "");
}

TEST_F(AccountCommand, AnUnknownAccountIsOff) { EXPECT_EQ(text({"show", "nobody"}, "state"), "off"); }

TEST_F(AccountCommand, OddAccountsAreShownSafely) {
  const std::string odd = "\xe2\x80\xae\xff\\";
  const Result shown = cli({"show", odd});
  EXPECT_EQ(shown.code, 0);
  EXPECT_NE(shown.out.find("\\u{202e}\\xff\\\\"), std::string::npos) << shown.out;
  EXPECT_EQ(text({"show", odd}, "account_percent"), "%E2%80%AE%FF%5C");
  for (const std::string& bad : {std::string(), std::string("a\x1b"), std::string(129, 'a')})
    EXPECT_EQ(cli({"show", bad}).code, 2);
}

TEST_F(AccountCommand, ResetTakesTheFactorOff) {
  Inside(folder_.path(), wall_clock()).enroll("alice");
  EXPECT_EQ(text({"reset", "alice", "--reason", "lost phone"}, "state"), "off");
  EXPECT_EQ(text({"show", "alice"}, "state"), "off");
  EXPECT_EQ(cli({"reset", "alice"}).code, 2) << "a reason is needed";
  EXPECT_EQ(cli({"reset", "alice", "--reason", ""}).code, 2);
}

TEST_F(AccountCommand, ResetWithReplacePrintsTheGrantOnce) {
  Inside(folder_.path(), wall_clock()).enroll("alice");
  const std::string grant = text({"reset", "alice", "--reason", "lost phone", "--replace"}, "grant");
  EXPECT_EQ(grant.size(), 33U) << grant;  // 27 symbols in groups of four
  EXPECT_EQ(text({"show", "alice"}, "state"), "replacing");
  const Result audit = cli({"audit", "show", "alice"});
  EXPECT_EQ(audit.out.find(grant), std::string::npos);  // K20
  EXPECT_EQ(cli({"show", "alice"}).out.find(grant), std::string::npos);
}

TEST_F(AccountCommand, RequiredPolicyLeadsToReplacing) {
  Inside(folder_.path(), wall_clock()).enroll("alice");
  EXPECT_EQ(text({"policy", "alice", "required"}, "policy"), "required");
  EXPECT_EQ(text({"show", "alice"}, "policy"), "required");
  EXPECT_NE(text({"reset", "alice", "--reason", "lost"}, "grant"), "");
  EXPECT_EQ(cli({"policy", "alice", "sometimes"}).code, 2);
  EXPECT_EQ(text({"policy", "alice", "inherit"}, "policy"), "inherit");
}

TEST_F(AccountCommand, APolicyCanBeginAtADate) {
  EXPECT_EQ(text({"policy", "alice", "required", "--from", "2100-01-01"}, "policy"), "required");
  const auto shown = json({"show", "alice"});
  EXPECT_EQ(std::uint64_t(shown["policy_from"]), 4'102'444'800U);
  EXPECT_FALSE(bool(shown["required"]));
  EXPECT_EQ(text({"policy", "alice", "required", "--from", "2020-01-01T08:00:00Z"}, "policy"), "required");
  EXPECT_TRUE(bool(json({"show", "alice"})["required"]));
  EXPECT_EQ(cli({"policy", "alice", "required", "--from", "tomorrow"}).code, 2);
  EXPECT_EQ(cli({"policy", "alice", "optional", "--from", "2100-01-01"}).code, 2);
}

TEST_F(AccountCommand, UnlockPrintsATicketAndEasesNothingForOthers) {
  {
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(inside.wrong_code("alice", Lane::other), Verdict::rejected);
    EXPECT_EQ(inside.wrong_code("alice", Lane::other), Verdict::waiting);
  }
  EXPECT_EQ(std::uint64_t(json({"show", "alice"})["failures"]), 5U);
  const std::string ticket = text({"unlock", "alice", "--reason", "called"}, "ticket");
  EXPECT_EQ(ticket.size(), 33U) << ticket;
  const auto shown = json({"show", "alice"});
  EXPECT_EQ(std::uint64_t(shown["failures"]), 5U);
  const std::uint64_t until = shown["ticket_until"];
  EXPECT_GT(until, wall_clock());
  EXPECT_LE(until, wall_clock() + ticket_s_max);
  EXPECT_EQ(cli({"audit", "show", "alice"}).out.find(ticket), std::string::npos);  // K20
  const Result said = cli({"unlock", "alice", "--reason", "called"});
  for (const char* part :
       {"works until the time above", "5 codes", "nobody in without a right code", "told by mail"})
    EXPECT_NE(said.out.find(part), std::string::npos) << part;
  EXPECT_EQ(cli({"unlock", "nobody", "--reason", "called"}).code, 1) << "there is nothing to unlock";
}

// A locked account leaves by recovery or reset, never by unlocking.
TEST_F(AccountCommand, ALockedAccountIsNotUnlocked) {
  {
    Inside inside(folder_.path(), wall_clock() - 200 * hour_s);
    inside.enroll("alice");
    for (std::uint32_t i = 0; i < lock_failures; ++i) {
      ASSERT_EQ(inside.wrong_code("alice", Lane::known), Verdict::rejected) << i;
      inside.clock().forward(hour_s);
    }
    EXPECT_EQ(inside.wrong_code("alice", Lane::known), Verdict::locked);
  }
  EXPECT_TRUE(bool(json({"show", "alice"})["locked"]));
  const Result refused = cli({"unlock", "alice", "--reason", "called"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("reset"), std::string::npos) << refused.err;
  EXPECT_EQ(text({"reset", "alice", "--reason", "locked"}, "state"), "off");
}

TEST_F(AccountCommand, TheOperatorIsNamed) {
  ASSERT_EQ(cli({"policy", "alice", "required", "--operator", "carol"}).code, 0);
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("carol"), std::string::npos);
}

TEST_F(AccountCommand, ARecordThatDoesNotOpenCanBeReset) {
  {
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
    inside.enroll("bob");
  }
  sql("UPDATE account SET sealed = zeroblob(length(sealed)) WHERE account = CAST('alice' AS BLOB)");
  EXPECT_EQ(cli({"show", "bob"}).code, 0);
  EXPECT_EQ(cli({"show", "alice"}).code, 3);
  EXPECT_EQ(cli({"reset", "alice", "--reason", "damaged"}).code, 3) << "only when it is said";
  EXPECT_EQ(cli({"audit", "verify"}).code, 1);
  EXPECT_EQ(text({"reset", "alice", "--reason", "damaged", "--unopenable"}, "verdict"), "accepted");
  EXPECT_EQ(cli({"show", "alice"}).code, 0);
  EXPECT_NE(cli({"audit", "show", "alice"}).out.find("(chain restarted)"), std::string::npos);
  EXPECT_EQ(cli({"audit", "verify"}).code, 0);
}

TEST_F(AccountCommand, ALookAlikeIsShownAndRefusedUntilTheTwoAreDistinct) {
  {
    Inside inside(folder_.path(), wall_clock());
    inside.enroll("alice");
  }
  EXPECT_EQ(text({"show", "Alice"}, "look_alike_of"), "alice");
  const Result refused = cli({"policy", "Alice", "required"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("accounts distinct"), std::string::npos) << refused.err;
  EXPECT_EQ(cli({"accounts", "distinct", "Alice", "alice"}).code, 2) << "wants a reason";
  EXPECT_EQ(cli({"accounts", "distinct", "Alice", "--reason", "r"}).code, 2);
  EXPECT_EQ(cli({"accounts", "distinct"}).code, 2);
  EXPECT_EQ(cli({"accounts", "distinct", "Alice", "bob", "--reason", "r"}).code, 1)
      << "no spellings of one name";
  EXPECT_EQ(text({"accounts", "distinct", "Alice", "alice", "--reason", "two persons"}, "result"),
            "distinct");
  EXPECT_EQ(text({"accounts", "distinct", "alice", "Alice", "--reason", "again"}, "result"),
            "distinct already");
  EXPECT_NE(cli({"accounts", "distinct", "--list"}).out.find("Alice    alice"), std::string::npos);
  EXPECT_NE(cli({"audit", "show", "Alice", "--json"}).out.find("\"other\":\"alice\""), std::string::npos);
  EXPECT_EQ(cli({"policy", "Alice", "required"}).code, 0);
  EXPECT_EQ(text({"accounts", "distinct", "Alice", "alice", "--remove", "--reason", "left"}, "result"),
            "no longer distinct");
  const Result doctor = cli({"doctor"});
  EXPECT_NE(doctor.out.find("Alice and alice: spellings of one name"), std::string::npos) << doctor.out;
}

TEST_F(AccountCommand, NoDatabaseIsExitThree) {
  Folder empty;
  const Result result = run({TWINLOCK_PROGRAM, "show", "alice"}, empty.path());
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(result.err.find("twinlock init"), std::string::npos) << result.err;
  EXPECT_FALSE(empty.has("twinlock.db")) << "looking creates nothing";
}

TEST_F(AccountCommand, UsageIsExitTwo) {
  EXPECT_EQ(cli({}).code, 2);
  EXPECT_EQ(cli({"bogus"}).code, 2);
  EXPECT_EQ(cli({"show"}).code, 2);
  EXPECT_EQ(cli({"show", "a", "--config", "none.toml"}).code, 2);
  EXPECT_EQ(cli({"--version"}).code, 0);
}

TEST_F(AccountCommand, EverySubcommandHasExamplesAndExitCodes) {
  const std::vector<std::vector<std::string>> commands{
      {"init"},          {"doctor"},          {"show"},
      {"reset"},         {"unlock"},          {"policy"},
      {"audit", "show"}, {"audit", "verify"}, {"accounts", "distinct"},
      {"mail", "list"},  {"mail", "retry"},   {"mail", "drop"}};
  for (auto words : commands) {
    words.emplace_back("--help");
    const Result help = cli(words);
    EXPECT_EQ(help.code, 0);
    EXPECT_NE(help.out.find("Examples:\n  twinlock "), std::string::npos) << help.out;
    EXPECT_NE(help.out.find("\nexit: 0 "), std::string::npos) << help.out;
    EXPECT_NE(help.out.find("--config FILE"), std::string::npos) << "what every command takes: " << help.out;
  }
}

}  // namespace
}  // namespace twinlock::test
