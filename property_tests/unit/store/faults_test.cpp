// SPDX-License-Identifier: Apache-2.0
// The memory store fails as it was told to. Other tests rely on that.
#include "adapters/memory_store/memory_store.hpp"
#include "property_tests/unit/store/support.hpp"

namespace twinlock::store {

TEST(MemoryStoreFaults, loads_fail_as_often_as_told) {
  MemoryStore store;
  store.fail_loads(2, StoreErrorKind::corrupt);
  EXPECT_EQ(store.load(account("ann")).error().kind, StoreErrorKind::corrupt);
  EXPECT_FALSE(store.load(account("ann")));
  EXPECT_TRUE(store.load(account("ann")));
}

TEST(MemoryStoreFaults, a_commit_fails_before_it_took_effect) {
  MemoryStore store;
  store.fail_commits(1, MemoryStore::When::before, StoreErrorKind::full);
  EXPECT_EQ(commit_one(store, change("ann", 0)).error().kind, StoreErrorKind::full);
  EXPECT_EQ(version_of(store, "ann"), 0u);
  EXPECT_EQ(said(commit_one(store, change("ann", 0))), "done");
}

TEST(MemoryStoreFaults, a_commit_fails_after_it_took_effect) {
  MemoryStore store;
  store.fail_commits(1, MemoryStore::When::after);
  EXPECT_FALSE(store.ready());
  EXPECT_FALSE(commit_one(store, change("ann", 0)));
  EXPECT_EQ(version_of(store, "ann"), 1u);
  EXPECT_EQ(said(commit_one(store, change("ann", 0))), "conflict");
  EXPECT_EQ(store.commits(), 2u);
}

TEST(MemoryStoreFaults, changes_are_lost_as_often_as_told) {
  MemoryStore store;
  store.lose_changes(2);
  EXPECT_EQ(said(commit_one(store, change("ann", 0))), "conflict");
  EXPECT_EQ(said(commit_one(store, change("ann", 0))), "conflict");
  EXPECT_EQ(said(commit_one(store, change("ann", 0))), "done");
}

TEST(MemoryStoreFaults, a_broken_store_fails_in_every_method_until_it_is_mended) {
  MemoryStore store;
  store.break_down(StoreErrorKind::unavailable);
  EXPECT_FALSE(store.load(account("ann")));
  EXPECT_FALSE(commit_one(store, change("ann", 0)));
  EXPECT_FALSE(store.scan("", 1));
  EXPECT_FALSE(store.audit_read(account("ann"), 0, 1));
  Places room = places(1);
  EXPECT_FALSE(store.outbox_lease(1, 1, room));
  EXPECT_FALSE(store.outbox_done(mail_id(1)));
  EXPECT_FALSE(store.outbox_retry(mail_id(1), 1, ""));
  EXPECT_FALSE(store.outbox_counts());
  EXPECT_FALSE(store.outbox_list(1));
  EXPECT_FALSE(store.ready());
  EXPECT_FALSE(store.check());
  store.break_down(std::nullopt);
  EXPECT_EQ(version_of(store, "ann"), 0u);
}

TEST(MemoryStoreFaults, rows_and_entries_can_be_replaced) {
  MemoryStore store;
  ASSERT_EQ(said(commit_one(store, change("ann", 0))), "done");
  store.replace_audit(account("ann"), {});
  EXPECT_TRUE(sequences(store, "ann").empty());
  store.replace_row(account("ann"), Row{9, {1}});
  EXPECT_EQ(version_of(store, "ann"), 9u);
  store.replace_row(account("ann"), std::nullopt);
  EXPECT_EQ(version_of(store, "ann"), 0u);
}

}  // namespace twinlock::store
