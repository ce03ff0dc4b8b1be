// SPDX-License-Identifier: Apache-2.0
// Each layer alone, under a layer above it that fails: the linker (--wrap) sends calls of admit() and
// digest() here, where a test can make them say what they never would.
#include <gtest/gtest.h>

#include "kernel/decide.hpp"
#include "kernel/table.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {

bool admits_everything = false;
bool digests_to_zero = false;

#define ADMIT "_ZN8twinlock5admitERKNS_6RecordERKNS_5EventERKNS_5RulesE"
#define DIGEST "_ZN8twinlock6digestENS_7PurposeERKNS_10AccountTagERKNS_5TokenES6_"

Verdict real_admit(const Record&, const Event&, const Rules&) noexcept __asm__("__real_" ADMIT);
Verdict forged_admit(const Record&, const Event&, const Rules&) noexcept __asm__("__wrap_" ADMIT);
Token real_digest(Purpose, const AccountTag&, const Token&, const Token&) noexcept __asm__("__real_" DIGEST);
Token forged_digest(Purpose, const AccountTag&, const Token&, const Token&) noexcept
    __asm__("__wrap_" DIGEST);

Verdict forged_admit(const Record& at, const Event& e, const Rules& rules) noexcept {
  return admits_everything ? Verdict::accepted : real_admit(at, e, rules);
}

Token forged_digest(Purpose purpose, const AccountTag& account, const Token& binding,
                    const Token& value) noexcept {
  return digests_to_zero ? Token{} : real_digest(purpose, account, binding, value);
}

namespace {

// Undoes what a test forged, whatever way it ends.
class Layers : public testing::Test {
 protected:
  void TearDown() override { admits_everything = digests_to_zero = false; }
};

Evidence everything(Step step) { return {{true, step}, true, true, true, true, true, true, true}; }

Outcome decided(const World& w, Kind kind) {
  std::mt19937_64 random(7);
  return decide(w.record, w.right(kind), everything(w.step()),
                {w.clock(), w.rules, w.account, draw_fresh(random)});
}

World on_world() {
  World w;
  w.enroll();
  w.now += 300;
  w.record.seen = w.now;
  return w;
}

World replacing_world() {
  World w = on_world();
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  w.send(reset);
  return w;
}

// The forged layer is the one that is asked: locked is no obstacle any more.
TEST_F(Layers, TheForgedAdmissionIsAsked) {
  World w = on_world();
  w.record.throttle.failures[0] = 100;
  EXPECT_EQ(decided(w, Kind::verify).verdict, Verdict::locked);
  admits_everything = true;
  EXPECT_EQ(decided(w, Kind::verify).verdict, Verdict::accepted);
}

// What means nothing in a state changes nothing, though the admission let it in with all evidence (K3, K4).
TEST_F(Layers, DecideRefusesWhatTheTableRefuses) {
  World enrolling, recovering = on_world();
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  recovering.recover();
  const World worlds[] = {World{}, enrolling, on_world(), recovering, replacing_world()};
  admits_everything = true;
  unsigned refused = 0;
  for (const World& w : worlds) {
    for (unsigned kind = 0; kind < kinds_count; ++kind) {
      if (need(static_cast<Kind>(kind), w.record.state) != Need::refused) continue;
      ++refused;
      const Outcome o = decided(w, static_cast<Kind>(kind));
      EXPECT_EQ(o.verdict, Verdict::wrong_state) << name(w.record.state) << " " << kind;
      EXPECT_FALSE(o.write);
      EXPECT_TRUE(same_record(o.record, w.record));
    }
  }
  EXPECT_GE(refused, 25U);
}

// A hash of zeros, which digest() never gives, agrees with a field of zeros: "there is none". It opens
// nothing.
TEST_F(Layers, ZerosOpenNothing) {
  World lost = replacing_world(), ticketed = on_world();
  lost.record.voucher_hash = Token{};
  ticketed.unlock();
  ticketed.record.voucher_hash = Token{};
  World recovering = on_world();
  recovering.recover();
  recovering.record.link_hash = recovering.record.asker_hash = recovering.record.recovery_hash = Token{};
  Event confirm = recovering.right(Kind::confirm_recovery);
  confirm.has_recovery_code = true;
  digests_to_zero = true;
  EXPECT_FALSE(gather_tokens(lost.record, lost.right(Kind::begin_enrollment), lost.account).grant);
  EXPECT_FALSE(gather_tokens(ticketed.record, ticketed.right_by_ticket(), ticketed.account).ticket);
  EXPECT_FALSE(gather_tokens(recovering.record, confirm, recovering.account).link);
  const Event saved = recovering.right(Kind::confirm_saved);
  EXPECT_FALSE(gather_tokens(recovering.record, saved, recovering.account).recovery_code);
}

}  // namespace
}  // namespace twinlock::test
