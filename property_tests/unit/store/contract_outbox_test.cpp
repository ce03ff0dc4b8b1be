// SPDX-License-Identifier: Apache-2.0
// The outbox's part of the contract that every store must pass.
#include "property_tests/unit/store/contract_test.hpp"

namespace twinlock::store {

class OutboxContract : public Contract {
 protected:
  std::vector<MailId> lease(Seconds now, Seconds lease_s, std::size_t limit = 100) {
    Places room = places(limit);
    return lease(now, lease_s, room);
  }

  std::vector<MailId> lease(Seconds now, Seconds lease_s, Places& room) {
    std::vector<MailId> ids;
    const auto mails = store_->outbox_lease(now, lease_s, room);
    if (!mails) ADD_FAILURE() << mails.error().message;
    if (mails)
      for (const auto& taken : *mails) ids.push_back(taken.id);
    return ids;
  }

  void send(std::string_view name, Seconds created, std::vector<SealedMail> mails) {
    ASSERT_EQ(said(commit_one(*store_, change(name, 0, std::move(mails)), created)), "done");
  }
};

using Ids = std::vector<MailId>;

INSTANTIATE_TEST_SUITE_P(Stores, OutboxContract, testing::Values("memory", "sqlite"), contract_name);

TEST_P(OutboxContract, is_empty_at_first) {
  EXPECT_TRUE(lease(1000, 60).empty());
  EXPECT_EQ(store_->outbox_counts()->waiting, 0u);
  EXPECT_EQ(store_->outbox_counts()->oldest, 0u);
  EXPECT_TRUE(store_->outbox_list(10)->empty());
}

TEST_P(OutboxContract, a_mail_comes_back_as_it_was_written) {
  SealedMail written{mail_id(7), 5000, true, ~Destination{0}, Bytes(3000, 0xEE)};
  send("\xFF ann", 1234, {written});
  Places room = places(10);
  const auto mails = store_->outbox_lease(2000, 60, room);
  ASSERT_TRUE(mails && mails->size() == 1);
  EXPECT_EQ(mails->front().id, written.id);
  EXPECT_EQ(mails->front().account, account("\xFF ann"));
  EXPECT_EQ(mails->front().created, 1234u);
  EXPECT_EQ(mails->front().not_after, 5000u);
  EXPECT_TRUE(mails->front().urgent);
  EXPECT_EQ(mails->front().destination, written.destination);
  EXPECT_EQ(mails->front().attempts, 0u);
  EXPECT_EQ(mails->front().reason, "");
  EXPECT_EQ(mails->front().sealed, written.sealed);
}

TEST_P(OutboxContract, oldest_first_and_each_once) {
  send("bob", 1000, {mail(1), mail(2)});
  send("ann", 1001, {mail(3)});
  EXPECT_EQ(lease(2000, 60, 2), (Ids{mail_id(1), mail_id(2)}));
  EXPECT_EQ(lease(2000, 60, 2), Ids{mail_id(3)});
  EXPECT_TRUE(lease(2000, 60).empty());
  EXPECT_EQ(store_->outbox_counts()->waiting, 3u) << "leased mail still waits";
}

TEST_P(OutboxContract, urgent_mail_goes_first) {
  send("bob", 1000, {mail(1), mail(2, true)});
  send("ann", 1001, {mail(3), mail(4, true)});
  EXPECT_EQ(lease(2000, 60, 3), (Ids{mail_id(2), mail_id(4), mail_id(1)}));
}

TEST_P(OutboxContract, what_gets_no_place_is_neither_leased_nor_an_attempt) {
  send("ann", 1000, {mail(1, false, 7), mail(2, false, 7), mail(3, false, 8), mail(4, true, 7)});
  Places room({.all = 4, .notices = 2, .one_destination = 2, .one_destination_notices = 1});
  EXPECT_EQ(lease(2000, 60, room), (Ids{mail_id(4), mail_id(1), mail_id(3)}));
  EXPECT_TRUE(room.refused());
  EXPECT_TRUE(lease(2000, 60, room).empty());
  EXPECT_TRUE(room.refused());
  EXPECT_EQ(store_->outbox_list(2)->back().attempts, 0u);
  EXPECT_EQ(lease(2000, 60), Ids{mail_id(2)});
}

TEST_P(OutboxContract, a_lease_that_ran_out_is_due_and_counts_an_attempt) {
  send("ann", 1000, {mail(1)});
  EXPECT_EQ(lease(2000, 60), Ids{mail_id(1)});
  EXPECT_TRUE(lease(2059, 60).empty());
  Places room = places(10);
  const auto again = store_->outbox_lease(2060, 60, room);
  ASSERT_TRUE(again && again->size() == 1);
  EXPECT_EQ(again->front().attempts, 1u);
}

TEST_P(OutboxContract, a_retry_waits_until_its_time) {
  send("ann", 1000, {mail(1), mail(2)});
  EXPECT_EQ(lease(2000, 60).size(), 2u);
  ASSERT_TRUE(store_->outbox_retry(mail_id(1), 9000, "the server answered 451"));
  EXPECT_EQ(lease(8999, 60), Ids{mail_id(2)});
  ASSERT_TRUE(store_->outbox_retry(mail_id(2), 8000, "")) << "sooner than the lease";
  EXPECT_EQ(lease(8999, 60), Ids{mail_id(2)});
  EXPECT_EQ(lease(9000, 60), Ids{mail_id(1)});
  EXPECT_EQ(store_->outbox_list(1)->front().attempts, 2u);
  EXPECT_EQ(store_->outbox_list(1)->front().reason, "the server answered 451");
}

TEST_P(OutboxContract, what_is_done_is_gone) {
  send("ann", 1000, {mail(1), mail(2)});
  ASSERT_TRUE(store_->outbox_done(mail_id(1)));
  ASSERT_TRUE(store_->outbox_done(mail_id(1))) << "twice is no error";
  ASSERT_TRUE(store_->outbox_retry(mail_id(1), 0, "")) << "nor is a late retry";
  EXPECT_EQ(lease(2000, 60), Ids{mail_id(2)});
  EXPECT_EQ(store_->outbox_counts()->waiting, 1u);
}

TEST_P(OutboxContract, counts_the_oldest) {
  send("ann", 5000, {mail(1)});
  send("bob", 4000, {mail(2)});
  EXPECT_EQ(store_->outbox_counts()->oldest, 4000u);
  ASSERT_TRUE(store_->outbox_done(mail_id(2)));
  EXPECT_EQ(store_->outbox_counts()->oldest, 5000u);
}

TEST_P(OutboxContract, listing_takes_no_lease) {
  send("ann", 1000, {mail(1), mail(2), mail(3)});
  EXPECT_EQ(store_->outbox_list(2)->size(), 2u);
  const auto listed = store_->outbox_list(10);
  ASSERT_TRUE(listed && listed->size() == 3);
  EXPECT_EQ((*listed)[0].id, mail_id(1));
  EXPECT_EQ((*listed)[2].attempts, 0u);
  EXPECT_EQ(lease(2000, 60).size(), 3u);
}

TEST_P(OutboxContract, extreme_times_do_not_wrap) {
  send("ann", 1000, {{mail_id(1), ~Seconds{0}, false, 0, {1}}});
  EXPECT_EQ(lease(~Seconds{0} / 4, ~Seconds{0}), Ids{mail_id(1)});
  EXPECT_TRUE(lease(~Seconds{0} / 4, 60).empty());
}

}  // namespace twinlock::store
