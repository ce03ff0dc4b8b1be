// SPDX-License-Identifier: Apache-2.0
// The precedence of verdicts, as ladders: '!' is a fault, '.' is repaired. Each row repairs just the fault
// that the row above reported, one request a line, the verdict last. The last rung is an acceptance.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

using Lines = std::vector<std::string>;

// One request before it is sent.
struct Scene {
  World world;
  Event event;
  Clock clock;
  Fresh fresh;
};

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

// Faults that mean the same for every event.
void shared_fault(Scene& s, const std::string& fault) {
  Record& r = s.world.record;
  Throttle& t = r.throttle;
  if (fault == "clock") s.clock.step += 1;
  if (fault == "record") r.ticket_codes = 6;
  if (fault == "entropy") s.fresh.grant = Token{};
  if (fault == "kind") s.event.kind = static_cast<Kind>(15);
  if (fault == "lane") s.event.lane = static_cast<Lane>(2);
  if (fault == "digits") s.event.code.digit[5] = 'O';
  if (fault == "required") r.policy = Policy::required;
  if (fault == "lock") t.failures[0] = t.failures[1] = 50;
  if (fault == "wait") t.failures[1] = 5, t.wait_until[1] = s.clock.now + 1;
  if (fault == "budget") t.budget_until = s.clock.now + 2073600 - 25920 + 1;
  if (fault == "replay") r.last_step = s.clock.step;
  if (fault == "code") s.event.code = wrong_code(s.world.key(), s.clock.step);
  if (fault == "begins") t.begin_until = s.clock.now + 1200 - 60 + 1;
  if (fault == "key") s.event.key_length = 31;
  if (fault == "word") s.event.host_word = static_cast<HostWord>(3);
  if (fault == "from") s.event.policy = Policy::optional, s.event.policy_from = 30;
  if (fault == "links") t.link_until[0] = t.link_until[1] = t.link_until[2] = s.clock.now + 1;
  if (fault == "recovery") s.event.recovery_code.b[15] ^= 1U;
  if (fault == "address") s.event.mailable = false;
  if (fault == "token") s.event.link.b[0] ^= 1U;
  if (fault == "asker") s.event.has_asker = false, s.event.has_recovery_code = true;
  if (fault == "second") s.event.has_recovery_code = false;
  if (fault == "id") s.event.enrollment_id.b[7] ^= 1U;
  if (fault == "grant") s.event.grant.b[7] ^= 1U;
  if (fault == "pass") s.event.epoch.b[7] ^= 1U;
  if (fault == "policy") s.event.policy = static_cast<Policy>(3);
}

// Sends every row of the ladder; `world` is the sound scene, `wrong_state` the record where it means nothing.
void climb(Kind kind, const World& world, const Record& wrong_state, const Lines& ladder) {
  const std::vector<std::string> faults = words(ladder[0]);
  std::vector<std::string> above;
  for (std::size_t row = 1; row < ladder.size(); ++row) {
    SCOPED_TRACE(ladder[row]);
    const std::vector<std::string> cells = words(ladder[row]);
    ASSERT_EQ(cells.size(), faults.size());
    ASSERT_EQ(world.record.seen, world.now);
    Scene s{world, world.right(kind), world.clock(), draw_fresh(s.world.random)};
    for (std::size_t i = faults.size() - 1; i-- > 0;) {  // from the right: a state's record comes after all
      if (cells[i] != "!") continue;
      if (faults[i] == "state") s.world.record = wrong_state;
      shared_fault(s, faults[i]);
    }
    const Outcome o = handle(s.world.record, s.event, {s.clock, world.rules, world.account, s.fresh});
    EXPECT_EQ(name(o.verdict), cells.back());
    if (row > 1) {  // the ladder itself: one repair a row, of the leftmost fault
      std::size_t first = 0;
      while (above[first] == ".") ++first;
      above[first] = ".", above.back() = cells.back();
      EXPECT_EQ(above, cells);
    }
    above = cells;
  }
  EXPECT_EQ(above.back(), "accepted");
}

World on_world() {
  World w;
  w.enroll();
  w.now += 60;
  w.record.seen = w.now;
  return w;
}

World recovering_world() {
  World w = on_world();
  w.recover();
  w.now += 30;
  w.record.seen = w.now;
  return w;
}

TEST(Ladder, Disable) {
  climb(Kind::disable, on_world(), new_record(),
        {"clock record entropy kind lane digits state required lock wait budget replay code verdict",
         "!     !      !       !    !    !      !     !        !    !    !      !      !    bad_clock",
         ".     !      !       !    !    !      !     !        !    !    !      !      !    bad_record",
         ".     .      !       !    !    !      !     !        !    !    !      !      !    bad_entropy",
         ".     .      .       !    !    !      !     !        !    !    !      !      !    malformed",
         ".     .      .       .    !    !      !     !        !    !    !      !      !    malformed",
         ".     .      .       .    .    !      !     !        !    !    !      !      !    malformed",
         ".     .      .       .    .    .      !     !        !    !    !      !      !    wrong_state",
         ".     .      .       .    .    .      .     !        !    !    !      !      !    forbidden",
         ".     .      .       .    .    .      .     .        !    !    !      !      !    locked",
         ".     .      .       .    .    .      .     .        .    !    !      !      !    waiting",
         ".     .      .       .    .    .      .     .        .    .    !      !      !    waiting",
         ".     .      .       .    .    .      .     .        .    .    .      !      !    rejected",
         ".     .      .       .    .    .      .     .        .    .    .      .      !    rejected",
         ".     .      .       .    .    .      .     .        .    .    .      .      .    accepted"});
}

// verify and renew stand on the same rungs; policy has no say in them.
TEST(Ladder, VerifyAndRenew) {
  for (const Kind kind : {Kind::verify, Kind::renew_recovery_code})
    climb(kind, on_world(), new_record(),
          {"clock record entropy lane digits state lock wait budget replay code verdict",
           "!     !      !       !    !      !     !    !    !      !      !    bad_clock",
           ".     !      !       !    !      !     !    !    !      !      !    bad_record",
           ".     .      !       !    !      !     !    !    !      !      !    bad_entropy",
           ".     .      .       !    !      !     !    !    !      !      !    malformed",
           ".     .      .       .    !      !     !    !    !      !      !    malformed",
           ".     .      .       .    .      !     !    !    !      !      !    wrong_state",
           ".     .      .       .    .      .     !    !    !      !      !    locked",
           ".     .      .       .    .      .     .    !    !      !      !    waiting",
           ".     .      .       .    .      .     .    .    !      !      !    waiting",
           ".     .      .       .    .      .     .    .    .      !      !    rejected",
           ".     .      .       .    .      .     .    .    .      .      !    rejected",
           ".     .      .       .    .      .     .    .    .      .      .    accepted"});
}

TEST(Ladder, ConfirmEnrollment) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  climb(Kind::confirm_enrollment, w, new_record(),
        {"clock record entropy lane digits state id code verdict",
         "!     !      !       !    !      !     !  !    bad_clock",
         ".     !      !       !    !      !     !  !    bad_record",
         ".     .      !       !    !      !     !  !    bad_entropy",
         ".     .      .       !    !      !     !  !    malformed",
         ".     .      .       .    !      !     !  !    malformed",
         ".     .      .       .    .      !     !  !    wrong_state",
         ".     .      .       .    .      .     !  !    wrong_holder",
         ".     .      .       .    .      .     .  !    rejected",
         ".     .      .       .    .      .     .  .    accepted"});
}

TEST(Ladder, BeginFromReplacing) {
  World w = on_world();
  const Record active = w.record;
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(w.send(reset), Verdict::accepted);
  climb(Kind::begin_enrollment, w, active,
        {"clock record entropy word state grant begins verdict",
         "!     !      !       !    !     !     !      bad_clock",
         ".     !      !       !    !     !     !      bad_record",
         ".     .      !       !    !     !     !      bad_entropy",
         ".     .      .       !    !     !     !      malformed",
         ".     .      .       .    !     !     !      wrong_state",
         ".     .      .       .    .     !     !      wrong_holder",
         ".     .      .       .    .     .     !      waiting",
         ".     .      .       .    .     .     .      accepted"});
}

TEST(Ladder, CancelEnrollment) {
  World w;
  ASSERT_EQ(w.send(w.right(Kind::begin_enrollment)), Verdict::accepted);
  climb(Kind::cancel_enrollment, w, new_record(),
        {"clock record entropy state id verdict", "!     !      !       !     !  bad_clock",
         ".     !      !       !     !  bad_record", ".     .      !       !     !  bad_entropy",
         ".     .      .       !     !  wrong_state", ".     .      .       .     !  wrong_holder",
         ".     .      .       .     .  accepted"});
}

// The lock is no rung here: a locked account can still recover. Nor is the budget of wrong codes: a right one
// is never shut out.
TEST(Ladder, RequestRecovery) {
  World w = on_world();
  w.record.throttle.failures[0] = 100;
  w.record.throttle.recovery_until = w.now + 3600;
  climb(Kind::request_recovery, w, new_record(),
        {"clock record entropy state recovery address links verdict",
         "!     !      !       !     !        !       !     bad_clock",
         ".     !      !       !     !        !       !     bad_record",
         ".     .      !       !     !        !       !     bad_entropy",
         ".     .      .       !     !        !       !     wrong_state",
         ".     .      .       .     !        !       !     rejected",
         ".     .      .       .     .        !       !     undeliverable",
         ".     .      .       .     .        .       !     waiting",
         ".     .      .       .     .        .       .     accepted"});
}

// From another browser: the asker secret is missing, and the recovery code has to stand in for it.
TEST(Ladder, ConfirmRecoveryElsewhere) {
  World w = recovering_world();
  w.record.throttle.recovery_until = w.now + 3600;
  Record on = w.record;
  on.state = State::on;
  on.deadline = 0;
  on.link_hash = on.asker_hash = Token{};
  ASSERT_TRUE(valid(on));
  const Lines ladder = {"clock record entropy state token second recovery asker verdict",
                        "!     !      !       !     !     !      !        !     bad_clock",
                        ".     !      !       !     !     !      !        !     bad_record",
                        ".     .      !       !     !     !      !        !     bad_entropy",
                        ".     .      .       !     !     !      !        !     wrong_state",
                        ".     .      .       .     !     !      !        !     wrong_holder",
                        ".     .      .       .     .     !      !        !     proof_needed",
                        ".     .      .       .     .     .      !        !     rejected",
                        ".     .      .       .     .     .      .        !     accepted"};
  climb(Kind::confirm_recovery, w, on, ladder);
}

TEST(Ladder, ConfirmSaved) {
  World w = on_world();
  w.record.throttle.failures[0] = 100;
  climb(Kind::confirm_saved, w, new_record(),
        {"clock record entropy state recovery verdict", "!     !      !       !     !        bad_clock",
         ".     !      !       !     !        bad_record", ".     .      !       !     !        bad_entropy",
         ".     .      .       !     !        wrong_state", ".     .      .       .     !        rejected",
         ".     .      .       .     .        accepted"});
}

// A lost factor comes back by its holder alone, not by an import: not even while its holder enrolls.
TEST(Ladder, OperatorImport) {
  World replacing;
  Event reset = event(Kind::operator_reset);
  reset.replace = true;
  ASSERT_EQ(replacing.send(reset), Verdict::accepted);
  World enrolling = replacing;
  ASSERT_EQ(enrolling.send(enrolling.right(Kind::begin_enrollment)), Verdict::accepted);
  for (const Record& wrong_state : {on_world().record, replacing.record, enrolling.record}) {
    World w;
    ASSERT_EQ(w.send(event(Kind::set_policy)), Verdict::accepted);
    climb(Kind::operator_import, w, wrong_state,
          {"clock record entropy key state verdict", "!     !      !       !   !     bad_clock",
           ".     !      !       !   !     bad_record", ".     .      !       !   !     bad_entropy",
           ".     .      .       !   !     malformed", ".     .      .       .   !     wrong_state",
           ".     .      .       .   .     accepted"});
  }
}

TEST(Ladder, OperatorRestored) {
  climb(Kind::operator_restored, on_world(), new_record(),
        {"clock record entropy verdict", "!     !      !       bad_clock", ".     !      !       bad_record",
         ".     .      !       bad_entropy", ".     .      .       accepted"});
}

TEST(Ladder, RevokePasses) {
  climb(Kind::revoke_passes, on_world(), new_record(),
        {"clock record entropy state pass verdict", "!     !      !       !     !    bad_clock",
         ".     !      !       !     !    bad_record", ".     .      !       !     !    bad_entropy",
         ".     .      .       !     !    wrong_state", ".     .      .       .     !    wrong_holder",
         ".     .      .       .     .    accepted"});
}

TEST(Ladder, OperatorUnlock) {
  climb(Kind::operator_unlock, on_world(), new_record(),
        {"clock record entropy state lock verdict", "!     !      !       !     !    bad_clock",
         ".     !      !       !     !    bad_record", ".     .      !       !     !    bad_entropy",
         ".     .      .       !     !    wrong_state", ".     .      .       .     !    locked",
         ".     .      .       .     .    accepted"});
}

TEST(Ladder, SetPolicy) {
  for (const char* const fault : {"word", "policy", "from"}) {
    Lines ladder = {"clock record entropy XXXX verdict",    "!     !      !       !    bad_clock",
                    ".     !      !       !    bad_record", ".     .      !       !    bad_entropy",
                    ".     .      .       !    malformed",  ".     .      .       .    accepted"};
    ladder[0].replace(ladder[0].find("XXXX"), 4, fault);
    climb(Kind::set_policy, on_world(), new_record(), ladder);
  }
}

// Any one of the eight drawn values that is all zero is enough: nothing is decided with such a source.
TEST(Ladder, EveryDrawnValueMustBeThere) {
  World w = on_world();
  const Event e = w.right(Kind::verify);
  const Fresh good = draw_fresh(w.random);
  EXPECT_EQ(handle(w.record, e, {w.clock(), w.rules, w.account, good}).verdict, Verdict::accepted);
  Fresh f[8] = {good, good, good, good, good, good, good, good};
  f[0].secret = Secret{};
  f[1].enrollment_id = Token{};
  f[2].epoch = Token{};
  f[3].recovery_code = Token{};
  f[4].link = Token{};
  f[5].asker = Token{};
  f[6].grant = Token{};
  f[7].ticket = Token{};
  for (const Fresh& fresh : f)
    EXPECT_EQ(handle(w.record, e, {w.clock(), w.rules, w.account, fresh}).verdict, Verdict::bad_entropy);
}

// The verdicts' own order is the order of the checks.
TEST(Ladder, VerdictsAreDeclaredInTheOrderOfTheChecks) {
  const char* const order[] = {"bad_clock", "bad_record",    "bad_entropy",  "malformed", "wrong_state",
                               "forbidden", "locked",        "wrong_holder", "waiting",   "proof_needed",
                               "rejected",  "undeliverable", "accepted"};
  for (std::size_t i = 0; i < std::size(order); ++i) EXPECT_STREQ(name(static_cast<Verdict>(i)), order[i]);
}

}  // namespace
}  // namespace twinlock::test
