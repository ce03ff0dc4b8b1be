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
    "begin_enrollment     host      restart   -         -          grant   ",
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
    "set_policy           operator  operator  operator  operator   operator",
    "confirm_saved        -         -         recovery  recovery   -       ",
    "operator_import      operator  operator  -         -          -       ",
    "operator_restored    operator  operator  operator  operator   operator"};

// spec 2.8: must there be a second factor? A row a word of the host; a column a policy, "when" from a date
// on, "rules" as the configuration says.
const char* const musts[] = {
    //             inherit  optional  required
    "unsaid        rules    no        when    ", "not_required  rules    no        when    ",
    "required      yes      yes       yes     "};

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

// The last word and the present one: `required` by either is enough.
bool required(const Standing& s, HostWord word, const Configured& rules) {
  const HostWord tighter = word == HostWord::required ? word : s.word;
  std::istringstream row(musts[static_cast<std::size_t>(tighter)]);
  std::string cell;
  for (int column = -1; column <= static_cast<int>(s.policy); ++column) row >> cell;
  if (cell == "rules") return rules.required && (rules.date == 0 || rules.date <= s.now);
  return cell == "yes" || (cell == "when" && (s.date == 0 || s.date <= s.now));
}

Expected refused(const Standing& s, Verdict verdict, std::int64_t wait = 0) {
  return {verdict, Notice::none, false, wait, false, false, true, s};
}

Expected done(const Standing& s, State state, Notice notice = Notice::none) {
  Expected e{Verdict::accepted, notice, true, 0, false, false, true, s};
  e.next.state = state;
  return e;
}

void adopt(Standing& s, HostWord word) {
  if (word != HostWord::unsaid) s.word = word;
}

Standing wiped(const Standing& s) {
  Standing n;
  n.policy = s.policy;
  n.date = s.date;
  n.word = s.word;
  n.now = s.now;
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

bool in_window(const Request& q, const Configured& rules) {
  return !q.wrong_code && (rules.strict ? q.offset == 0 : q.offset >= -1 && q.offset <= 1);
}

Expected confirm(const Standing& s, const Request& q, const Configured& rules, std::int64_t steps) {
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
  adopt(e.next, q.word);
  return e;
}

void end_ticket(Standing& s) { s.ticket_codes = 0, s.ticket = 0; }

int in_a_row(const Standing& s) { return s.failures[0] + s.failures[1] + s.failures[2]; }

Expected wrong_code(const Standing& s, std::size_t lane, bool by_ticket) {
  Expected e = refused(s, Verdict::rejected);
  e.write = true;
  e.by_ticket = by_ticket;
  if (by_ticket) {
    e.next.failures[2] += 1;
    e.next.ticket_codes -= 1;
    if (e.next.ticket_codes == 0) end_ticket(e.next);
  } else {
    e.next.failures[lane] += 1;
    e.next.wait[lane] = rest(e.next.failures[lane]);
    e.next.budget += 25920;
  }
  if (in_a_row(e.next) == 10) e.notice = Notice::ten_failures;
  if (in_a_row(e.next) == 100) e.notice = Notice::locked;
  return e;
}

Expected code(const Standing& s, const Request& q, const Configured& rules, std::int64_t steps) {
  const std::size_t lane = q.lane == Lane::known ? 0 : 1;
  if (in_a_row(s) == 100) return refused(s, Verdict::locked);
  const bool by_ticket = q.kind == Kind::verify && s.ticket_codes > 0 && q.ticket == Shown::right;
  const std::int64_t units = lane == 0 ? 100 : 80;
  const std::int64_t wait = std::max({s.wait[lane], s.budget - (units - 1) * 25920, std::int64_t{0}});
  if (wait > 0 && !by_ticket) return refused(s, Verdict::waiting, wait);
  if (!in_window(q, rules) || steps + q.offset <= s.last_step) return wrong_code(s, lane, by_ticket);
  Expected e = q.kind == Kind::disable ? done(wiped(s), State::off, Notice::disabled) : done(s, State::on);
  e.match = true;
  adopt(e.next, q.word);
  if (q.kind == Kind::disable) return e;
  e.by_ticket = by_ticket;
  e.next.last_step = steps + q.offset;
  e.next.life = e.next.failures[0] = e.next.failures[1] = e.next.failures[2] = 0;
  e.next.wait[0] = e.next.wait[1] = 0;
  end_ticket(e.next);
  if (q.kind == Kind::renew_recovery_code) {
    e.notice = Notice::recovery_code_renewed;
    e.next.imported = e.next.saved = false;
  }
  if (s.state == State::recovering) e.notice = Notice::recovery_cancelled;
  return e;
}

// Ten are written, one back in six minutes.
Expected wrong_recovery_code(const Standing& s) {
  Expected e = refused(s, Verdict::rejected);
  e.write = s.recovery <= 3240;
  if (e.write) e.next.recovery += 360;
  return e;
}

Expected by_recovery_code(const Standing& s, const Request& q) {
  if (q.recovery != Shown::right || s.imported) return wrong_recovery_code(s);
  if (q.kind == Kind::confirm_saved) {
    Expected e = done(s, s.state);
    e.next.saved = true;
    return e;
  }
  if (!q.mailable) return refused(s, Verdict::undeliverable);
  const std::int64_t wait = std::min({s.links[0], s.links[1], s.links[2]});
  if (wait > 0) return refused(s, Verdict::waiting, wait);
  Expected e = done(s, State::recovering, Notice::recovery_asked);
  e.next.life = 600;
  *std::min_element(e.next.links, e.next.links + 3) = 3600;
  return e;
}

Expected link(const Standing& s, const Request& q, const Configured& rules) {
  if (!q.link) return refused(s, Verdict::wrong_holder);
  if (q.asker != Shown::right) {
    if (q.recovery == Shown::none) return refused(s, Verdict::proof_needed);
    if (q.recovery == Shown::wrong) return wrong_recovery_code(s);
  }
  return lost(s, required(s, q.word, rules) || rules.replace_after_recovery, Notice::recovery_confirmed);
}

Expected unlock(const Standing& s) {
  if (in_a_row(s) == 100) return refused(s, Verdict::locked);
  Expected e = done(s, s.state, Notice::ticket_issued);
  e.next.ticket_codes = 5;
  e.next.ticket = 1800;
  return e;
}

Expected policy(const Standing& s, const Request& q) {
  Expected e = done(s, s.state);
  e.next.policy = q.policy;
  e.next.date = q.dated ? 1000 : 0;
  e.next.word = HostWord::unsaid;
  return e;
}

Expected import(const Standing& s, std::int64_t steps) {
  if (s.replaces) return refused(s, Verdict::wrong_state);
  Expected e = done(wiped(s), State::on, Notice::imported);
  e.next.imported = true;
  e.next.last_step = steps + 1;
  return e;
}

Expected restored(const Standing& s, std::int64_t steps) {
  Expected e = done(s, s.state);
  if (s.state == State::enrolling) e.next = out_of_enrollment(s);
  if (s.state == State::recovering) e.next.state = State::on, e.next.life = 0;
  end_ticket(e.next);
  e.next.grant = 0;
  if (e.next.state == State::on) e.next.last_step = std::max(s.last_step, steps + 1);
  return e;
}

Expected by_operator(const Standing& s, const Request& q, const Configured& rules, std::int64_t steps) {
  if (q.kind == Kind::operator_reset) return lost(s, q.replace || required(s, q.word, rules), Notice::reset);
  if (q.kind == Kind::set_policy) return policy(s, q);
  if (q.kind == Kind::operator_unlock) return unlock(s);
  if (q.kind == Kind::operator_import) return import(s, steps);
  return restored(s, steps);
}

Expected begin(const Standing& s, const Request& q) {
  if (s.state == State::enrolling && q.id) {
    Expected e = done(s, State::enrolling);
    e.write = false;
    return e;
  }
  const bool replaces = s.state == State::replacing || s.replaces;
  if (replaces && (s.grant == 0 || !q.grant)) return refused(s, Verdict::wrong_holder);
  if (s.begins > 1140) return refused(s, Verdict::waiting, s.begins - 1140);
  Expected e = done(s, State::enrolling);
  e.same_secret = false;
  e.next.replaces = replaces;
  e.next.wrong_confirmations = 0;
  e.next.life = 600;
  e.next.begins += 60;
  adopt(e.next, q.word);
  return e;
}

bool malformed(const Request& q) {
  if (q.letters) return true;
  if (q.kind == Kind::operator_import) return q.key_bytes < 16 || q.key_bytes > 64;
  return q.kind == Kind::set_policy && q.dated && q.policy != Policy::required;
}

}  // namespace

Standing after(Standing s, std::int64_t elapsed) {
  for (std::int64_t* left : {&s.life, &s.grant, &s.ticket, &s.wait[0], &s.wait[1], &s.budget, &s.recovery,
                             &s.begins, &s.links[0], &s.links[1], &s.links[2]})
    *left = std::max<std::int64_t>(0, *left - std::max<std::int64_t>(0, elapsed));
  s.now = elapsed >= -30 && elapsed < 0 ? 0 : elapsed;
  if (s.ticket == 0) s.ticket_codes = 0;
  if (s.state == State::enrolling && s.life == 0) return out_of_enrollment(s);
  if (s.state == State::recovering && s.life == 0) s.state = State::on;
  return s;
}

Expected expected(const Standing& s, const Request& q, const Configured& rules, std::int64_t steps) {
  if (malformed(q)) return refused(s, Verdict::malformed);
  const std::string needed = proof(q.kind, s.state);
  if (needed == "-") return refused(s, Verdict::wrong_state);
  if (q.kind == Kind::disable && required(s, q.word, rules)) return refused(s, Verdict::forbidden);
  if (needed == "host" || needed == "restart" || needed == "grant") return begin(s, q);
  if (needed == "pending") return confirm(s, q, rules, steps);
  if (needed == "id") {
    if (!q.id) return refused(s, Verdict::wrong_holder);
    const Standing back = out_of_enrollment(s);
    return done(back, back.state);
  }
  if (needed == "code") return code(s, q, rules, steps);
  if (needed == "pass") return q.pass || q.by_operator ? done(s, s.state) : refused(s, Verdict::wrong_holder);
  if (needed == "recovery") return by_recovery_code(s, q);
  if (needed == "link") return link(s, q, rules);
  return by_operator(s, q, rules, steps);
}

}  // namespace twinlock::exhaustive
