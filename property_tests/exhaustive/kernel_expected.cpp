// SPDX-License-Identifier: Apache-2.0
#include "property_tests/exhaustive/kernel_expected.hpp"

#include <algorithm>
#include <sstream>
#include <string>

namespace twinlock::exhaustive {

namespace {

// spec 2.2: the proof that an event needs in each state; "-" where it means nothing.
const char* const proofs[] = {
    //                    off       enrolling on        recovering replacing
    "begin_enrollment     host      host      -         -          grant   ",
    "confirm_enrollment   -         pending   -         -          -       ",
    "cancel_enrollment    -         id        -         -          -       ",
    "verify               -         -         code      code       -       ",
    "disable              -         -         code      code       -       ",
    "renew_recovery_code  -         -         code      -          -       ",
    "revoke_passes        -         -         pass      pass       -       ",
    "request_recovery     -         -         recovery  recovery   -       ",
    "confirm_recovery     -         -         -         link       -       ",
    "operator_reset       operator  operator  operator  operator   operator",
    "operator_unlock      -         -         operator  operator   -       ",
    "set_policy           operator  operator  operator  operator   operator"};

// spec 2.4: seconds that a lane rests after its n-th failure in a row.
std::int64_t rest(int failures) {
  const std::int64_t table[] = {0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920};
  return failures < 12 ? table[failures] : 3600;
}

std::string proof(Kind kind, State state) {
  std::istringstream row(proofs[static_cast<std::size_t>(kind)]);
  std::string word;
  for (int column = -1; column <= static_cast<int>(state); ++column) row >> word;
  return word;
}

bool required(const Standing& s, const Rules& rules) {
  return s.policy == Policy::required || (s.policy == Policy::inherit && rules.required);
}

Expected refused(const Standing& s, Verdict verdict, std::int64_t wait = 0) {
  return {verdict, Notice::none, false, wait, false, s};
}

Expected done(const Standing& s, State state, Notice notice = Notice::none) {
  Expected e{Verdict::accepted, notice, true, 0, false, s};
  e.next.state = state;
  return e;
}

Standing wiped(const Standing& s) {
  Standing n;
  n.policy = s.policy;
  return n;
}

Expected lost(const Standing& s, bool replace, Notice notice) {
  Standing n = wiped(s);
  if (replace) n.grant = 1800;
  return done(n, replace ? State::replacing : State::off, notice);
}

Standing out_of_enrollment(Standing s) {
  s.state = s.replaces ? State::replacing : State::off;
  s.replaces = false;
  s.life = s.wrong_confirmations = 0;
  return s;
}

bool in_window(const Request& q, const Rules& rules) {
  return !q.wrong_code && (rules.strict ? q.offset == 0 : q.offset >= -1 && q.offset <= 1);
}

Expected confirm(const Standing& s, const Request& q, const Rules& rules, std::int64_t steps) {
  if (!q.id) return refused(s, Verdict::wrong_holder);
  if (!in_window(q, rules)) {
    Expected e = refused(s, Verdict::rejected);
    e.write = true;
    e.next.wrong_confirmations += 1;
    if (e.next.wrong_confirmations == 10) e.next = out_of_enrollment(e.next);
    return e;
  }
  Expected e = done(wiped(s), State::on, Notice::enabled);
  e.match = true;
  e.next.last_step = steps + q.offset;
  return e;
}

Expected wrong_code(const Standing& s, std::size_t lane) {
  Expected e = refused(s, Verdict::rejected);
  e.write = true;
  e.next.failures[lane] += 1;
  e.next.wait[lane] = rest(e.next.failures[lane]);
  if (s.credit > 0) {
    e.next.credit -= 1;
  } else {
    e.next.budget += 25920;
  }
  const int in_a_row = e.next.failures[0] + e.next.failures[1];
  if (in_a_row == 10) e.notice = Notice::ten_failures;
  if (in_a_row == 100) e.notice = Notice::locked;
  return e;
}

Expected code(const Standing& s, const Request& q, const Rules& rules, std::int64_t steps) {
  const std::size_t lane = q.lane == Lane::known ? 0 : 1;
  if (s.failures[0] + s.failures[1] == 100) return refused(s, Verdict::locked);
  const std::int64_t units = lane == 0 ? 100 : 80;
  const std::int64_t over = s.credit > 0 ? 0 : s.budget - (units - 1) * 25920;
  const std::int64_t wait = std::max({s.wait[lane], over, std::int64_t{0}});
  if (wait > 0) return refused(s, Verdict::waiting, wait);
  if (!in_window(q, rules) || steps + q.offset <= s.last_step) return wrong_code(s, lane);
  Expected e = q.kind == Kind::disable ? done(wiped(s), State::off, Notice::disabled) : done(s, State::on);
  e.match = true;
  if (q.kind == Kind::disable) return e;
  e.next.last_step = steps + q.offset;
  e.next.life = e.next.failures[0] = e.next.failures[1] = 0;
  e.next.wait[0] = e.next.wait[1] = 0;
  if (q.kind == Kind::renew_recovery_code) e.notice = Notice::recovery_code_renewed;
  if (s.state == State::recovering) e.notice = Notice::recovery_cancelled;
  return e;
}

Expected wrong_recovery_code(const Standing& s) {
  Expected e = refused(s, Verdict::rejected);
  e.write = true;
  e.next.recovery += 60;
  return e;
}

Expected ask(const Standing& s, const Request& q) {
  const std::int64_t link = std::min({s.links[0], s.links[1], s.links[2]});
  const std::int64_t wait = std::max({s.recovery - 99 * 60, link, std::int64_t{0}});
  if (wait > 0) return refused(s, Verdict::waiting, wait);
  if (q.recovery != Shown::right) return wrong_recovery_code(s);
  if (!q.mailable) return refused(s, Verdict::undeliverable);
  Expected e = done(s, State::recovering, Notice::recovery_asked);
  e.next.life = 600;
  *std::min_element(e.next.links, e.next.links + 3) = 3600;
  return e;
}

Expected link(const Standing& s, const Request& q, const Rules& rules) {
  if (!q.link) return refused(s, Verdict::wrong_holder);
  if (q.asker != Shown::right) {
    if (s.recovery > 99 * 60) return refused(s, Verdict::waiting, s.recovery - 99 * 60);
    if (q.recovery == Shown::none) return refused(s, Verdict::proof_needed);
    if (q.recovery == Shown::wrong) return wrong_recovery_code(s);
  }
  return lost(s, required(s, rules) || rules.replace_after_recovery, Notice::recovery_confirmed);
}

Expected by_operator(const Standing& s, const Request& q, const Rules& rules) {
  if (q.kind == Kind::operator_reset) return lost(s, q.replace || required(s, rules), Notice::reset);
  Expected e = done(s, s.state);
  if (q.kind == Kind::set_policy) {
    e.next.policy = q.policy;
    return e;
  }
  if (s.failures[0] + s.failures[1] == 100) return refused(s, Verdict::locked);
  e.next.failures[0] = e.next.failures[1] = 0;
  e.next.wait[0] = e.next.wait[1] = 0;
  e.next.credit = 5;
  return e;
}

Expected begin(const Standing& s, const Request& q) {
  const bool replaces = s.state == State::replacing || s.replaces;
  if (replaces && (s.grant == 0 || !q.grant)) return refused(s, Verdict::wrong_holder);
  Expected e = done(s, State::enrolling);
  e.next.replaces = replaces;
  e.next.wrong_confirmations = 0;
  e.next.life = 600;
  return e;
}

}  // namespace

Standing after(Standing s, std::int64_t elapsed) {
  for (std::int64_t* left : {&s.life, &s.grant, &s.wait[0], &s.wait[1], &s.budget, &s.recovery, &s.links[0],
                             &s.links[1], &s.links[2]})
    *left = std::max<std::int64_t>(0, *left - elapsed);
  if (s.state == State::enrolling && s.life == 0) return out_of_enrollment(s);
  if (s.state == State::recovering && s.life == 0) s.state = State::on;
  return s;
}

Expected expected(const Standing& s, const Request& q, const Rules& rules, std::int64_t steps) {
  if (q.letters) return refused(s, Verdict::malformed);
  const std::string needed = proof(q.kind, s.state);
  if (needed == "-") return refused(s, Verdict::wrong_state);
  if (q.kind == Kind::disable && required(s, rules)) return refused(s, Verdict::forbidden);
  if (needed == "host" || needed == "grant") return begin(s, q);
  if (needed == "pending") return confirm(s, q, rules, steps);
  if (needed == "id") {
    if (!q.id) return refused(s, Verdict::wrong_holder);
    const Standing back = out_of_enrollment(s);
    return done(back, back.state);
  }
  if (needed == "code") return code(s, q, rules, steps);
  if (needed == "pass") return q.pass || q.by_operator ? done(s, s.state) : refused(s, Verdict::wrong_holder);
  if (needed == "recovery") return ask(s, q);
  if (needed == "link") return link(s, q, rules);
  return by_operator(s, q, rules);
}

}  // namespace twinlock::exhaustive
