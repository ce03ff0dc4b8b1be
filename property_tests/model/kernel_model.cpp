// SPDX-License-Identifier: Apache-2.0
#include "property_tests/model/kernel_model.hpp"

#include <algorithm>

#include "property_tests/model/kernel_rules.hpp"

namespace twinlock::model {

namespace {

// The host speaks for somebody who has just proved to be the person, or begins to enroll.
void adopt(HostWord& kept, const Event& e) {
  if (e.host_word != HostWord::unsaid) kept = e.host_word;
}

}  // namespace

// Servers that share accounts differ by up to 30 s.
std::int64_t Account::decision_time(const Facts& f, std::int64_t now) {
  return now < f.seen && now + 30 >= f.seen ? f.seen : now;
}

Account::Facts Account::passed(Facts f, std::int64_t now) {
  const std::int64_t elapsed = std::max<std::int64_t>(0, now - f.seen);
  for (auto& [what, seconds] : f.left) seconds = std::max<std::int64_t>(0, seconds - elapsed);
  for (std::int64_t& seconds : f.links) seconds -= elapsed;
  std::erase_if(f.links, [](std::int64_t seconds) { return seconds <= 0; });
  f.seen = now;
  if (get(f.left, "grant") == 0) f.tokens["grant"].reset();
  if (get(f.left, "ticket") == 0) end_ticket(f);
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

void Account::end_ticket(Facts& f) {
  f.tokens["ticket"].reset();
  f.left["ticket"] = 0;
  f.ticket_codes = 0;
}

void Account::wipe_factor(Facts& f) {
  Facts clean;
  clean.policy = f.policy;
  clean.policy_from = f.policy_from;
  clean.host_word = f.host_word;
  clean.seen = f.seen;
  f = clean;
}

void Account::settle_loss(Facts& f, bool replaces, const Fresh& fresh) {
  wipe_factor(f);
  if (!replaces) return;
  f.state = State::replacing;
  f.tokens["epoch"] = bytes(fresh.epoch);
  f.tokens["grant"] = bytes(fresh.grant);
  f.left["grant"] = 1800;
}

// The tightest of the host's two words, the policy and the configuration.
bool Account::required(const Facts& f, HostWord word, const Rules& rules) {
  const bool by_host = word == HostWord::required || f.host_word == HostWord::required;
  const bool by_policy = f.policy == Policy::required && f.seen >= f.policy_from;
  const bool by_rules =
      f.policy == Policy::inherit && rules.required && f.seen >= as_signed(rules.required_from);
  return by_host || by_policy || by_rules;
}

int Account::in_a_row(const Facts& f) { return f.failures[0] + f.failures[1] + f.ticket_failures; }

// Seconds until the lane's next evaluation without a ticket.
std::int64_t Account::code_wait(const Facts& f, int lane) {
  const std::int64_t room = (lane == 0 ? 100 : 80) * std::int64_t{25920};
  return std::max(get(f.left, wait_name(lane)), get(f.left, "budget") + 25920 - room);
}

ModelOutcome Account::waiting(const Facts& f, std::int64_t wait) {
  return {Verdict::waiting, Notice::none, false, false, f.seen + wait};
}

ModelOutcome Account::begin(Facts& f, const Event& e, const Scene& s) {
  const bool under_way = f.state == State::enrolling;
  if (under_way && holds(f.tokens["enrollment"], e.enrollment_id)) return {Verdict::accepted};
  const bool replaces = f.state == State::replacing || (under_way && f.replaces);
  if (replaces && !holds(f.tokens["grant"], e.grant)) return {Verdict::wrong_holder};
  if (const std::int64_t wait = get(f.left, "begins") + 60 - 20 * 60; wait > 0) return waiting(f, wait);
  f.state = State::enrolling;
  f.replaces = replaces;
  f.wrong_confirmations = 0;
  f.pending = bytes(s.fresh.secret);
  f.tokens["enrollment"] = bytes(s.fresh.enrollment_id);
  f.left["life"] = 600;
  f.left["begins"] += 60;
  adopt(f.host_word, e);
  return done;
}

ModelOutcome Account::confirm(Facts& f, const Event& e, const Scene& s) {
  if (!holds(f.tokens["enrollment"], e.enrollment_id)) return {Verdict::wrong_holder};
  const auto step = matching_step(*f.pending, e.code, as_signed(s.clock.step), 0, s.rules.strict);
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
  f.tokens["epoch"] = bytes(s.fresh.epoch);
  f.tokens["recovery"] = bytes(s.fresh.recovery_code);
  f.last_step = *step;
  f.enrolled_at = f.last_used_at = f.drawn_at = f.seen;
  adopt(f.host_word, e);
  return {Verdict::accepted, Notice::enabled, true, false, 0, *step};
}

ModelOutcome Account::wrong_code(Facts& f, int lane, bool by_ticket) {
  if (by_ticket) {
    f.ticket_failures += 1;
    f.ticket_codes -= 1;
    if (f.ticket_codes == 0) end_ticket(f);
  } else {
    f.failures[lane] += 1;
    f.left[wait_name(lane)] = pause(f.failures[lane]);
    f.left["budget"] += 25920;
  }
  const int now_in_a_row = in_a_row(f);
  const Notice notice = now_in_a_row == 10    ? Notice::ten_failures
                        : now_in_a_row == 100 ? Notice::locked
                                              : Notice::none;
  return {Verdict::rejected, notice, true, false, 0, 0, by_ticket};
}

ModelOutcome Account::by_code(Facts& f, const Event& e, const Scene& s) {
  const int lane = e.lane == Lane::known ? 0 : 1;
  if (in_a_row(f) >= 100) return {Verdict::locked};
  const bool by_ticket = e.kind == Kind::verify && holds(f.tokens["ticket"], e.ticket);
  if (const std::int64_t wait = code_wait(f, lane); wait > 0 && !by_ticket) return waiting(f, wait);
  const auto step = matching_step(*f.secret, e.code, as_signed(s.clock.step), f.last_step, s.rules.strict);
  if (!step) return wrong_code(f, lane, by_ticket);
  adopt(f.host_word, e);
  if (e.kind == Kind::disable) {
    wipe_factor(f);
    return {Verdict::accepted, Notice::disabled, true, false, 0, *step};
  }
  Notice notice = Notice::none;
  if (f.state == State::recovering) notice = Notice::recovery_cancelled, leave_recovery(f);
  if (e.kind == Kind::renew_recovery_code) {
    notice = Notice::recovery_code_renewed;
    f.tokens["recovery"] = bytes(s.fresh.recovery_code);
    f.drawn_at = f.seen;
    f.saved_at = 0;
  }
  f.last_step = *step;
  f.last_used_at = f.seen;
  f.failures[0] = f.failures[1] = f.ticket_failures = 0;
  f.left["wait known"] = f.left["wait other"] = 0;
  end_ticket(f);
  return {Verdict::accepted, notice, true, false, 0, *step, by_ticket};
}

ModelOutcome Account::decide(Facts& f, const Event& e, const Scene& s) {
  if (!event_sound(e)) return {Verdict::malformed};
  if (!means_something(e.kind, f.state)) return {Verdict::wrong_state};
  if (e.kind == Kind::disable && required(f, e.host_word, s.rules)) return {Verdict::forbidden};
  switch (e.kind) {
    case Kind::begin_enrollment:
      return begin(f, e, s);
    case Kind::confirm_enrollment:
      return confirm(f, e, s);
    case Kind::cancel_enrollment:
      if (!holds(f.tokens["enrollment"], e.enrollment_id)) return {Verdict::wrong_holder};
      leave_enrollment(f);
      return done;
    case Kind::verify:
    case Kind::disable:
    case Kind::renew_recovery_code:
      return by_code(f, e, s);
    case Kind::revoke_passes:
      if (!e.by_operator && !holds(f.tokens["epoch"], e.epoch)) return {Verdict::wrong_holder};
      f.tokens["epoch"] = bytes(s.fresh.epoch);
      return done;
    case Kind::request_recovery:
      return ask_recovery(f, e, s);
    case Kind::confirm_recovery:
      return confirm_recovery(f, e, s);
    case Kind::operator_reset:
      settle_loss(f, e.replace || required(f, e.host_word, s.rules), s.fresh);
      return {Verdict::accepted, Notice::reset, true};
    case Kind::operator_unlock:
      return issue_ticket(f, s);
    case Kind::set_policy:
      f.policy = e.policy;
      f.policy_from = as_signed(e.policy_from);
      f.host_word = HostWord::unsaid;
      return done;
    case Kind::confirm_saved:
      return confirm_saved(f, e);
    case Kind::operator_import:
      return import(f, e, s);
    case Kind::operator_restored:
      return restore(f, s);
  }
  return {Verdict::malformed};
}

ModelOutcome Account::handle(const Event& e, const Clock& clock, const Rules& rules, const Fresh& fresh) {
  if (!clock_sound(clock)) return {Verdict::bad_clock};
  if (!entropy_sound(fresh)) return {Verdict::bad_entropy};
  const std::int64_t now = decision_time(facts, as_signed(clock.now));
  const bool back = now < facts.seen;
  Facts next = passed(facts, now);
  ModelOutcome answer = decide(next, e, {clock, rules, fresh});
  answer.clock_went_back = back;
  answer.decided_at = now;
  answer.write = answer.write || back;
  if (answer.write) facts = next;
  return answer;
}

std::int64_t Account::left(const std::string& what, std::int64_t now) const {
  return get(passed(facts, decision_time(facts, now)).left, what);
}

Sight Account::look(std::int64_t now, HostWord word, const Rules& rules) const {
  const std::int64_t at = decision_time(facts, now);
  const Facts f = passed(facts, at);
  const bool active = f.state == State::on || f.state == State::recovering;
  const bool never = f.state == State::off || (f.state == State::enrolling && !f.replaces);
  Sight s{};
  s.state = f.state;
  s.code_required = active;
  s.second_factor_required = required(f, word, rules);
  s.passes_without = never && !s.second_factor_required;
  s.failures = in_a_row(f);
  s.locked = s.failures >= 100;
  for (int lane = 0; lane < 2; ++lane) s.retry_after_s[lane] = std::max<std::int64_t>(0, code_wait(f, lane));
  s.enrolled_at = f.enrolled_at;
  s.last_used_at = f.last_used_at;
  s.recovery_drawn_at = f.drawn_at;
  s.recovery_saved_at = f.saved_at;
  if (get(f.left, "life") > 0) s.deadline = at + get(f.left, "life");
  if (get(f.left, "grant") > 0) s.grant_until = at + get(f.left, "grant");
  if (get(f.left, "ticket") > 0) s.ticket_until = at + get(f.left, "ticket");
  return s;
}

}  // namespace twinlock::model
