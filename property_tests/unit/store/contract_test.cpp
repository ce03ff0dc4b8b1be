// SPDX-License-Identifier: Apache-2.0
// The contract of the port for rows and audit entries: every store passes it.
#include "property_tests/unit/store/contract_test.hpp"

namespace twinlock::store {

INSTANTIATE_TEST_SUITE_P(Stores, Contract, testing::Values("memory", "sqlite"), contract_name);

TEST_P(Contract, absent_is_read_as_absent) { EXPECT_EQ(version_of(*store_, "ann"), 0u); }

TEST_P(Contract, swaps_in_versions) {
  EXPECT_EQ(said(commit_one(*store_, change("ann", 1))), "conflict");
  EXPECT_EQ(said(commit_one(*store_, change("ann", 0))), "done");
  EXPECT_EQ(said(commit_one(*store_, change("ann", 0))), "conflict");
  EXPECT_EQ(said(commit_one(*store_, change("ann", 2))), "conflict");
  EXPECT_EQ(said(commit_one(*store_, change("ann", 1))), "done");
  EXPECT_EQ(said(commit_one(*store_, change("ann", ~Version{0}))), "conflict");
  EXPECT_EQ(version_of(*store_, "ann"), 2u);
}

TEST_P(Contract, a_row_comes_back_as_it_was_written) {
  Change every_byte = change("ann", 0);
  every_byte.sealed.clear();
  for (int byte = 0; byte < 256; ++byte) every_byte.sealed.push_back(static_cast<std::uint8_t>(byte));
  ASSERT_EQ(said(commit_one(*store_, every_byte)), "done");
  EXPECT_EQ(store_->load(account("ann")).value()->sealed, every_byte.sealed);
  Change largest = change("ann", 1);
  largest.sealed.assign(4096, 0xA5);
  ASSERT_EQ(said(commit_one(*store_, largest)), "done");
  EXPECT_EQ(store_->load(account("ann")).value()->sealed, largest.sealed);
}

TEST_P(Contract, an_empty_row_is_a_row) {
  Change empty = change("ann", 0);
  empty.sealed.clear();
  ASSERT_EQ(said(commit_one(*store_, empty)), "done");
  EXPECT_EQ(version_of(*store_, "ann"), 1u);
}

TEST_P(Contract, a_conflict_changes_nothing_and_the_rest_of_the_batch_is_stored) {
  ASSERT_EQ(said(commit_one(*store_, change("bob", 0))), "done");
  const Change batch[] = {change("cid", 0, {mail(1)}), change("bob", 0, {mail(2)}),
                          change("ann", 0, {mail(3)})};
  CommitResult results[3];
  ASSERT_TRUE(store_->commit(batch, 1000, results));
  EXPECT_EQ(results[0], CommitResult::done);
  EXPECT_EQ(results[1], CommitResult::conflict);
  EXPECT_EQ(results[2], CommitResult::done);
  EXPECT_EQ(version_of(*store_, "bob"), 1u);
  EXPECT_EQ(sequences(*store_, "bob"), one_to(1));
  EXPECT_EQ(store_->outbox_counts()->waiting, 2u);
}

TEST_P(Contract, k18_row_audit_and_mail_are_one_commit) {
  ASSERT_EQ(said(commit_one(*store_, change("ann", 0, {mail(1), mail(2)}), 777)), "done");
  EXPECT_EQ(version_of(*store_, "ann"), 1u);
  EXPECT_EQ(sequences(*store_, "ann"), one_to(1));
  EXPECT_EQ(store_->outbox_counts()->waiting, 2u);
  EXPECT_EQ(store_->outbox_counts()->oldest, 777u);
  // The second mail's id is taken: then nothing of the change, nor of its batch, may be there.
  const Change batch[] = {change("ann", 1, {mail(3), mail(2)}), change("bob", 0)};
  CommitResult results[2];
  const auto refused = store_->commit(batch, 1000, results);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreErrorKind::unsupported);
  EXPECT_EQ(version_of(*store_, "ann"), 1u);
  EXPECT_EQ(version_of(*store_, "bob"), 0u);
  EXPECT_EQ(sequences(*store_, "ann"), one_to(1));
  EXPECT_EQ(store_->outbox_counts()->waiting, 2u);
  EXPECT_EQ(said(commit_one(*store_, change("ann", 1))), "done");
}

TEST_P(Contract, refuses_what_the_port_forbids) {
  const auto kind_of = [&](std::span<const Change> changes, std::size_t results_size) {
    std::vector<CommitResult> results(results_size);
    const auto refused = store_->commit(changes, 1000, results);
    return refused ? std::optional<StoreErrorKind>() : refused.error().kind;
  };
  const Change twice[] = {change("ann", 0), change("bob", 0), change("ann", 1)};
  EXPECT_EQ(kind_of(twice, 3), StoreErrorKind::unsupported);
  const Change one[] = {change("ann", 0)};
  EXPECT_EQ(kind_of(one, 2), StoreErrorKind::unsupported);
  Change large[] = {change("ann", 0)};
  large[0].sealed.resize(4097);
  EXPECT_EQ(kind_of(large, 1), StoreErrorKind::unsupported);
  EXPECT_EQ(version_of(*store_, "ann"), 0u);
  EXPECT_EQ(kind_of({}, 0), std::nullopt);
}

TEST_P(Contract, accounts_are_bytes) {
  const std::vector<std::string> names = {"ann",
                                          "Ann",
                                          "ann ",
                                          " ann",
                                          "a%",
                                          "'; DROP TABLE",
                                          "\x80\xFF",
                                          "\xC3\xA9",
                                          "e\xCC\x81",
                                          "\xFE",
                                          "1",
                                          "01",
                                          "1.0",
                                          std::string(128, '\xFF'),
                                          std::string(127, '\xFF')};
  for (std::size_t i = 0; i < names.size(); ++i) {
    Change written = change(names[i], 0);
    written.sealed = {static_cast<std::uint8_t>(i)};
    ASSERT_EQ(said(commit_one(*store_, written)), "done") << i;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto row = store_->load(account(names[i]));
    ASSERT_TRUE(row && *row) << i;
    EXPECT_EQ((*row)->sealed, Bytes{static_cast<std::uint8_t>(i)});
  }
  EXPECT_EQ(store_->scan("", 100)->size(), names.size());
}

TEST_P(Contract, scans_in_byte_order_page_by_page) {
  const std::vector<std::string> sorted = {" ", "A", "a", "aa", "ab", "b", "z", "\x80", "\xFF", "\xFF\xFF"};
  for (auto name = sorted.rbegin(); name != sorted.rend(); ++name)
    ASSERT_EQ(said(commit_one(*store_, change(*name, 0))), "done");
  std::vector<std::string> seen;
  for (std::string after;;) {
    const auto page = store_->scan(after, 3);
    ASSERT_TRUE(page);
    for (const auto& row : *page) {
      seen.push_back(row.account.bytes());
      EXPECT_EQ(row.row.version, 1u);
      EXPECT_EQ(row.row.sealed, Bytes(240, 1));
    }
    if (page->size() < 3) break;
    after = seen.back();
  }
  EXPECT_EQ(seen, sorted);
  EXPECT_TRUE(store_->scan("", 0)->empty());
}

TEST_P(Contract, audit_entries_come_back_oldest_first) {
  for (Version version = 0; version < 10; ++version) {
    ASSERT_EQ(said(commit_one(*store_, change("ann", version))), "done");
    ASSERT_EQ(said(commit_one(*store_, change("bob", version))), "done");
  }
  EXPECT_EQ(sequences(*store_, "ann"), one_to(10));
  EXPECT_EQ(sequences(*store_, "bob"), one_to(10));
  EXPECT_EQ(sequences(*store_, "ann", 0, 3), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(sequences(*store_, "ann", 3, 3), (std::vector<std::uint64_t>{4, 5, 6}));
  EXPECT_EQ(sequences(*store_, "ann", 8), (std::vector<std::uint64_t>{9, 10}));
  EXPECT_TRUE(sequences(*store_, "ann", 10).empty());
  EXPECT_TRUE(sequences(*store_, "cid").empty());
  const auto fourth = store_->audit_read(account("ann"), 3, 1);
  ASSERT_TRUE(fourth && fourth->size() == 1);
  EXPECT_EQ(fourth->front().body, "{\"v\":4}");
  Digest hash;
  hash.fill(4);
  EXPECT_EQ(fourth->front().hash, hash);
}

TEST_P(Contract, is_ready_and_sound) {
  ASSERT_EQ(said(commit_one(*store_, change("ann", 0))), "done");
  EXPECT_TRUE(store_->ready());
  const auto checked = store_->check();
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_NE(checked->find("1 accounts"), std::string::npos) << *checked;
  EXPECT_EQ(checked->find('\n'), std::string::npos);
}

}  // namespace twinlock::store
