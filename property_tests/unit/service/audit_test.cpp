// SPDX-License-Identifier: Apache-2.0
// The audit chain: one entry for each changed record, and an entry removed, changed or reordered shows.
#include "adapters/service/audit.hpp"

#include <simdjson.h>

#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Audit : public OverStore {
 protected:
  Person alice = world.enroll("alice", "alice@example.org");

  std::string finding() {
    const auto found = verify_audit(world.store(), world.keys(), alice.account);
    EXPECT_TRUE(found);
    return found && *found ? **found : "sound";
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, Audit, testing::Values("memory", "sqlite"), store_name);

TEST_P(Audit, every_change_appends_exactly_one_entry) {
  for (int i = 0; i < 300; ++i) {
    world.pass_time(30);
    world.verify(alice, i % 3 == 0 ? world.wrong_code(alice) : world.code(alice));
  }
  EXPECT_EQ(world.audit(alice.account).size(), world.version(alice.account));
  EXPECT_EQ(finding(), "sound");  // over more than one page
}

TEST_P(Audit, an_account_without_history_is_sound) {
  const auto found = verify_audit(world.store(), world.keys(), account_of("nobody"));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST_P(Audit, entries_say_who_when_and_what) {
  auto reset = operation_of(alice.account, Kind::operator_reset);
  reset.operator_name = "eve \"the\" admin";
  reset.reason = "lost\nphone \\ \xFF \xC3\xA9";
  world.run(reset);
  simdjson::dom::parser parser;
  const auto body = world.audit(alice.account).back();
  const auto entry = parser.parse(body);
  EXPECT_EQ(std::uint64_t(entry["time"]), world.environment().now);
  const std::pair<const char*, std::string_view> expected[] = {{"event", "operator_reset"},
                                                               {"verdict", "accepted"},
                                                               {"before", "on"},
                                                               {"after", "off"},
                                                               {"source", "192.0.2.7"},
                                                               {"operator", "eve \"the\" admin"},
                                                               {"notice", "reset"},
                                                               {"reason", "lost?phone \\ ? \xC3\xA9"}};
  for (const auto& [key, value] : expected) EXPECT_EQ(std::string_view(entry[key]), value);
}

TEST_P(Audit, entries_stay_bounded_whatever_they_tell) {
  auto unlock = operation_of(alice.account, Kind::operator_unlock);
  unlock.operator_name = std::string(100'000, '"');
  unlock.reason = std::string(100'000, '\\');
  unlock.source_address = std::string(100'000, '"');
  EXPECT_EQ(world.run(unlock).verdict, Verdict::accepted);
  EXPECT_LT(world.audit(alice.account).back().size(), 4096U);
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(world.audit(alice.account).back()).error(), simdjson::SUCCESS);
}

class Tampered : public testing::Test {
 protected:
  Tampered() {
    for (int i = 0; i < 5; ++i) {
      world.pass_time(30);
      world.verify(alice, world.code(alice));
    }
    entries = *world.store().audit_read(alice.account, 0, 100);
  }
  std::string finding_with(std::vector<store::AuditEntry> changed) {
    world.memory()->replace_audit(alice.account, std::move(changed));
    const auto found = verify_audit(world.store(), world.keys(), alice.account);
    EXPECT_TRUE(found);
    return found && *found ? **found : "sound";
  }

  World world{"memory"};
  Person alice = world.enroll("alice", "alice@example.org");
  std::vector<store::AuditEntry> entries;
};

TEST_F(Tampered, untouched_is_sound) { EXPECT_EQ(finding_with(entries), "sound"); }

TEST_F(Tampered, every_changed_byte_shows) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto changed = entries;
    changed[i].body[10] = static_cast<char>(changed[i].body[10] ^ 1);
    EXPECT_NE(finding_with(changed), "sound");
    changed[i].hash = audit_hash(i == 0 ? store::Digest{} : changed[i - 1].hash, i + 1, changed[i].body);
    EXPECT_NE(finding_with(changed), "sound");  // its hash made to fit, the next one's does not
  }
}

TEST_F(Tampered, a_chain_hashed_anew_does_not_end_in_the_record) {
  auto changed = entries;
  changed[2].body[10] = static_cast<char>(changed[2].body[10] ^ 1);
  store::Digest head{};
  for (auto& entry : changed) head = entry.hash = audit_hash(head, entry.sequence, entry.body);
  EXPECT_EQ(finding_with(changed), "the chain does not end in the account's record");
}

TEST_F(Tampered, every_removed_entry_shows) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto changed = entries;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(finding_with(changed), "sound") << i;
    for (std::size_t k = i; k < changed.size(); ++k) --changed[k].sequence;
    EXPECT_NE(finding_with(changed), "sound") << i;
  }
  EXPECT_NE(finding_with({}), "sound");
}

TEST_F(Tampered, a_reordered_or_added_entry_shows) {
  auto changed = entries;
  std::swap(changed[1], changed[2]);
  EXPECT_NE(finding_with(changed), "sound");
  std::swap(changed[1].sequence, changed[2].sequence);
  EXPECT_NE(finding_with(changed), "sound");
  changed = entries;
  const auto last = changed.back();
  changed.push_back({last.sequence + 1, "{}", audit_hash(last.hash, last.sequence + 1, "{}")});
  EXPECT_EQ(finding_with(changed),
            "entry " + std::to_string(last.sequence + 1) + " is not vouched for by the account's record");
}

TEST_F(Tampered, a_record_that_does_not_open_is_no_sound_chain) {
  auto row = **world.store().load(alice.account);
  row.sealed.back() ^= 1;
  world.memory()->replace_row(alice.account, row);
  EXPECT_EQ(verify_audit(world.store(), world.keys(), alice.account).error(), Failure::sealed);
}

}  // namespace

}  // namespace twinlock::service::test
