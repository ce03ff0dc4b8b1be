// SPDX-License-Identifier: Apache-2.0
// The naive model's second half: what a recovery code proves, and what the operator does.
#include <algorithm>

#include "property_tests/model/kernel_model.hpp"
#include "property_tests/model/kernel_rules.hpp"

namespace twinlock::model {

// Ten are written, one back in six minutes; beyond that the answer is the same.
ModelOutcome Account::wrong_recovery_code(Facts& f) {
  const bool room = get(f.left, "recovery budget") + 360 <= 3600;
  if (room) f.left["recovery budget"] += 360;
  return {Verdict::rejected, Notice::none, room};
}

ModelOutcome Account::ask_recovery(Facts& f, const Event& e, const Scene& s) {
  if (!holds(f.tokens["recovery"], e.recovery_code)) return wrong_recovery_code(f);
  if (!e.mailable) return {Verdict::undeliverable};
  if (f.links.size() == 3) return waiting(f, *std::min_element(f.links.begin(), f.links.end()));
  f.state = State::recovering;
  f.left["life"] = 600;
  f.tokens["link"] = bytes(s.fresh.link);
  f.tokens["asker"] = bytes(s.fresh.asker);
  f.links.push_back(3600);
  return {Verdict::accepted, Notice::recovery_asked, true};
}

ModelOutcome Account::confirm_saved(Facts& f, const Event& e) {
  if (!holds(f.tokens["recovery"], e.recovery_code)) return wrong_recovery_code(f);
  f.saved_at = f.seen;
  return done;
}

ModelOutcome Account::confirm_recovery(Facts& f, const Event& e, const Scene& s) {
  if (!holds(f.tokens["link"], e.link)) return {Verdict::wrong_holder};
  if (!e.has_asker || !holds(f.tokens["asker"], e.asker)) {
    if (!e.has_recovery_code) return {Verdict::proof_needed};
    if (!holds(f.tokens["recovery"], e.recovery_code)) return wrong_recovery_code(f);
  }
  settle_loss(f, required(f, e.host_word, s.rules) || s.rules.replace_after_recovery, s.fresh);
  return {Verdict::accepted, Notice::recovery_confirmed, true};
}

ModelOutcome Account::issue_ticket(Facts& f, const Scene& s) {
  if (in_a_row(f) >= 100) return {Verdict::locked};
  f.tokens["ticket"] = bytes(s.fresh.ticket);
  f.left["ticket"] = 1800;
  f.ticket_codes = 5;
  return {Verdict::accepted, Notice::ticket_issued, true};
}

ModelOutcome Account::import(Facts& f, const Event& e, const Scene& s) {
  if (f.replaces) return {Verdict::wrong_state};
  wipe_factor(f);
  f.state = State::on;
  f.secret = bytes(e.key);
  f.tokens["enrollment"] = bytes(s.fresh.enrollment_id);
  f.tokens["epoch"] = bytes(s.fresh.epoch);
  f.last_step = as_signed(s.clock.step) + 1;
  f.enrolled_at = f.seen;
  return {Verdict::accepted, Notice::imported, true};
}

ModelOutcome Account::restore(Facts& f, const Scene& s) {
  if (f.state == State::enrolling) leave_enrollment(f);
  if (f.state == State::recovering) leave_recovery(f);
  end_ticket(f);
  f.tokens["grant"].reset();
  f.left["grant"] = 0;
  if (f.state != State::off) f.tokens["epoch"] = bytes(s.fresh.epoch);
  if (f.state == State::on) f.last_step = std::max(f.last_step, as_signed(s.clock.step) + 1);
  return done;
}

}  // namespace twinlock::model
