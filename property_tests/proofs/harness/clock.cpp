// SPDX-License-Identifier: Apache-2.0
// K10: time. What passes, passes; what goes back grants nothing and costs nothing.
#include "assumptions.hpp"

// `after` is what became of the deadline `before` when the clock went from `seen` to `now`.
static bool kept(Seconds before, Seconds after, Seconds seen, Seconds now) {
  if (now >= seen && before > now) return after == before;
  if (now >= seen) return after == 0;
  if (before <= seen) return after == 0;
  return after - now == before - seen && after > now;
}

extern "C" {

void k10_sane() {
  const Clock c = nondet_clock();
  const bool bounds = c.now >= 30 && c.now < clock_s_limit;
  CHECK(sane(c) == (bounds && c.step == c.now / 30),
        "a sane clock is in bounds and its step is its time over 30");
  CAN(sane(c) && c.now == clock_s_limit - 1);
  CAN(sane(c) && c.now == 30);
}

void k10_advance() {
  const Record r = nondet_record();
  const Clock clock = nondet_clock();
  GIVEN(valid(r) && clock.now >= clock_s_min && clock.now < clock_s_limit);
  const Record at = advance(r, clock.now);
  CHECK(valid(at), "a valid record stays valid");
  CHECK(up_to_date(at, clock.now), "its last-seen time is now, and nothing that has passed is left in it");
  CHECK(kept(r.throttle.wait_until[0], at.throttle.wait_until[0], r.seen, clock.now), "known lane's wait");
  CHECK(kept(r.throttle.wait_until[1], at.throttle.wait_until[1], r.seen, clock.now), "other lane's wait");
  CHECK(kept(r.throttle.budget_until, at.throttle.budget_until, r.seen, clock.now), "budget");
  CHECK(kept(r.throttle.recovery_until, at.throttle.recovery_until, r.seen, clock.now), "recovery budget");
  for (std::size_t i = 0; i < links_count; ++i)
    CHECK(kept(r.throttle.link_until[i], at.throttle.link_until[i], r.seen, clock.now), "links");
  CHECK(kept(r.grant_until, at.grant_until, r.seen, clock.now), "grant");
  CHECK(kept(r.deadline, at.deadline, r.seen, clock.now), "enrollment and recovery");
  CHECK(at.last_step == r.last_step && same_secret(at.secret, r.secret) && same_token(at.epoch, r.epoch) &&
            at.policy == r.policy && same_token(at.recovery_hash, r.recovery_hash) &&
            at.enrolled_at == r.enrolled_at && at.last_used_at == r.last_used_at,
        "and nothing of the factor changes");
  if (at.deadline != 0 || r.deadline == 0)
    CHECK(at.state == r.state && at.before == r.before && at.enrollment_failures == r.enrollment_failures &&
              same_secret(at.pending, r.pending) && same_token(at.enrollment_id, r.enrollment_id) &&
              same_token(at.link_hash, r.link_hash) && same_token(at.asker_hash, r.asker_hash),
          "nor anything of an enrollment or a recovery that lives");
  if (r.state == State::recovering && at.deadline == 0)
    CHECK(same_token(at.enrollment_id, r.enrollment_id), "a recovery that ends leaves the enrollment");
  if (at.grant_until != 0) CHECK(same_token(at.grant_hash, r.grant_hash), "nor a grant that lives");
  CAN(clock.now < r.seen && at.deadline != 0);
  CAN(clock.now < r.seen && at.throttle.budget_until != 0);
  CAN(r.state == State::recovering && at.state == State::on);
  CAN(r.state == State::enrolling && at.state == State::replacing);
  CAN(r.grant_until != 0 && at.grant_until == 0);
}

void k07_time_ends_no_lock() {
  const Record r = nondet_record();
  const Seconds now = nondet_u64();
  GIVEN(valid(r) && now >= clock_s_min && now < clock_s_limit);
  const Record at = advance(r, now);
  CHECK(
      at.throttle.failures[0] == r.throttle.failures[0] && at.throttle.failures[1] == r.throttle.failures[1],
      "no failure in a row is forgotten with time");
  CHECK(at.throttle.unlock_credit == r.throttle.unlock_credit, "and no credit comes with it");
  CAN(has_failed_100_times(r) && now > r.seen + 10000000);
}

void k10_expired_is_gone() {
  const Record r = nondet_record();
  const Clock clock = nondet_clock();
  GIVEN(valid(r) && clock.now >= clock_s_min && clock.now < clock_s_limit);
  const Record at = advance(r, clock.now);
  const bool passed = r.deadline != 0 && (clock.now >= r.deadline || r.seen >= r.deadline);
  if (r.state == State::enrolling)
    CHECK(at.state == (passed ? r.before : State::enrolling), "an expired enrollment never was");
  if (r.state == State::recovering)
    CHECK(at.state == (passed ? State::on : State::recovering), "an expired recovery never was");
  if (!active(r.state) && r.state != State::enrolling)
    CHECK(at.state == r.state, "nothing else moves by itself");
  if (r.state == State::on) CHECK(at.state == State::on, "nothing else moves by itself");
  CHECK(empty_token(at.grant_hash) == (at.grant_until == 0), "an expired grant is erased");
  CAN(passed && clock.now < r.seen);
}
}
