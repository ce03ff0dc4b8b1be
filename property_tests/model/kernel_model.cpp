// SPDX-License-Identifier: Apache-2.0
#include "property_tests/model/kernel_model.hpp"

#include <algorithm>

#include "property_tests/model/kernel_rules.hpp"

namespace twinlock::model {

Account::Facts Account::passed(Facts f, std::int64_t now) {
  const std::int64_t elapsed = std::max<std::int64_t>(0, now - f.seen);
  for (auto& [what, seconds] : f.left) seconds = std::max<std::int64_t>(0, seconds - elapsed);
  for (std::int64_t& seconds : f.links) seconds -= elapsed;
  std::erase_if(f.links, [](std::int64_t seconds) { return seconds <= 0; });
  f.seen = now;
  if (get(f.left, "grant") == 0) f.tokens["grant"].reset();
  if (f.state == State::enrolling && get(f.left, "life") == 0) leave_enrollment(f);
  if (f.state == State::recovering && get(f.left, "life") == 0) leave_recovery(f);
  return f;
}

void Account::leave_enrollment(Facts& f) {
  f.state = f.replaces ? State::replacing : State::off;
  f.replaces = false;
  f.wrong_confirmations = 0;
  f.left["life"] = 0;
  f.pending.reset();
  f.tokens["enrollment"].reset();
}

void Account::leave_recovery(Facts& f) {
  f.state = State::on;
  f.left["life"] = 0;
  f.tokens["link"].reset();
  f.tokens["asker"].reset();
}

void Account::wipe_factor(Facts& f) {
  Facts clean;
  clean.policy = f.policy;
  clean.seen = f.seen;
  f = clean;
}

void Account::replace(Facts& f, const Fresh& fresh) {
  wipe_factor(f);
  f.state = State::replacing;
  f.tokens["epoch"] = bytes(fresh.epoch);
  f.tokens["grant"] = bytes(fresh.grant);
  f.left["grant"] = 1800;
}

// Seconds until the lane's next evaluation: the back-off, and the budget unless the operator lent credit.
std::int64_t Account::code_wait(const Facts& f, int lane) {
  const std::int64_t back_off = get(f.left, wait_name(lane));
  if (f.credit > 0) return back_off;
  const std::int64_t room = (lane == 0 ? 100 : 80) * std::int64_t{25920};
  return std::max(back_off, get(f.left, "budget") + 25920 - room);
}

std::int64_t Account::recovery_wait(const Facts& f) { return get(f.left, "recovery budget") + 60 - 100 * 60; }

ModelOutcome Account::begin(Facts& f, const Event& e, const Fresh& fresh) {
  const bool replaces = f.state == State::replacing || (f.state == State::enrolling && f.replaces);
  if (replaces && !holds(f.tokens["grant"], e.grant)) return {Verdict::wrong_holder};
  f.state = State::enrolling;
  f.replaces = replaces;
  f.wrong_confirmations = 0;
  f.pending = bytes(fresh.secret);
  f.tokens["enrollment"] = bytes(fresh.enrollment_id);
  f.left["life"] = 600;
  return {Verdict::accepted, Notice::none, true};
}

ModelOutcome Account::confirm(Facts& f, const Event& e, const Clock& clock, const Rules& rules,
                              const Fresh& fresh) {
  if (!holds(f.tokens["enrollment"], e.enrollment_id)) return {Verdict::wrong_holder};
  const auto step = matching_step(*f.pending, e.code, static_cast<std::int64_t>(clock.step), 0, rules.strict);
  if (!step) {
    f.wrong_confirmations += 1;
    if (f.wrong_confirmations == 10) leave_enrollment(f);
    return {Verdict::rejected, Notice::none, true};
  }
  const std::optional<Bytes> proved = f.pending, enrollment = f.tokens["enrollment"];
  wipe_factor(f);
  f.state = State::on;
  f.secret = proved;
  f.tokens["enrollment"] = enrollment;
  f.tokens["epoch"] = bytes(fresh.epoch);
  f.tokens["recovery"] = bytes(fresh.recovery_code);
  f.last_step = *step;
  f.enrolled_at = f.last_used_at = f.seen;
  return {Verdict::accepted, Notice::enabled, true, false, 0, *step};
}

ModelOutcome Account::by_code(Facts& f, const Event& e, const Clock& clock, const Rules& rules,
                              const Fresh& fresh) {
  const int lane = e.lane == Lane::known ? 0 : 1;
  if (f.failures[0] + f.failures[1] >= 100) return {Verdict::locked};
  if (const std::int64_t wait = code_wait(f, lane); wait > 0)
    return {Verdict::waiting, Notice::none, false, false, f.seen + wait};
  const auto step =
      matching_step(*f.secret, e.code, static_cast<std::int64_t>(clock.step), f.last_step, rules.strict);
  if (!step) {
    f.failures[lane] += 1;
    f.left[wait_name(lane)] = pause(f.failures[lane]);
    if (f.credit > 0) {
      f.credit -= 1;
    } else {
      f.left["budget"] += 25920;
    }
    const int in_a_row = f.failures[0] + f.failures[1];
    const Notice notice = in_a_row == 10    ? Notice::ten_failures
                          : in_a_row == 100 ? Notice::locked
                                            : Notice::none;
    return {Verdict::rejected, notice, true};
  }
  if (e.kind == Kind::disable) {
    wipe_factor(f);
    return {Verdict::accepted, Notice::disabled, true, false, 0, *step};
  }
  Notice notice = Notice::none;
  if (f.state == State::recovering) notice = Notice::recovery_cancelled, leave_recovery(f);
  if (e.kind == Kind::renew_recovery_code)
    notice = Notice::recovery_code_renewed, f.tokens["recovery"] = bytes(fresh.recovery_code);
  f.last_step = *step;
  f.last_used_at = f.seen;
  f.failures[0] = f.failures[1] = 0;
  f.left["wait known"] = f.left["wait other"] = 0;
  return {Verdict::accepted, notice, true, false, 0, *step};
}

ModelOutcome Account::wrong_recovery_code(Facts& f) {
  f.left["recovery budget"] += 60;
  return {Verdict::rejected, Notice::none, true};
}

ModelOutcome Account::ask_recovery(Facts& f, const Event& e, std::int64_t now, const Fresh& fresh) {
  const std::int64_t link_wait = f.links.size() < 3 ? 0 : *std::min_element(f.links.begin(), f.links.end());
  if (const std::int64_t wait = std::max(recovery_wait(f), link_wait); wait > 0)
    return {Verdict::waiting, Notice::none, false, false, now + wait};
  if (!holds(f.tokens["recovery"], e.recovery_code)) return wrong_recovery_code(f);
  if (!e.mailable) return {Verdict::undeliverable};
  f.state = State::recovering;
  f.left["life"] = 600;
  f.tokens["link"] = bytes(fresh.link);
  f.tokens["asker"] = bytes(fresh.asker);
  f.links.push_back(3600);
  return {Verdict::accepted, Notice::recovery_asked, true};
}

ModelOutcome Account::confirm_recovery(Facts& f, const Event& e, std::int64_t now, const Rules& rules,
                                       const Fresh& fresh) {
  if (!holds(f.tokens["link"], e.link)) return {Verdict::wrong_holder};
  if (!e.has_asker || !holds(f.tokens["asker"], e.asker)) {
    if (recovery_wait(f) > 0) return {Verdict::waiting, Notice::none, false, false, now + recovery_wait(f)};
    if (!e.has_recovery_code) return {Verdict::proof_needed};
    if (!holds(f.tokens["recovery"], e.recovery_code)) return wrong_recovery_code(f);
  }
  if (required(f.policy, rules) || rules.replace_after_recovery) {
    replace(f, fresh);
  } else {
    wipe_factor(f);
  }
  return {Verdict::accepted, Notice::recovery_confirmed, true};
}

ModelOutcome Account::decide(Facts& f, const Event& e, const Clock& clock, const Rules& rules,
                             const Fresh& fresh) {
  if (!entropy_sound(fresh) || !event_sound(e)) return {Verdict::malformed};
  if (!means_something(e.kind, f.state)) return {Verdict::wrong_state};
  if (e.kind == Kind::disable && required(f.policy, rules)) return {Verdict::forbidden};
  const ModelOutcome done = {Verdict::accepted, Notice::none, true};
  switch (e.kind) {
    case Kind::begin_enrollment:
      return begin(f, e, fresh);
    case Kind::confirm_enrollment:
      return confirm(f, e, clock, rules, fresh);
    case Kind::cancel_enrollment:
      if (!holds(f.tokens["enrollment"], e.enrollment_id)) return {Verdict::wrong_holder};
      leave_enrollment(f);
      return done;
    case Kind::verify:
    case Kind::disable:
    case Kind::renew_recovery_code:
      return by_code(f, e, clock, rules, fresh);
    case Kind::revoke_passes:
      if (!e.by_operator && !holds(f.tokens["epoch"], e.epoch)) return {Verdict::wrong_holder};
      f.tokens["epoch"] = bytes(fresh.epoch);
      return done;
    case Kind::request_recovery:
      return ask_recovery(f, e, f.seen, fresh);
    case Kind::confirm_recovery:
      return confirm_recovery(f, e, f.seen, rules, fresh);
    case Kind::operator_reset:
      if (e.replace || required(f.policy, rules)) {
        replace(f, fresh);
      } else {
        wipe_factor(f);
      }
      return {Verdict::accepted, Notice::reset, true};
    case Kind::operator_unlock:
      if (f.failures[0] + f.failures[1] >= 100) return {Verdict::locked};
      f.failures[0] = f.failures[1] = 0;
      f.left["wait known"] = f.left["wait other"] = 0;
      f.credit = 5;
      return done;
    case Kind::set_policy:
      f.policy = e.policy;
      return done;
  }
  return {Verdict::malformed};
}

ModelOutcome Account::handle(const Event& e, const Clock& clock, const Rules& rules, const Fresh& fresh) {
  if (!clock_sound(clock)) return {Verdict::bad_clock};
  if (!entropy_sound(fresh)) return {Verdict::malformed};
  const std::int64_t now = static_cast<std::int64_t>(clock.now);
  const bool back = now < facts.seen;
  Facts next = passed(facts, now);
  ModelOutcome answer = decide(next, e, clock, rules, fresh);
  answer.clock_went_back = back;
  answer.write = answer.write || back;
  if (answer.write) facts = next;
  return answer;
}

std::int64_t Account::left(const std::string& what, std::int64_t now) const {
  return get(passed(facts, now).left, what);
}

Sight Account::look(std::int64_t now, const Rules& rules) const {
  const Facts f = passed(facts, now);
  const bool active = f.state == State::on || f.state == State::recovering;
  const bool never = f.state == State::off || (f.state == State::enrolling && !f.replaces);
  Sight s{};
  s.state = f.state;
  s.code_required = active;
  s.second_factor_required = required(f.policy, rules);
  s.passes_without = never && !s.second_factor_required;
  s.failures = f.failures[0] + f.failures[1];
  s.locked = s.failures >= 100;
  for (int lane = 0; lane < 2; ++lane) s.retry_after_s[lane] = std::max<std::int64_t>(0, code_wait(f, lane));
  s.enrolled_at = f.enrolled_at;
  s.last_used_at = f.last_used_at;
  if (get(f.left, "life") > 0) s.deadline = now + get(f.left, "life");
  if (get(f.left, "grant") > 0) s.grant_until = now + get(f.left, "grant");
  return s;
}

}  // namespace twinlock::model
