// SPDX-License-Identifier: Apache-2.0
// K6: the bound on guesses, as a potential that every event and every move of the clock keeps.
//
// For one secret, evaluated failures in any T seconds of forward movement are at most 100 + T / 25,920 + the
// operator's credits.
//
// Let spent be 25,920 s for each evaluated failure since some moment, moved the clock's forward movement
// since then, granted 25,920 s for each credit that was left then or given since, level what remains of the
// budget's deadline. Then
//   J: spent + 25,920 * credit left <= moved + level + granted
// holds at that moment (spent = moved = 0), and both steps keep it, each by an inequality between small
// numbers:
//   an event (k06_event_pays):  cost of a failure + 25,920 * credit after + level before <= level after +
//   credits given + 25,920 * credit before the clock (k06_time_pays):  level before <= forward movement +
//   level after
// and level <= 2,592,000 = 100 * 25,920 always. So spent <= moved + 2,592,000 + granted, which is the bound.
#include "assumptions.hpp"

static void k06_event_pays() {
  if (!(active(w.at.state) && active(w.o.record.state))) return;
  const bool failure = by_code_kind(w.e.kind) && w.code_evaluated && w.o.verdict != Verdict::accepted;
  const bool unlocked = w.e.kind == Kind::operator_unlock && w.o.verdict == Verdict::accepted;
  const Seconds level = left_of(w.at.throttle.budget_until, w.at.seen);
  const Seconds level_after = left_of(w.o.record.throttle.budget_until, w.o.record.seen);
  Seconds spent = w.o.record.throttle.unlock_credit * 25920 + level;
  if (failure) spent = spent + 25920;
  Seconds allowed = w.at.throttle.unlock_credit * 25920 + level_after;
  if (unlocked) allowed = allowed + 5 * 25920;
  CHECK(spent <= allowed, "every evaluated failure is paid for, by the budget or by a credit");
  CHECK(level_after <= 100 * 25920, "and the level is never above 100 units");
  CAN(failure && level_after == 100 * 25920);
  CAN(failure && w.at.throttle.unlock_credit != 0);
  CAN(unlocked);
}

static void guess_claims() { k06_event_pays(); }

extern "C" {

void k06_time_pays() {
  const Record r = nondet_record();
  const Seconds now = nondet_u64();
  GIVEN(valid(r) && now >= clock_s_min && now < clock_s_limit);
  const Record at = advance(r, now);
  Seconds forward = 0;
  if (now > r.seen) forward = now - r.seen;
  CHECK(left_of(r.throttle.budget_until, r.seen) <= forward + left_of(at.throttle.budget_until, at.seen),
        "nothing but forward movement refills the budget");
  CHECK(at.throttle.unlock_credit == r.throttle.unlock_credit, "and nothing but the operator gives credit");
  CAN(now < r.seen && at.throttle.budget_until > now);
  CAN(now > r.seen && at.throttle.budget_until == 0 && r.throttle.budget_until != 0);
}

// The sum of the two. room = 100 units + moved + granted - spent: what may still be spent, in seconds. J
// reads
//   100 units + 25,920 * credit left <= room + level
// and holds at the start (room = 100 units + what credit is left, level is what it is), each step keeps it,
// and it keeps room from running out: spent <= 100 units + moved + granted.
void k06_bound_follows() {
  const Record r = nondet_record();
  const Record next = nondet_record();
  const Seconds room = nondet_u64();
  const Seconds forward = nondet_u64();
  const Seconds cost = nondet_u64();
  const Seconds given = nondet_u64();
  GIVEN(valid(r) && valid(next) && room < 1ULL << 60U && forward < 1ULL << 60U);
  GIVEN(cost == 0 || cost == 25920);
  GIVEN(given == 0 || given == 5 * 25920);
  const Seconds level = left_of(r.throttle.budget_until, r.seen);
  const Seconds level_after = left_of(next.throttle.budget_until, next.seen);
  const Seconds left = r.throttle.unlock_credit * 25920;
  const Seconds left_after = next.throttle.unlock_credit * 25920;
  CHECK(2592000 + left <= 2592000 + left + level, "J holds where nothing was spent and nothing moved");
  GIVEN(2592000 + left <= room + level);  // J
  if (cost + left_after + level <= level_after + given + left) {
    CHECK(cost <= room + given, "an event finds room for what it spends");
    CHECK(2592000 + left_after + cost <= room + given + level_after, "and keeps J");
  }
  if (level <= forward + level_after && left_after == left)
    CHECK(2592000 + left_after <= room + forward + level_after, "and so does the clock");
  CAN(cost != 0 && level_after == 100 * 25920);
  CAN(room == cost && cost != 0);
}
}
