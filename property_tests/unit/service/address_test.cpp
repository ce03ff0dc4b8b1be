// SPDX-License-Identifier: Apache-2.0
// Where mail goes (spec 5.5): the address that the host asserted when a code was last accepted, or at
// enrollment.
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Addresses : public testing::Test {
 protected:
  World world{"memory"};
  const std::string first = "alice@example.org";
  const std::string second = "eve@example.net";
  const std::string first_masked = mail::masked(first);
  const std::string second_masked = mail::masked(second);
  Person alice = world.enroll("alice", first);

  std::string on_file(const Person& person) { return world.service().look(person.account)->masked_email; }
  mail::Message last() { return world.mails(alice.account).back().message; }
  std::size_t count() { return world.mails(alice.account).size(); }
};

TEST_F(Addresses, enrollment_puts_the_first_one_on_file) {
  EXPECT_EQ(on_file(alice), first_masked);
  ASSERT_EQ(count(), 1U);
  EXPECT_EQ(last().to, first);
}

TEST_F(Addresses, an_acceptance_adopts_another_and_tells_the_old_one_in_the_same_commit) {
  const auto version = world.version(alice.account);
  EXPECT_EQ(world.verify(alice, world.code(alice, 1), Lane::other, second).verdict, Verdict::accepted);
  EXPECT_EQ(world.version(alice.account), version + 1);
  EXPECT_EQ(on_file(alice), second_masked);
  ASSERT_EQ(count(), 2U);
  EXPECT_EQ(last().to, first);
  EXPECT_NE(last().text.find(second_masked), std::string::npos);
  EXPECT_EQ(last().text.find(second), std::string::npos);
  EXPECT_NE(world.audit(alice.account).back().find("\"address_adopted\":true"), std::string::npos);
}

TEST_F(Addresses, only_a_link_is_urgent_and_only_the_domain_tells_destinations_apart) {
  auto ask = operation_of(alice.account, Kind::request_recovery);
  ask.event.recovery_code = alice.recovery_code;
  EXPECT_EQ(world.run(ask).verdict, Verdict::accepted);
  const auto mails = world.mails(alice.account);
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_FALSE(mails[0].urgent);
  EXPECT_TRUE(mails[1].urgent);
  const Person bob = world.enroll("bob", "bob@EXAMPLE.org");
  const Person eve = world.enroll("eve", second);
  EXPECT_EQ(world.mails(bob.account)[0].destination, mails[0].destination);
  EXPECT_NE(world.mails(eve.account)[0].destination, mails[0].destination);
}

TEST_F(Addresses, nothing_but_an_acceptance_adopts) {
  world.verify(alice, world.wrong_code(alice), Lane::other, second);
  EXPECT_EQ(on_file(alice), first_masked);
  auto ask = operation_of(alice.account, Kind::request_recovery);
  ask.event.recovery_code = alice.recovery_code;
  ask.email = second;
  EXPECT_EQ(world.run(ask).masked_email, first_masked);
  EXPECT_EQ(last().to, first);
  auto revoke = operation_of(alice.account, Kind::revoke_passes);
  revoke.event.epoch = alice.epoch;
  revoke.email = second;
  EXPECT_EQ(world.run(revoke).verdict, Verdict::accepted);
  auto reset = operation_of(alice.account, Kind::operator_reset);
  reset.email = second;
  EXPECT_EQ(world.run(reset).verdict, Verdict::accepted);
  EXPECT_EQ(last().to, first);
  EXPECT_EQ(on_file(alice), first_masked);
}

TEST_F(Addresses, beginning_an_enrollment_adopts_only_where_none_is_on_file) {
  auto begin = operation_of(account_of("bob"), Kind::begin_enrollment);
  begin.email = first;
  world.run(begin);
  EXPECT_EQ(world.service().look(account_of("bob"))->masked_email, first_masked);
  begin.email = second;
  world.run(begin);
  EXPECT_EQ(world.service().look(account_of("bob"))->masked_email, first_masked);
  EXPECT_TRUE(world.mails(account_of("bob")).empty());
}

TEST_F(Addresses, enrolling_anew_after_a_reset_tells_the_old_address) {
  world.run(operation_of(alice.account, Kind::operator_reset));
  const auto before = count();
  world.enroll("alice", second);
  const auto mails = world.mails(alice.account);
  ASSERT_EQ(mails.size(), before + 2);
  EXPECT_EQ(mails[before].message.to, second);     // enabled
  EXPECT_EQ(mails[before + 1].message.to, first);  // address changed
}

TEST_F(Addresses, an_absent_or_unusable_address_changes_nothing) {
  const std::string unusable[] = {"",
                                  "nobody",
                                  "a@b\r\nBcc: eve@example.net",
                                  "<eve@example.net>",
                                  "a b@example.org",
                                  std::string(250, 'a').append("@example.org")};
  for (const auto& address : unusable) {
    world.pass_time(60);
    EXPECT_EQ(world.verify(alice, world.code(alice), Lane::other, address).verdict, Verdict::accepted);
    EXPECT_EQ(on_file(alice), first_masked);
    EXPECT_EQ(count(), 1U);
  }
}

TEST_F(Addresses, mails_speak_the_language_of_the_last_accepted_page) {
  auto verify = operation_of(alice.account, Kind::verify);
  verify.language = text::Language::german;
  verify.event.code = code_of(world.code(alice, 1));
  EXPECT_EQ(world.run(verify).verdict, Verdict::accepted);
  auto reset = operation_of(alice.account, Kind::operator_reset);
  reset.event.replace = true;
  world.run(reset);
  const auto german = last();
  world.run(reset);
  EXPECT_EQ(last().subject, german.subject);
  World other("memory");
  const auto bob = other.enroll("alice", first);
  other.run(reset);
  EXPECT_NE(other.mails(bob.account).back().message.subject, german.subject);
}

}  // namespace

}  // namespace twinlock::service::test
