// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/submitted_forms.hpp"

#include <gtest/gtest.h>

namespace twinlock::pages {
namespace {

struct Kept final : fastcgi::Reply::Sink {
  std::vector<std::string>* out;
  explicit Kept(std::vector<std::string>& where) : out(&where) {}
  void deliver(fastcgi::EncodedResponse answer) override { out->push_back(std::move(answer.body)); }
};

class SubmittedFormsTest : public testing::Test {
 protected:
  using Standing = SubmittedForms::Standing;
  SubmittedForms submitted;
  std::vector<std::string> answers;
  SubmittedForms::Key key{{1}};
  SubmittedForms::Key reader{{2}};
  SubmittedForms::Key other_reader{{3}};

  Standing enter(Seconds now, const SubmittedForms::Key& who) {
    return submitted.enter(key, who, now, fastcgi::Reply(std::make_shared<Kept>(answers))).standing;
  }
};

TEST_F(SubmittedFormsTest, TheSecondGetsTheFirstOnesAnswer) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken);
  EXPECT_TRUE(answers.empty());
  submitted.finish(key, {"", "one"}, SubmittedForms::Keep::for_all, 100);
  EXPECT_EQ(answers, std::vector<std::string>{"one"});
  EXPECT_EQ(enter(100 + submitted_s_max - 1, other_reader), Standing::taken);
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(enter(100 + submitted_s_max, reader), Standing::first);
}

TEST_F(SubmittedFormsTest, AFailureIsNotKept) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken);
  submitted.finish(key, {"", "503"}, SubmittedForms::Keep::not_at_all, 100);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(enter(100, reader), Standing::first);
}

TEST_F(SubmittedFormsTest, ASecretIsForItsFirstReaderOnly) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.finish(key, {"", "secret"}, SubmittedForms::Keep::for_reader, 100);
  EXPECT_EQ(enter(101, reader), Standing::taken);
  EXPECT_EQ(enter(101, other_reader), Standing::too_late);
  EXPECT_EQ(answers, std::vector<std::string>{"secret"});
}

TEST_F(SubmittedFormsTest, ASecretIsKeptForADoubleClickOnly) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(105, reader), Standing::taken);
  submitted.finish(key, {"", "secret"}, SubmittedForms::Keep::for_reader, 110);
  EXPECT_EQ(answers.size(), 1U) << "who waited gets it, however long that took";
  EXPECT_EQ(enter(110 + secret_s_max - 1, reader), Standing::taken);
  EXPECT_EQ(enter(110 + secret_s_max, reader), Standing::too_late);
  EXPECT_EQ(enter(100 + submitted_s_max - 1, reader), Standing::too_late) << "and is not worked on again";
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(enter(100 + submitted_s_max, reader), Standing::first);
}

TEST_F(SubmittedFormsTest, PurgeWipesASecretThatNobodyAsksFor) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.finish(key, {"", "secret"}, SubmittedForms::Keep::for_reader, 100);
  submitted.purge(100 + secret_s_max);
  EXPECT_EQ(enter(101, reader), Standing::too_late) << "it is gone, whatever the clock says later";
  EXPECT_TRUE(answers.empty());
}

TEST_F(SubmittedFormsTest, PurgeLeavesWhatIsBeingWorkedOn) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.purge(100 + submitted_s_max);
  EXPECT_EQ(enter(100 + submitted_s_max, reader), Standing::taken);
  submitted.finish(key, {"", "late"}, SubmittedForms::Keep::for_all, 100 + submitted_s_max);
  EXPECT_EQ(answers, std::vector<std::string>{"late"});
}

TEST_F(SubmittedFormsTest, AClockThatWentBackForgets) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.finish(key, {"", "one"}, SubmittedForms::Keep::for_all, 100);
  EXPECT_EQ(enter(99, reader), Standing::first);
}

TEST_F(SubmittedFormsTest, IsBounded) {
  for (std::size_t i = 0; i < submitted_entries_max + 10; ++i) {
    SubmittedForms::Key each{};
    each[0] = static_cast<std::uint8_t>(i);
    each[1] = static_cast<std::uint8_t>(i >> 8);
    each[2] = 1;
    EXPECT_EQ(submitted.enter(each, reader, 100, {}).standing, Standing::first);
  }
  key = {{200, 200, 200}};
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::first) << "what does not fit is worked on twice";
}

}  // namespace
}  // namespace twinlock::pages
