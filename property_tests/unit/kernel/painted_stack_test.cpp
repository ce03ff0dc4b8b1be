// SPDX-License-Identifier: Apache-2.0
// K11: no public function leaves a secret, hash, token, epoch, code or HMAC state on the stack below its
// caller. property_tests/erased/run.py runs these tests with each compiler and level, and once more without
// scrub_stack(), where those named there must fail. Uses nothing of the other tests, so that it compiles
// alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "property_tests/unit/kernel/painted_desk.hpp"

namespace twinlock::painted {
namespace {

std::size_t deepest_of_all = 0;

// `frames`: what the function and the test's own call may use beside the scrubbed area.
void expect_scrubbed(const Secrets& all, std::size_t frames) {
  EXPECT_EQ(all.found(), "");
  EXPECT_GT(deepest_touched(), stack_bytes_max);           // the paint was where the call ran, and it scrubs
  EXPECT_LT(deepest_touched(), stack_bytes_max + frames);  // nothing ran below the scrubbed area
  deepest_of_all = std::max(deepest_of_all, deepest_touched());
}

class PaintedStack : public testing::Test {
 protected:
  void SetUp() override {
    if (instrumented) GTEST_SKIP() << "an instrumented stack is another stack";
    desk = Desk{};
  }
};

TEST_F(PaintedStack, HandleLeavesNothing) {
  unsigned accepted = 0;
  everywhere([&accepted] {
    run(call_handle);
    expect_scrubbed(secrets(), 1024);
    if (outcome().verdict == Verdict::accepted) ++accepted;
  });
  EXPECT_GE(accepted, 40U);
  std::printf(
      "figure: painted stack: %u of 240 events accepted, %zu bytes touched, %zu scrubbed among them\n",
      accepted, deepest_of_all, stack_bytes_max);
}

TEST_F(PaintedStack, HandleOfCLeavesNothing) {
  everywhere([] {
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    copy_event();
    copy_situation();
    call_handle();  // what the next record holds, so that it can be searched for
    run(call_c_handle);
    ASSERT_EQ(desk.c_outcome.verdict, static_cast<std::uint8_t>(outcome().verdict));
    expect_scrubbed(secrets(), 5120);
  });
}

TEST_F(PaintedStack, ViewLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    run(call_view);
    ASSERT_TRUE(desk.seen.sound);
    expect_scrubbed(secrets(), 512);
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    copy_situation();
    run(call_c_view);
    ASSERT_EQ(desk.c_seen.sound, 1);
    expect_scrubbed(secrets(), 5120);
  }
}

TEST_F(PaintedStack, EncodeLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    run(call_encode);
    ASSERT_TRUE(desk.good);
    expect_scrubbed(secrets(), 512);
  }
}

TEST_F(PaintedStack, DecodeLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    run(call_decode);
    ASSERT_TRUE(desk.good);
    expect_scrubbed(secrets(), 512);
  }
}

// These hold no secret in memory of their own, and do not scrub.
TEST_F(PaintedStack, WhatDoesNotScrubLeavesNothing) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    call_handle();
    ASSERT_TRUE(encode(desk.record, desk.bytes));
    const Secrets all = secrets();
    for (void (*call)() : {call_valid, call_wipe, call_c_wipe, call_new_record, call_c_new_record}) {
      run(call);
      EXPECT_EQ(all.found(), "");
      EXPECT_GT(deepest_touched(), 0U);
    }
  }
}

// A leaky twin of each kind of secret: the search must report it.
std::uint8_t planted[64];
[[gnu::noinline]] void call_leaky() {
  volatile std::uint8_t area[256];
  for (std::size_t i = 0; i < sizeof planted; ++i) area[i + 64] = planted[i];
  __asm__ volatile("" : : "r"(&area[0]) : "memory");
}

void expect_seen(const std::uint8_t* bytes, std::size_t n) {
  std::memset(planted, paint_byte, sizeof planted);
  run(call_leaky);
  EXPECT_EQ(secrets().found(), "");
  std::memcpy(planted + 3, bytes, n);
  run(call_leaky);
  EXPECT_NE(secrets().found(), "");
}

TEST_F(PaintedStack, TheSearchFindsEachSecret) {
  for (Setting& s : settings()) {
    SCOPED_TRACE(s.name);
    s.player.set(Kind::verify, true);
    call_handle();
    const Record& r = desk.record;
    if (!absent(r.secret)) expect_seen(r.secret.b + 5, window_bytes);
    if (!absent(r.pending)) expect_seen(r.pending.b + 12, window_bytes);
    for (const Token* t :
         {&r.enrollment_id, &r.epoch, &r.recovery_hash, &r.link_hash, &r.asker_hash, &r.voucher_hash})
      if (!absent(*t)) expect_seen(t->b + 8, window_bytes);
    const std::uint8_t* c = desk.situation.fresh.ticket.b;
    const std::uint8_t turned[] = {c[6], c[5], c[4], c[3], c[10], c[9], c[8], c[7]};
    expect_seen(turned, sizeof turned);
    if (absent(r.secret)) continue;
    reference::Bytes at(8);
    for (std::size_t i = 0; i < 8; ++i)
      at[i] = static_cast<std::uint8_t>(desk.situation.clock.step >> (56 - 8 * i));
    const reference::Bytes mac = reference::hmac_sha1({r.secret.b, r.secret.b + r.secret_length}, at);
    expect_seen(mac.data() + 4, window_bytes);
  }
}

}  // namespace
}  // namespace twinlock::painted
