// SPDX-License-Identifier: Apache-2.0
// The fixture of the service's tests: every test runs over the memory store and over SQLite.
#pragma once

#include <gtest/gtest.h>

#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

class OverStore : public testing::TestWithParam<const char*> {
 protected:
  OverStore() : world(GetParam()) {}
  World world;
};

inline std::string store_name(const testing::TestParamInfo<const char*>& info) { return info.param; }

inline bool same(const Token& a, const Token& b) {
  return std::equal(std::begin(a.b), std::end(a.b), std::begin(b.b));
}

// What persons do, over each store.
class Persons : public OverStore {
 protected:
  Token begin(const Account& account) {
    return world.run(operation_of(account, Kind::begin_enrollment)).enrollment_id.value();
  }
  // Asks for a recovery; returns the asker secret.
  Token ask(const Person& person) {
    auto operation = operation_of(person.account, Kind::request_recovery);
    operation.event.recovery_code = person.recovery_code;
    const auto answer = world.run(operation);
    EXPECT_EQ(answer.verdict, Verdict::accepted);
    EXPECT_EQ(answer.view.state, State::recovering);
    return answer.asker.value_or(Token{});
  }
  Token newest_link(const Person& person) {
    const auto mails = world.mails(person.account);
    const auto link = link_in(mails.back().message);
    EXPECT_TRUE(link);
    EXPECT_EQ(mails.back().not_after, world.environment().now + recovery_s_max);
    return link ? link->link : Token{};
  }
  Decision by_ticket(const Person& person, const Token& ticket, std::string_view digits) {
    auto operation = operation_of(person.account, Kind::verify);
    operation.event.code = code_of(digits);
    operation.event.ticket = ticket;
    return world.run(operation);
  }
  Operation confirm_recovery(const Person& person, const Token& link) {
    auto operation = operation_of(person.account, Kind::confirm_recovery);
    operation.event.link = link;
    return operation;
  }
};

}  // namespace twinlock::service::test
