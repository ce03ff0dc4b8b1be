// SPDX-License-Identifier: Apache-2.0
#include "kernel/next_record.hpp"

#include "kernel/digest.hpp"
#include "kernel/throttle.hpp"

namespace twinlock {

Record off_record(const Record& at) noexcept {
  Record n = new_record();
  n.policy = at.policy;
  n.policy_from = at.policy_from;
  n.host_word = at.host_word;
  n.seen = at.seen;
  return n;
}

Record replacing_record(const Record& at, const Situation& s) noexcept {
  Record n = off_record(at);
  n.state = State::replacing;
  n.epoch = s.fresh.epoch;
  n.voucher_hash = digest(Purpose::grant, s.account, s.fresh.epoch, s.fresh.grant);
  n.voucher_until = at.seen + grant_s_max;
  return n;
}

Record enrolling_record(const Record& at, const Fresh& fresh) noexcept {
  Record n = at;
  if (at.state != State::enrolling) n.before = at.state;
  n.state = State::enrolling;
  n.pending = fresh.secret;
  n.enrollment_id = fresh.enrollment_id;
  n.enrollment_failures = 0;
  n.deadline = at.seen + enrollment_s_max;
  charge_begin(n.throttle, at.seen);
  return n;
}

Record on_record(const Record& at, const TotpKey& key, std::uint8_t length, Step step,
                 const Token& enrollment_id, const Fresh& fresh) noexcept {
  Record n = off_record(at);
  n.state = State::on;
  n.secret = key;
  n.secret_length = length;
  n.last_step = step;
  n.enrollment_id = enrollment_id;
  n.epoch = fresh.epoch;
  n.enrolled_at = at.seen;
  return n;
}

void draw_recovery_code(Record& n, const Situation& s) noexcept {
  n.recovery_hash = digest(Purpose::recovery_code, s.account, n.enrollment_id, s.fresh.recovery_code);
  n.recovery_drawn_at = n.seen;
  n.recovery_saved_at = 0;
}

}  // namespace twinlock
