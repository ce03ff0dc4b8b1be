// SPDX-License-Identifier: Apache-2.0
// The contract of the port for the table `spelling`: every store passes it.
#include "property_tests/unit/store/contract_test.hpp"

namespace twinlock::store {

namespace {

constexpr const char* edition = "1 15.0.0 2.8.0";

Change taking(std::string_view name, Version expected, std::string fold, std::string from, std::string to,
              std::vector<SealedMail> mails = {}) {
  Change out = change(name, expected, std::move(mails));
  out.spelling = SpellingSwap{std::move(fold), edition, std::move(from), std::move(to)};
  return out;
}

std::string body_of(Store& store, std::string_view fold) {
  const auto body = store.spelling(fold, edition);
  return body ? *body : body.error().message;
}

}  // namespace

TEST_P(Contract, k18_row_and_spelling_are_one_commit) {
  EXPECT_EQ(body_of(*store_, "demo"), "");
  ASSERT_EQ(said(commit_one(*store_, taking("demo", 0, "demo", "", "h"))), "done");
  EXPECT_EQ(body_of(*store_, "demo"), "h");
  // A wrong version leaves the spelling, a wrong spelling the row, its audit and its mail.
  EXPECT_EQ(said(commit_one(*store_, taking("demo", 0, "demo", "h", "x"))), "conflict");
  EXPECT_EQ(said(commit_one(*store_, taking("demo", 1, "demo", "", "x", {mail(1)}))), "conflict");
  EXPECT_EQ(said(commit_one(*store_, taking("Demo", 0, "demo", "", "x"))), "conflict");
  EXPECT_EQ(version_of(*store_, "demo"), 1u);
  EXPECT_EQ(version_of(*store_, "Demo"), 0u);
  EXPECT_EQ(sequences(*store_, "demo"), one_to(1));
  EXPECT_EQ(store_->outbox_counts()->waiting, 0u);
  EXPECT_EQ(body_of(*store_, "demo"), "h");
  ASSERT_EQ(said(commit_one(*store_, taking("demo", 1, "demo", "h", ""))), "done");
  EXPECT_EQ(body_of(*store_, "demo"), "");
  EXPECT_TRUE(store_->spelling_scan("", 10)->empty());
}

TEST_P(Contract, of_two_spellings_in_one_batch_one_takes_it) {
  const Change batch[] = {taking("DEMO", 0, "demo", "", "upper"), taking("demo", 0, "demo", "", "lower")};
  CommitResult results[2];
  ASSERT_TRUE(store_->commit(batch, 1000, results));
  EXPECT_EQ(results[0], CommitResult::done);
  EXPECT_EQ(results[1], CommitResult::conflict);
  EXPECT_EQ(body_of(*store_, "demo"), "upper");
  EXPECT_EQ(version_of(*store_, "demo"), 0u);
}

TEST_P(Contract, a_batch_that_fails_leaves_the_spellings) {
  ASSERT_EQ(said(commit_one(*store_, change("bob", 0, {mail(1)}))), "done");
  const Change batch[] = {taking("ann", 0, "ann", "", "h"), change("bob", 1, {mail(1)})};
  CommitResult results[2];
  ASSERT_FALSE(store_->commit(batch, 1000, results));
  EXPECT_EQ(body_of(*store_, "ann"), "");
}

TEST_P(Contract, spellings_are_scanned_in_byte_order) {
  for (const char* fold : {"b", " ", "a", "\xFF"})
    ASSERT_EQ(said(commit_one(*store_, taking(fold, 0, fold, "", fold))), "done");
  const auto first = store_->spelling_scan("", 2);
  ASSERT_TRUE(first && first->size() == 2);
  EXPECT_EQ((*first)[0].fold, " ");
  EXPECT_EQ((*first)[1].body, "a");
  const auto rest = store_->spelling_scan("a", 10);
  ASSERT_TRUE(rest && rest->size() == 2);
  EXPECT_EQ((*rest)[1].fold, "\xFF");
}

TEST_P(Contract, keys_of_another_edition_are_refused) {
  ASSERT_EQ(store_->spelling_edition(), std::string());
  ASSERT_EQ(said(commit_one(*store_, taking("demo", 0, "demo", "", "h"))), "done");
  EXPECT_EQ(store_->spelling_edition(), std::string(edition));
  const auto read = store_->spelling("demo", "1 16.0.0 2.9.0");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, StoreErrorKind::unsupported);
  EXPECT_NE(read.error().message.find("restart twinlockd"), std::string::npos);
  Change other = taking("bob", 0, "bob", "", "h");
  other.spelling->edition = "1 16.0.0 2.9.0";
  EXPECT_FALSE(commit_one(*store_, other));
  EXPECT_EQ(version_of(*store_, "bob"), 0u);
}

TEST_P(Contract, respelling_replaces_all_rows_once) {
  ASSERT_EQ(said(commit_one(*store_, taking("demo", 0, "demo", "", "h"))), "done");
  ASSERT_EQ(said(commit_one(*store_, taking("ann", 0, "ann", "", "i"))), "done");
  const auto anew = [](const std::vector<SpellingRow>& rows) {
    std::vector<SpellingRow> out = rows;
    for (auto& row : out) row.fold += "2";
    return out;
  };
  EXPECT_EQ(store_->respell("other", "new", anew), false);
  EXPECT_EQ(body_of(*store_, "demo"), "h");
  EXPECT_EQ(store_->respell(edition, "new", [](const auto&) { return std::nullopt; }), false);
  EXPECT_EQ(body_of(*store_, "demo"), "h");
  EXPECT_EQ(store_->respell(edition, "new", anew), true);
  EXPECT_EQ(store_->spelling_edition(), std::string("new"));
  EXPECT_EQ(store_->respell(edition, "new", anew), false);
  EXPECT_EQ(*store_->spelling("demo2", "new"), "h");
  EXPECT_EQ(*store_->spelling("ann2", "new"), "i");
  EXPECT_EQ(*store_->spelling("demo", "new"), "");
  EXPECT_EQ(store_->spelling_scan("", 10)->size(), 2u);
}

TEST_P(Contract, a_spelling_over_a_bound_is_refused) {
  for (const auto& [fold, body] :
       {std::pair(std::string(), std::string("h")), std::pair(std::string(4097, 'a'), std::string("h")),
        std::pair(std::string("a"), std::string(16385, 'h'))}) {
    const auto refused = commit_one(*store_, taking("ann", 0, fold, "", body));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreErrorKind::unsupported);
  }
  EXPECT_EQ(version_of(*store_, "ann"), 0u);
}

}  // namespace twinlock::store
