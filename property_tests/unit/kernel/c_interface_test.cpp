// SPDX-License-Identifier: Apache-2.0
// The C interface answers as the C++ interface does, refuses what it cannot translate, and hands out what
// each event made. (From C, from Python and installed: property_tests/unit/embedding.)
#include <gtest/gtest.h>

#include "property_tests/unit/kernel/painted_desk.hpp"

namespace twinlock::painted {
namespace {

constexpr std::uint8_t accepted = TWINLOCK_VERDICT_ACCEPTED;
constexpr std::uint8_t malformed = TWINLOCK_VERDICT_MALFORMED;

class CInterface : public testing::Test {
 protected:
  void SetUp() override {
    desk = Desk{};
    player.set(Kind::begin_enrollment, true);
    prepare();
  }

  static void prepare() {
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    copy_event();
    copy_situation();
  }

  static std::uint8_t verdict() {
    call_c_handle();
    return desk.c_outcome.verdict;
  }

  static std::uint8_t sound() {
    call_c_view();
    return desk.c_seen.sound;
  }

  Player player;
};

void expect_token(const std::uint8_t* given, const Token& expected) {
  EXPECT_EQ(std::memcmp(given, expected.b, token_bytes), 0);
}

TEST_F(CInterface, AnswersAsTheKernelDoes) {
  everywhere([] {
    prepare();
    call_handle();
    call_c_handle();
    const Outcome& o = outcome();
    const twinlock_outcome& c = desk.c_outcome;
    EXPECT_EQ(c.verdict, static_cast<std::uint8_t>(o.verdict));
    EXPECT_EQ(c.notice, static_cast<std::uint8_t>(o.notice));
    EXPECT_EQ(c.write == 1, o.write);
    EXPECT_EQ(c.by_ticket == 1, o.by_ticket);
    EXPECT_EQ(c.clock_went_back == 1, o.clock_went_back);
    EXPECT_EQ(c.decided_at, o.decided_at);
    EXPECT_EQ(c.retry_at, o.retry_at);
    EXPECT_EQ(c.step, o.step);
    Encoded next;
    ASSERT_TRUE(encode(o.record, next));
    EXPECT_EQ(std::memcmp(c.record, next.b, record_bytes), 0);
  });
}

TEST_F(CInterface, SaysThatTheClockWentBack) {
  player.send(Kind::begin_enrollment);
  player.now -= clock_skew_s_max + 1;
  player.set(Kind::set_policy, true);
  prepare();
  EXPECT_EQ(verdict(), accepted);
  EXPECT_EQ(desk.c_outcome.clock_went_back, 1);
}

TEST_F(CInterface, LooksAsTheKernelDoes) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    for (const bool required : {false, true}) {
      desk.situation.rules.required = required;
      prepare();
      desk.c_situation.rules.required = required ? 1 : 0;
      call_view();
      ASSERT_EQ(sound(), 1);
      const View& v = desk.seen;
      const twinlock_account_view& c = desk.c_seen;
      EXPECT_EQ(c.state, static_cast<std::uint8_t>(v.state));
      EXPECT_EQ(c.code_required == 1, v.code_required);
      EXPECT_EQ(c.passes_without == 1, v.passes_without);
      EXPECT_EQ(c.second_factor_required == 1, v.second_factor_required);
      EXPECT_EQ(c.enrolled_at, v.enrolled_at);
      EXPECT_EQ(c.deadline, v.deadline);
      EXPECT_EQ(c.grant_until, v.grant_until);
      EXPECT_EQ(c.ticket_until, v.ticket_until);
      const Token epoch = v.code_required ? desk.record.epoch : Token{};
      expect_token(c.epoch, epoch);
    }
  }
}

TEST_F(CInterface, SaysThatAnAccountIsLocked) {
  player.send(Kind::begin_enrollment);
  player.send(Kind::confirm_enrollment);
  player.record.throttle.failures[0] = lock_failures;
  player.set(Kind::verify, true);
  prepare();
  ASSERT_EQ(sound(), 1);
  EXPECT_EQ(desk.c_seen.locked, 1);
  EXPECT_EQ(desk.c_seen.failures, lock_failures);
  EXPECT_EQ(verdict(), TWINLOCK_VERDICT_LOCKED);
}

TEST_F(CInterface, EachFlagIsZeroOrOne) {
  std::uint8_t* const flags[] = {&desk.c_event.by_operator,
                                 &desk.c_event.replace,
                                 &desk.c_event.mailable,
                                 &desk.c_event.has_asker,
                                 &desk.c_event.has_recovery_code,
                                 &desk.c_situation.rules.required,
                                 &desk.c_situation.rules.replace_after_recovery,
                                 &desk.c_situation.rules.strict};
  for (std::uint8_t* flag : flags) {
    const bool of_rules = flag >= &desk.c_situation.rules.required;
    for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{255}}) {
      const bool good = value <= 1;
      *flag = value;
      EXPECT_EQ(verdict(), good ? accepted : malformed) << flag - flags[0];
      EXPECT_EQ(sound() == 1, good || !of_rules);
    }
    *flag = 0;
  }
}

TEST_F(CInterface, TheHostsWordIsOneOfThree) {
  desk.c_event.host_word = TWINLOCK_HOST_REQUIRED;
  EXPECT_EQ(sound(), 1);
  EXPECT_EQ(desk.c_seen.second_factor_required, 1);
  desk.c_event.host_word = TWINLOCK_HOST_REQUIRED + 1;
  EXPECT_EQ(sound(), 0);
  EXPECT_EQ(verdict(), malformed);
}

TEST_F(CInterface, WithoutARecordNothingIsDecided) {
  const std::uint8_t* const whole = desk.bytes.b;
  const std::uint8_t zeros[record_bytes] = {};
  const struct {
    const std::uint8_t* bytes;
    std::size_t n;
  } rows[] = {{nullptr, record_bytes},   {nullptr, 0},         {whole, 0}, {whole, record_bytes - 1},
              {whole, record_bytes + 1}, {zeros, record_bytes}};
  for (const auto& row : rows) {
    twinlock_handle(row.bytes, row.n, &desk.c_event, &desk.c_situation, &desk.c_outcome);
    EXPECT_EQ(desk.c_outcome.verdict, TWINLOCK_VERDICT_BAD_RECORD);
    EXPECT_EQ(desk.c_outcome.write, 0);
    EXPECT_EQ(zero_bytes(desk.c_outcome.record, record_bytes), 1U);
    twinlock_view(row.bytes, row.n, &desk.c_situation.clock, 0, &desk.c_situation.rules, &desk.c_seen);
    EXPECT_EQ(desk.c_seen.sound, 0);
  }
  twinlock_new_record(desk.bytes.b);
  EXPECT_EQ(verdict(), accepted);
}

TEST_F(CInterface, HandsOutWhatTheEventMade) {
  const Fresh& f = desk.situation.fresh;
  const twinlock_outcome& c = desk.c_outcome;
  const auto send = [this](Kind kind) {
    player.send(kind);
    prepare();
    ASSERT_EQ(verdict(), accepted);
  };
  send(Kind::begin_enrollment);
  EXPECT_EQ(std::memcmp(c.secret, f.secret.b, secret_bytes), 0);
  expect_token(c.enrollment_id, f.enrollment_id);
  expect_token(c.epoch, Token{});
  send(Kind::confirm_enrollment);
  expect_token(c.recovery_code, f.recovery_code);
  expect_token(c.epoch, f.epoch);
  EXPECT_EQ(zero_bytes(c.secret, secret_bytes), 1U);
  send(Kind::revoke_passes);
  expect_token(c.epoch, f.epoch);
  desk.c_event.by_operator = 1;
  EXPECT_EQ(verdict(), accepted);
  expect_token(c.epoch, Token{});
  player.now += step_s;
  send(Kind::verify);
  expect_token(c.epoch, player.record.epoch);
  player.now += step_s;
  send(Kind::renew_recovery_code);
  expect_token(c.recovery_code, f.recovery_code);
  player.recovery_code = f.recovery_code;
  send(Kind::operator_unlock);
  expect_token(c.ticket, f.ticket);
  send(Kind::request_recovery);
  expect_token(c.link, f.link);
  expect_token(c.asker, f.asker);
  send(Kind::confirm_recovery);
  expect_token(c.grant, Token{});  // it leads to off
  desk.c_situation.rules.replace_after_recovery = 1;
  EXPECT_EQ(verdict(), accepted);
  expect_token(c.grant, f.grant);
  send(Kind::operator_reset);
  expect_token(c.grant, f.grant);
}

TEST_F(CInterface, KnowsAnotherHeader) {
  const std::size_t e = sizeof(twinlock_event), s = sizeof(twinlock_situation), o = sizeof(twinlock_outcome),
                    v = sizeof(twinlock_account_view);
  EXPECT_EQ(TWINLOCK_COMPATIBLE(), 1);
  EXPECT_EQ(twinlock_compatible(TWINLOCK_ABI_VERSION + 1, e, s, o, v), 0);
  EXPECT_EQ(twinlock_compatible(TWINLOCK_ABI_VERSION, e + 8, s, o, v), 0);
  EXPECT_EQ(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s + 8, o, v), 0);
  EXPECT_EQ(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s, o + 8, v), 0);
  EXPECT_EQ(twinlock_compatible(TWINLOCK_ABI_VERSION, e, s, o, v + 8), 0);
}

TEST_F(CInterface, Wipes) {
  ASSERT_EQ(verdict(), accepted);
  call_c_wipe();
  EXPECT_EQ(zero_bytes(reinterpret_cast<const std::uint8_t*>(&desk.c_outcome), sizeof desk.c_outcome), 1U);
}

}  // namespace
}  // namespace twinlock::painted
