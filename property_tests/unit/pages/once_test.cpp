// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/once.hpp"

#include <gtest/gtest.h>

namespace twinlock::pages {
namespace {

struct Kept final : fastcgi::Reply::Sink {
  std::vector<std::string>* out;
  explicit Kept(std::vector<std::string>& where) : out(&where) {}
  void deliver(fastcgi::EncodedResponse answer) override { out->push_back(std::move(answer.body)); }
};

class OnceTest : public testing::Test {
 protected:
  using Standing = Once::Standing;
  Once once;
  std::vector<std::string> answers;
  Once::Key key{{1}};
  Once::Key reader{{2}};
  Once::Key other_reader{{3}};

  Standing enter(Seconds now, const Once::Key& who) {
    return once.enter(key, who, now, fastcgi::Reply(std::make_shared<Kept>(answers))).standing;
  }
};

TEST_F(OnceTest, TheSecondGetsTheFirstOnesAnswer) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken);
  EXPECT_TRUE(answers.empty());
  once.finish(key, {"", "one"}, Once::Keep::for_all, 100);
  EXPECT_EQ(answers, std::vector<std::string>{"one"});
  EXPECT_EQ(enter(100 + once_s_max - 1, other_reader), Standing::taken);
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(enter(100 + once_s_max, reader), Standing::first);
}

TEST_F(OnceTest, AFailureIsNotKept) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::taken);
  once.finish(key, {"", "503"}, Once::Keep::not_at_all, 100);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(enter(100, reader), Standing::first);
}

TEST_F(OnceTest, ASecretIsForItsFirstReaderOnly) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  once.finish(key, {"", "secret"}, Once::Keep::for_reader, 100);
  EXPECT_EQ(enter(101, reader), Standing::taken);
  EXPECT_EQ(enter(101, other_reader), Standing::too_late);
  EXPECT_EQ(answers, std::vector<std::string>{"secret"});
}

TEST_F(OnceTest, ASecretIsKeptForADoubleClickOnly) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(105, reader), Standing::taken);
  once.finish(key, {"", "secret"}, Once::Keep::for_reader, 110);
  EXPECT_EQ(answers.size(), 1U) << "who waited gets it, however long that took";
  EXPECT_EQ(enter(110 + secret_s_max - 1, reader), Standing::taken);
  EXPECT_EQ(enter(110 + secret_s_max, reader), Standing::too_late);
  EXPECT_EQ(enter(100 + once_s_max - 1, reader), Standing::too_late) << "and is not worked on again";
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(enter(100 + once_s_max, reader), Standing::first);
}

TEST_F(OnceTest, PurgeWipesASecretThatNobodyAsksFor) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  once.finish(key, {"", "secret"}, Once::Keep::for_reader, 100);
  once.purge(100 + secret_s_max);
  EXPECT_EQ(enter(101, reader), Standing::too_late) << "it is gone, whatever the clock says later";
  EXPECT_TRUE(answers.empty());
}

TEST_F(OnceTest, PurgeLeavesWhatIsBeingWorkedOn) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  once.purge(100 + once_s_max);
  EXPECT_EQ(enter(100 + once_s_max, reader), Standing::taken);
  once.finish(key, {"", "late"}, Once::Keep::for_all, 100 + once_s_max);
  EXPECT_EQ(answers, std::vector<std::string>{"late"});
}

TEST_F(OnceTest, AClockThatWentBackForgets) {
  EXPECT_EQ(enter(100, reader), Standing::first);
  once.finish(key, {"", "one"}, Once::Keep::for_all, 100);
  EXPECT_EQ(enter(99, reader), Standing::first);
}

TEST_F(OnceTest, IsBounded) {
  for (std::size_t i = 0; i < once_entries_max + 10; ++i) {
    Once::Key each{};
    each[0] = static_cast<std::uint8_t>(i);
    each[1] = static_cast<std::uint8_t>(i >> 8);
    each[2] = 1;
    EXPECT_EQ(once.enter(each, reader, 100, {}).standing, Standing::first);
  }
  key = {{200, 200, 200}};
  EXPECT_EQ(enter(100, reader), Standing::first);
  EXPECT_EQ(enter(100, reader), Standing::first) << "what does not fit is worked on twice";
}

}  // namespace
}  // namespace twinlock::pages
