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
  SubmittedForms::Key person{{4}};
  SubmittedForms::Key reader{{2}};
  SubmittedForms::Key other_reader{{3}};

  Standing enter(Seconds now, const SubmittedForms::Key& who) {
    return submitted.enter({key, person, who}, now, fastcgi::Reply(std::make_shared<Kept>(answers))).standing;
  }
  // The i-th form of somebody, answered at once unless `working`.
  Standing send(std::size_t i, const SubmittedForms::Key& who, bool working = false) {
    SubmittedForms::Key each{who};
    each[1] = static_cast<std::uint8_t>(i);
    each[2] = static_cast<std::uint8_t>(i >> 8);
    each[3] = 1;
    const auto standing =
        submitted.enter({each, who, reader}, 100, fastcgi::Reply(std::make_shared<Kept>(answers))).standing;
    if (!working) submitted.finish(each, {"", "answer"}, SubmittedForms::Keep::for_all, 100);
    return standing;
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

TEST_F(SubmittedFormsTest, OnePersonsFormsEndNobodyElsesProtection) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.finish(key, {"", "one"}, SubmittedForms::Keep::for_all, 100);
  for (std::size_t i = 0; i < submitted_entries_max + 10; ++i)
    EXPECT_EQ(send(i, SubmittedForms::Key{{9}}), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken) << "what was sent before is remembered";
  key = {{200}};
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken) << "and so is what comes after";
  EXPECT_EQ(send(submitted_entries_max + 9, SubmittedForms::Key{{9}}), Standing::taken) << "their own newest";
  EXPECT_EQ(send(0, SubmittedForms::Key{{9}}), Standing::first) << "their own oldest gave way";
}

TEST_F(SubmittedFormsTest, ManyPeoplesFormsPushOutTheOldestOnly) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  submitted.finish(key, {"", "one"}, SubmittedForms::Keep::for_all, 100);
  for (std::size_t i = 0; i + 1 < submitted_entries_max; ++i)
    EXPECT_EQ(send(i % 8, SubmittedForms::Key{{static_cast<std::uint8_t>(i / 8 + 10), 0, 0, 0,
                                               static_cast<std::uint8_t>(i / 8 >> 8)}}),
              Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken) << "there was room for all of them";
  EXPECT_EQ(send(0, SubmittedForms::Key{{5}}), Standing::first);
  EXPECT_EQ(send(0, SubmittedForms::Key{{5}}), Standing::taken) << "one more is remembered";
  EXPECT_EQ(enter(100, reader), Standing::first) << "the oldest gave way";
}

TEST_F(SubmittedFormsTest, IsBoundedWhileAllAreBeingWorkedOn) {
  for (std::size_t i = 0; i < submitted_person_max; ++i) EXPECT_EQ(send(i, person, true), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::first) << "what does not fit is worked on twice";
  EXPECT_EQ(send(0, person, true), Standing::taken) << "and nobody who waits is forgotten";
}

}  // namespace
}  // namespace twinlock::pages
