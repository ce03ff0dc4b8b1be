// SPDX-License-Identifier: Apache-2.0
// Every message in every language: what must stand in it, and what must not.
#include "adapters/mail/compose.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace twinlock::mail {
namespace {

using text::Language;

constexpr Topic topics[] = {Topic::enabled,        Topic::disabled,           Topic::recovery_code_renewed,
                            Topic::recovery_asked, Topic::recovery_confirmed, Topic::recovery_cancelled,
                            Topic::reset,          Topic::address_changed,    Topic::ten_failures,
                            Topic::locked};
constexpr Language languages[] = {Language::english, Language::german};
constexpr const char* link = "https://example.org/2fa/recover/confirm?token=c2VjcmV0";

Facts facts_of(Topic topic, Language language) {
  Facts facts;
  facts.topic = topic;
  facts.language = language;
  facts.to = "alice@example.org";
  facts.account = "alice-7";
  facts.issuer = "Exemplarium";
  facts.time = 1795492882;
  facts.source_address = "203.0.113.7";
  facts.contact = "help@example.org";
  facts.link = link;
  facts.new_address = "b***@n***.org";
  return facts;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class EveryMessage : public testing::TestWithParam<std::tuple<Topic, Language>> {
 protected:
  Facts facts = facts_of(std::get<0>(GetParam()), std::get<1>(GetParam()));
};

TEST_P(EveryMessage, says_what_when_where_and_whom_to_tell) {
  const Message message = compose(facts);
  EXPECT_EQ(message.to, facts.to);
  EXPECT_TRUE(has(message.subject, "Exemplarium")) << message.subject;
  for (const char* part :
       {"alice-7", "2026-11-24 04:01:22 UTC", "203.0.113.7", "help@example.org", "Exemplarium"}) {
    EXPECT_TRUE(has(message.text, part)) << part << "\n" << message.text;
  }
}

TEST_P(EveryMessage, holds_the_link_and_the_new_address_only_where_they_belong) {
  const Message message = compose(facts);
  EXPECT_EQ(has(message.text, std::string("\n\n") + link + "\n\n"), facts.topic == Topic::recovery_asked);
  EXPECT_EQ(has(message.text, "token="), facts.topic == Topic::recovery_asked);
  EXPECT_EQ(has(message.text, "b***@n***.org"), facts.topic == Topic::address_changed);
  EXPECT_EQ(has(message.text, "10 minutes") || has(message.text, "10 Minuten"),
            facts.topic == Topic::recovery_asked);
  EXPECT_FALSE(has(message.subject, "token="));
}

TEST_P(EveryMessage, is_well_set) {
  const Message message = compose(facts);
  std::string line;
  for (const char c : message.text) {
    if (c != '\n') {
      line += c;
      continue;
    }
    EXPECT_TRUE(line.size() <= 90 || line == link) << line;
    EXPECT_TRUE(line == "-- " || line.empty() || line.back() != ' ') << line;
    line.clear();
  }
  EXPECT_TRUE(line.empty()) << "the last line must end";
  EXPECT_EQ(message.text.find_first_of("{}"), std::string::npos) << message.text;
  EXPECT_EQ(message.text.find("\n\n\n"), std::string::npos) << message.text;
  EXPECT_EQ(message.subject.find_first_of("{}\n"), std::string::npos);
}

TEST_P(EveryMessage, leaves_out_an_unknown_address_and_names_somebody_without_a_contact) {
  facts.source_address.clear();
  facts.contact.clear();
  const Message message = compose(facts);
  EXPECT_FALSE(has(message.text, "From address"));
  EXPECT_FALSE(has(message.text, "Von Adresse"));
  EXPECT_EQ(message.text.find_first_of("{}"), std::string::npos) << message.text;
}

TEST_P(EveryMessage, cannot_be_injected_into) {
  const std::string nasty = "x\r\nBcc: eve@example.net\r\n\r\n{link}{contact}\xFF\xE2\x80\xAE";
  facts.account = facts.issuer = facts.source_address = facts.contact = facts.new_address = nasty;
  facts.to = "alice@example.org\r\nBcc: eve@example.net";
  const Message message = compose(facts);
  EXPECT_EQ(message.to, "");
  EXPECT_EQ(message.subject.find_first_of("\r\n"), std::string::npos);
  EXPECT_FALSE(has(message.text, "\r"));
  EXPECT_FALSE(has(message.text, "\n\nBcc")) << "a blank may become a line's end, never a paragraph's";
  EXPECT_FALSE(has(message.text, "\xE2\x80\xAE"));
  EXPECT_EQ(has(message.text, "token="), facts.topic == Topic::recovery_asked);
}

INSTANTIATE_TEST_SUITE_P(Compose, EveryMessage,
                         testing::Combine(testing::ValuesIn(topics), testing::ValuesIn(languages)));

RC_GTEST_PROP(Compose, any_facts_give_lines_that_mail_allows, ()) {
  const auto any = [] { return *rc::gen::container<std::string>(rc::gen::arbitrary<char>()); };
  Facts facts;
  facts.topic = *rc::gen::elementOf(std::vector<Topic>(std::begin(topics), std::end(topics)));
  facts.language = *rc::gen::elementOf(std::vector<Language>(std::begin(languages), std::end(languages)));
  facts.account = any();
  facts.issuer = any();
  facts.contact = any() + std::string(*rc::gen::inRange<std::size_t>(0, 2000), 'c');
  facts.source_address = any();
  facts.new_address = any();
  facts.link = any();
  facts.time = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40U);
  const Message message = compose(facts);
  std::size_t length = 0;
  for (const char c : message.text) {
    length = c == '\n' ? 0 : length + 1;
    RC_ASSERT(length <= 998U);
    RC_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST(Compose, each_topic_has_a_subject_of_its_own) {
  for (const Language language : languages) {
    std::set<std::string> subjects;
    for (const Topic topic : topics) subjects.insert(compose(facts_of(topic, language)).subject);
    EXPECT_EQ(subjects.size(), std::size(topics));
  }
}

TEST(Compose, shows_utc_across_leap_days_and_centuries) {
  struct Row {
    std::uint64_t time;
    const char* shown;
  };
  for (const Row& row :
       {Row{0, "1970-01-01 00:00:00 UTC"}, Row{951782400, "2000-02-29 00:00:00 UTC"},
        Row{1709251199, "2024-02-29 23:59:59 UTC"}, Row{4107542400, "2100-03-01 00:00:00 UTC"}}) {
    Facts facts = facts_of(Topic::enabled, Language::english);
    facts.time = row.time;
    EXPECT_TRUE(has(compose(facts).text, row.shown)) << compose(facts).text;
  }
}

}  // namespace
}  // namespace twinlock::mail
